"""What happens without a hand: new files become a new warehouse.

A sensor asks for the years whose files changed, a schedule looks again in the reporting season and monthly else; the
warehouse follows when anything it is made of was made, and after it what the release changed. Reports are due on
31 January (departments) and 31 March (governments) of the year after.
"""

import json
from collections.abc import Iterator

import dagster as dg

from assets.folders import Folders
from assets.jobs import once_job, yearly_job
from assets.partitions import REPORTING_TIME, report_years
from assets.releases import release_diff
from assets.tables import agencies, expected_reports, warehouse
from pipeline.warehouse import source_of

UNPLACED = "unplaced"
"""Stands in the sensor's cursor for the files that lie in no year's folder, and who is expected to report."""


@dg.sensor(
    jobs=[yearly_job, once_job],
    minimum_interval_seconds=60,
    default_status=dg.DefaultSensorStatus.RUNNING,
)
def new_files(context: dg.SensorEvaluationContext, folders: Folders) -> dg.SensorResult | dg.SkipReason:
    """Asks for the report years whose files, corrections or decisions changed; the cursor holds what it asked for.

    With a year the one after it, whose reports are held against it. No run keys: a file added and taken away again
    leaves the fingerprint of before, and that must run again.
    """
    inventory, amendments = folders.inventory(), folders.amendments()
    keys = report_years.get_partition_keys()
    now = {key: source_of(inventory, amendments, int(key)) for key in keys}
    now[UNPLACED] = f"{inventory.fingerprint(None)}-{amendments.source_of_expected()}"
    before: dict[str, str] = json.loads(context.cursor or "{}")
    changed = [key for key in now if before.get(key) != now[key]]
    if not changed:
        return dg.SkipReason("No file, correction or decision of any report year has changed.")
    requests = [
        dg.RunRequest(job_name=once_job.name)
        if key == UNPLACED
        else dg.RunRequest(job_name=yearly_job.name, partition_key=key)
        for key in changed
    ]
    return dg.SensorResult(run_requests=requests, cursor=json.dumps(now))


@dg.schedule(
    job=yearly_job,
    cron_schedule=["0 5 * 1-4 *", "0 5 1 5-12 *"],
    execution_timezone=REPORTING_TIME,
    default_status=dg.DefaultScheduleStatus.RUNNING,
)
def reporting_season(context: dg.ScheduleEvaluationContext) -> Iterator[dg.RunRequest]:
    """The last report year, every day from January to April and on the first of the month else."""
    yield dg.RunRequest(partition_key=report_years.get_partition_keys(context.scheduled_execution_time)[-1])


warehouse_follows = dg.AutomationConditionSensorDefinition(
    "warehouse_follows",
    target=dg.AssetSelection.assets(agencies, expected_reports, warehouse, release_diff),
    default_status=dg.DefaultSensorStatus.RUNNING,
    minimum_interval_seconds=30,
)
