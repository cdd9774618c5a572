"""Decisions on findings: what someone who looked at the report says of a doubt, beside the doubt itself.

A finding's name holds its report, rule, place and both sides, so a decision is on just what was seen. A finding that
is gone, or says something else by now, leaves its decision without an object, and that is said.
"""

from collections.abc import Collection, Sequence

import pyarrow as pa
import pyarrow.compute as pc

from pipeline.tables import FINDINGS
from pipeline.warehouse.amendments import Decision, UnusableEntries

_COLUMNS = ("decision", "decision_comment", "decided_by", "decided_on")


def hold_decisions(decisions: Sequence[Decision], names: Collection[str]) -> None:
    """Raise UnusableEntries when a decision is on none of the findings of its year, whose names are given."""
    problems = [
        f"{decision.place}: no finding of {decision.report_year} is named {decision.finding_id}. It is gone, or says "
        "something else by now: look at the findings of its report, then change the entry or remove it."
        for decision in decisions
        if decision.finding_id not in names
    ]
    if problems:
        raise UnusableEntries(problems)


def decide(findings: pa.Table, decisions: Sequence[Decision]) -> pa.Table:
    """The rows of `findings` with the decisions that are on them."""
    decided = pa.array([decision.finding_id for decision in decisions], pa.string())
    number = pc.index_in(findings["finding_id"], decided)
    for name in _COLUMNS:
        field = FINDINGS.arrow_schema.field(name)
        said = pa.array([getattr(decision, name) for decision in decisions], field.type).take(number)
        findings = findings.set_column(findings.schema.get_field_index(name), field, said)
    return findings


def undismissed(findings: pa.Table) -> pa.Table:
    """The findings that still count: all but those that were dismissed."""
    return findings.filter(pc.fill_null(pc.not_equal(findings["decision"], "dismissed"), True))
