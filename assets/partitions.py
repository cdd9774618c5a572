"""Report years as partitions: from the first year the law asked for reports to the last that has ended in China."""

import dagster as dg

from pipeline.warehouse import FIRST_YEAR

REPORTING_TIME = "Asia/Shanghai"

report_years = dg.TimeWindowPartitionsDefinition(
    start=str(FIRST_YEAR), fmt="%Y", cron_schedule="0 0 1 1 *", timezone=REPORTING_TIME
)


def year_of(context: dg.AssetExecutionContext) -> int:
    """The report year a run is for."""
    return int(context.partition_key)
