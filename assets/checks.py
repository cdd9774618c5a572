"""Asset checks, generated from the rules the table registry holds every table to.

They are evaluated on the staged file, before anyone sees it: a broken hard rule fails the asset and nothing is
published; a soft one is a warning beside the data.
"""

from collections.abc import Iterator, Sequence

import dagster as dg

from pipeline.tables import Table
from pipeline.warehouse import Verdict, rule_names


def check_specs(table: Table) -> list[dg.AssetCheckSpec]:
    """The checks of a table's asset."""
    return [
        dg.AssetCheckSpec(
            name, asset=table.name, blocking=blocking, description=f"{name.replace('_', ' ')} ({table.name})"
        )
        for name, blocking in rule_names(table)
    ]


def check_results(table: Table, verdicts: Sequence[Verdict]) -> Iterator[dg.AssetCheckResult]:
    """What the rules said, as Dagster records it."""
    for verdict in verdicts:
        yield dg.AssetCheckResult(
            asset_key=table.name,
            check_name=verdict.rule,
            passed=verdict.passed,
            severity=dg.AssetCheckSeverity.ERROR if verdict.blocking else dg.AssetCheckSeverity.WARN,
            description=verdict.message,
            metadata=dict(verdict.numbers),
        )
