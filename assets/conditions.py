"""When an asset is made again by itself, and when it counts as stale."""

from datetime import timedelta

import dagster as dg

_something_was_made = dg.AutomationCondition.any_deps_match(dg.AutomationCondition.newly_updated()).since(
    dg.AutomationCondition.newly_requested()
)

follow_changes = (
    _something_was_made & ~dg.AutomationCondition.any_deps_in_progress() & ~dg.AutomationCondition.in_progress()
).with_label("something it is made of was made")
"""Once all runs and backfills above have ended, whatever they made.

`eager()` would wait until every report year exists; one changed year is reason enough. And `any_deps_updated()` would
forget what was made between two ticks in which the asset itself was made: only these two bare conditions carry the
time by which `since` tells which came last.
"""

seen_monthly = dg.FreshnessPolicy.time_window(fail_window=timedelta(days=40), warn_window=timedelta(days=33))
"""The schedule looks at least monthly."""
