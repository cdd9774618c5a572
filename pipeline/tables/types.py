"""The column types of the dataset: one name for each, from pandas to Arrow, Parquet and DuckDB."""

from typing import Annotated

import pandas as pd
import pyarrow as pa

Text = Annotated[pd.ArrowDtype, pa.string()]
Flag = Annotated[pd.ArrowDtype, pa.bool_()]
Year = Annotated[pd.ArrowDtype, pa.int16()]
Count = Annotated[pd.ArrowDtype, pa.int32()]
Whole = Annotated[pd.ArrowDtype, pa.int64()]
Money = Annotated[pd.ArrowDtype, pa.decimal128(20, 6)]
Share = Annotated[pd.ArrowDtype, pa.float64()]
Day = Annotated[pd.ArrowDtype, pa.date32()]

DECIMAL = pa.decimal128(20, 6)
"""The Arrow type of figures that may be sums of money."""
