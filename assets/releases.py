"""What the last release changed: compared after it was published, with what readers saw before."""

import dagster as dg

from assets.conditions import follow_changes
from assets.folders import Folders
from assets.metadata import counts_of
from assets.tables import warehouse
from pipeline.pages.changes import write_release_diff
from pipeline.warehouse import values_of


@dg.asset(group_name="warehouse", deps=[warehouse], kinds={"html"}, automation_condition=follow_changes)
def release_diff(folders: Folders) -> dg.MaterializeResult:  # type: ignore[type-arg]
    """Reports added, removed and replaced by the last release, and every cell that changed, with the reason."""
    with folders.publishing():
        differences = write_release_diff(folders.lake)
    if differences is None:
        return dg.MaterializeResult(metadata={"release": "the first; there is nothing to compare it with"})
    counted = counts_of(values_of(differences.reports, "change"), "reports")
    counted |= counts_of(values_of(differences.cells, "reason"), "cells")
    return dg.MaterializeResult(metadata=counted | {"cells_changed": len(differences.cells)})
