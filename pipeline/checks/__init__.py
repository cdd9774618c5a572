"""What the form's arithmetic and the calendar say about readings: every rule declared once, three-valued.

`rules.toml` holds the rules, the editions of the form hold their identities, `check` counts them over a
batch, and `find` names what is wrong.
"""

from pipeline.checks.findings import Note, check, find
from pipeline.checks.grades import grade
from pipeline.checks.places import cell_keys, cell_place, row_place, table_place
from pipeline.checks.rules import Rule, rules

__all__ = ["Note", "Rule", "cell_keys", "cell_place", "check", "find", "grade", "row_place", "rules", "table_place"]
