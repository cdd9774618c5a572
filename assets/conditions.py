"""When an asset is made again by itself, and when it counts as stale."""

from datetime import timedelta

import dagster as dg

follow_changes = (
    dg.AutomationCondition.any_deps_updated().since(
        dg.AutomationCondition.newly_requested() | dg.AutomationCondition.newly_updated()
    )
    & ~dg.AutomationCondition.any_deps_in_progress()
    & ~dg.AutomationCondition.in_progress()
).with_label("something it is made of was made")
"""`eager()` would wait until every report year exists; one changed year is reason enough."""

seen_monthly = dg.FreshnessPolicy.time_window(fail_window=timedelta(days=40), warn_window=timedelta(days=33))
"""The schedule looks at least monthly."""
