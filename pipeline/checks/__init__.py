"""What the form's arithmetic and the calendar say about readings: every rule declared once, three-valued.

`rules.toml` holds the rules, the editions of the form hold their identities, `check` counts them over a
batch, and `find` names what is wrong. What they need to know beyond the batch is in `Surroundings`.
"""

from pipeline.checks.findings import Note, check, find
from pipeline.checks.grades import Grade, grade
from pipeline.checks.narrative import judge_narrative
from pipeline.checks.places import cell_keys, cell_place, row_place, table_place
from pipeline.checks.rules import Rule, rules
from pipeline.checks.similarity import find_pairs, narratives
from pipeline.checks.surroundings import NO_PARTNER, Body, Surroundings, Versions, as_earlier

__all__ = [
    "NO_PARTNER",
    "Body",
    "Grade",
    "Note",
    "Rule",
    "Surroundings",
    "Versions",
    "as_earlier",
    "cell_keys",
    "cell_place",
    "check",
    "find",
    "find_pairs",
    "grade",
    "judge_narrative",
    "narratives",
    "row_place",
    "rules",
    "table_place",
]
