"""The statutory form as data: one file an edition, the codes, the section titles, the variants seen in reports.

Adding an edition, a label or a variant is an edit of the TOML files here and no code. `load()` reads and checks them
once a process; one error names every fault found.
"""

from pipeline.forms.labels import bare, key, simplify
from pipeline.forms.loader import (
    SECTION_TABLES,
    TABLES,
    Code,
    Column,
    Edition,
    FormError,
    Forms,
    Identity,
    Label,
    Section,
    TableForm,
    load,
)
from pipeline.forms.statistics import STATISTICS, STATISTICS_ZH, Indicator, Statistics, Sum, load_statistics

__all__ = [
    "SECTION_TABLES",
    "STATISTICS",
    "STATISTICS_ZH",
    "TABLES",
    "Code",
    "Column",
    "Edition",
    "FormError",
    "Forms",
    "Identity",
    "Indicator",
    "Label",
    "Section",
    "Statistics",
    "Sum",
    "TableForm",
    "bare",
    "key",
    "load",
    "load_statistics",
    "simplify",
]
