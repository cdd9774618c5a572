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

__all__ = [
    "SECTION_TABLES",
    "TABLES",
    "Code",
    "Column",
    "Edition",
    "FormError",
    "Forms",
    "Identity",
    "Label",
    "Section",
    "TableForm",
    "bare",
    "key",
    "load",
    "simplify",
]
