"""The statutory form as data: one file an edition, the codes, the section titles, the variants seen in reports.

Adding an edition, a label or a variant is an edit of the TOML files here and no code. `load()` reads and checks them
once a process; one error names every fault found.
"""

from pipeline.forms.crosswalk import COMPARABLE, CrosswalkLine, Term, load_crosswalk
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
from pipeline.forms.narrative import Part, Subject, Wording, load_wording, terms
from pipeline.forms.statistics import (
    ONLY_COLUMN,
    STATISTICS,
    STATISTICS_ZH,
    Indicator,
    Relation,
    Statistics,
    StatisticsForms,
    load_statistics,
)

__all__ = [
    "COMPARABLE",
    "ONLY_COLUMN",
    "SECTION_TABLES",
    "STATISTICS",
    "STATISTICS_ZH",
    "TABLES",
    "Code",
    "Column",
    "CrosswalkLine",
    "Edition",
    "FormError",
    "Forms",
    "Identity",
    "Indicator",
    "Label",
    "Part",
    "Relation",
    "Section",
    "Statistics",
    "StatisticsForms",
    "Subject",
    "TableForm",
    "Term",
    "Wording",
    "bare",
    "key",
    "load",
    "load_crosswalk",
    "load_statistics",
    "load_wording",
    "simplify",
    "terms",
]
