"""A step of the pipeline as an asset: its name, what it depends on, its columns and checks all stand in the step.

What belongs here: how a step runs for a report year, and what its materialization tells. A table is staged after its
checks held on the very bytes. Every table names the inventory it goes back to, asked for before its input is read:
should another run replace that input meanwhile, the year does not count as whole and is not published.
"""

from collections.abc import Iterator
from functools import partial

import dagster as dg

from assets.checks import check_results, check_specs
from assets.folders import Folders
from assets.metadata import column_schema, counts_of, landed_schema, rows_of
from assets.partitions import report_years, year_of
from pipeline.progress import SoFar, heard_by
from pipeline.tables import TABLES
from pipeline.warehouse import (
    LANDING,
    HardRuleBroken,
    Maker,
    OnceStep,
    PartStep,
    Record,
    RowStep,
    WholeStep,
    YearStep,
    year_before,
)

Step = PartStep | RowStep | WholeStep | YearStep
Events = Iterator[dg.MaterializeResult | dg.AssetCheckResult]  # type: ignore[type-arg]

_TWO_YEARS = dg.TimeWindowPartitionMapping(start_offset=-1)
"""A year's reports are held against those of the year before."""


def asset_of(step: Step, group: str, description: str | None = None) -> dg.AssetsDefinition:
    """The asset of a step; a published table describes itself."""
    table = TABLES.get(step.table)

    @dg.asset(
        name=step.table,
        description=table.description if table else description,
        group_name=group,
        deps=list(_deps(step)),
        kinds={"parquet"},
        partitions_def=report_years,
        check_specs=check_specs(table) if table else None,
        metadata={"dagster/column_schema": column_schema(table) if table else landed_schema(LANDING[step.table])},
    )
    def made(context: dg.AssetExecutionContext, folders: Folders) -> Events:
        year = year_of(context)
        try:
            with heard_by(partial(_observe, context)):
                record = _run(step, folders, year)
        except HardRuleBroken as broken:
            if table:
                yield from check_results(table, year, broken.found)
            raise
        yield dg.MaterializeResult(metadata=told(step, record))
        if table:
            yield from check_results(table, year, record.verdicts)

    return made


def _observe(context: dg.AssetExecutionContext, so_far: SoFar) -> None:
    """Show how far an asset is while it is made: its latest event says so, and the numbers are drawn over time."""
    numbers = {"done": so_far.done, "of": so_far.total, "a_second": round(so_far.rate, 1)}
    numbers |= {"in_quarantine": so_far.refused, "seconds_left": round(so_far.left or 0)}
    context.log_event(
        dg.AssetObservation(
            context.asset_key,
            description=f"{so_far.what}: {so_far.says}",
            metadata=numbers,
            partition=context.partition_key,
        )
    )


def _deps(step: Step) -> Iterator[dg.AssetDep]:
    two_years = step.reads_before if isinstance(step, YearStep) else ()
    for name in [step.reads] if isinstance(step, RowStep) else step.reads:
        yield dg.AssetDep(name, partition_mapping=_TWO_YEARS if name in two_years else None)


def _run(step: Step, folders: Folders, year: int) -> Record:
    maker: Maker = folders.maker
    if isinstance(step, RowStep):
        return maker.make_rows(step, year, maker.lake.inventory_of(year, step.reads))
    source, amendments = maker.lake.inventory_of(year, step.reads[-1]), folders.amendments()
    if isinstance(step, WholeStep):
        return maker.make_whole(step, year, source)
    if isinstance(step, PartStep):
        source = amendments.source(source, year) if step.is_amended else source
        return maker.make_parts(step, year, source, amendments)
    with year_before(maker, amendments, year, source) as before:
        return maker.make_year(step, year, source, before)


def told(step: Step | OnceStep, record: Record) -> dict[str, dg.MetadataValue]:
    """What a materialization tells: rows, and how often each value of the columns counted occurs."""
    metadata = rows_of(record.rows, partitioned=not isinstance(step, OnceStep))
    for column in step.counted:
        metadata |= counts_of(record.counts(column), column)
    return metadata
