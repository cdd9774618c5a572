"""Everything Dagster loads: the assets in their groups, their resource, jobs, sensors and the schedule."""

import dagster as dg

from assets.automation import new_files, reporting_season, warehouse_follows
from assets.folders import Folders
from assets.jobs import all_assets, once_job, yearly_job

defs = dg.Definitions(
    assets=all_assets,
    resources={"folders": Folders.from_environment()},
    jobs=[yearly_job, once_job],
    sensors=[new_files, warehouse_follows],
    schedules=[reporting_season],
    executor=dg.in_process_executor,
)
