"""Asset checks, generated from the rules the table registry holds every table to.

They are evaluated on the staged file, before anyone sees it: a broken hard rule fails the asset and nothing is
published; a soft one is a warning beside the data.
"""

from collections.abc import Iterator, Sequence

import dagster as dg

from pipeline.tables import Table
from pipeline.warehouse import Lake, Verdict, rule_names

_MEANINGS = {
    "schema": "Every column holds what is declared: type, allowed values, blanks only where they may be.",
    "key": "The key names every row once.",
    "files_conserved": "Every file of the year is a report or in quarantine.",
    "cells_conserved": "Every cell of every table that was found is a row, blank or not.",
    "rules_hold": "The arithmetic of the form holds in the reports as printed. Where not, the row is kept and says so.",
    "no_errors": "No finding calls for a look before its table is used.",
}


def check_specs(table: Table) -> list[dg.AssetCheckSpec]:
    """The checks of a table's asset."""
    return [
        dg.AssetCheckSpec(name, asset=table.name, blocking=blocking, description=_MEANINGS.get(name))
        for name, blocking in rule_names(table)
    ]


def check_results(table: Table, year: int, verdicts: Sequence[Verdict]) -> Iterator[dg.AssetCheckResult]:
    """What the rules said, as Dagster records it: it keeps no partition of a check, so the year stands in the text."""
    for verdict in verdicts:
        yield dg.AssetCheckResult(
            asset_key=table.name,
            check_name=verdict.rule,
            passed=verdict.passed,
            severity=dg.AssetCheckSeverity.ERROR if verdict.blocking else dg.AssetCheckSeverity.WARN,
            description=f"{year}: {verdict.message}",
            metadata=verdict.numbers,
        )


years_whole = dg.AssetCheckSpec(
    "years_whole",
    asset="warehouse",
    description="No year was left as it was because its last run broke off or is still under way.",
)


def whole_result(lake: Lake) -> dg.AssetCheckResult:
    """Which years could not be published."""
    waiting = sorted(set(lake.years("raw_documents")) - set(lake.whole_years()))
    shown = ", ".join(map(str, waiting))
    return dg.AssetCheckResult(
        check_name=years_whole.name,
        passed=not waiting,
        severity=dg.AssetCheckSeverity.WARN,
        description=f"Left as published before: {shown}. Run them again." if waiting else "Every year is published.",
    )
