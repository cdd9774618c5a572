"""The column types of the dataset: one name for each, from pandas to Arrow, Parquet and DuckDB."""

from typing import Annotated

import pandas as pd
import pyarrow as pa

from pipeline.tables.landing import DECIMAL

Text = Annotated[pd.ArrowDtype, pa.string()]
Flag = Annotated[pd.ArrowDtype, pa.bool_()]
Year = Annotated[pd.ArrowDtype, pa.int16()]
Count = Annotated[pd.ArrowDtype, pa.int32()]
Whole = Annotated[pd.ArrowDtype, pa.int64()]
Money = Annotated[pd.ArrowDtype, DECIMAL]
Share = Annotated[pd.ArrowDtype, pa.float64()]
Day = Annotated[pd.ArrowDtype, pa.date32()]
