"""The same assets without a Dagster instance: what `gongkai build` runs.

Years of which there is nothing are passed over. A year whose tables are already staged from just these files,
corrections, decisions and code is left alone. Its reports are held against those of the year before, so it is made
again when that year changed, and years are made in order.
"""

import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import dagster as dg

from assets.folders import Folders
from assets.jobs import all_assets, once_assets, yearly_assets
from assets.releases import release_diff
from assets.tables import warehouse as warehouse_asset
from pipeline.progress import track
from pipeline.warehouse import source_of, years_to_make

_OUR_OWN = r"^pipeline\.[\w.]+: "
"""The class before the message of an error of this project: the message is a sentence and needs none."""
_QUIET = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}


class BuildFailed(RuntimeError):
    """A step failed; the published warehouse is as it was."""


class Built(NamedTuple):
    """What a build did: the years it made, the files of the warehouse it changed."""

    years: list[int]
    changed: list[str]


def build(
    raw: Path | str, warehouse: Path | str, processes: int = 0, *, cluster: str = "", anew: bool = False
) -> Built:
    """Materialize everything that is not up to date, and publish it; `processes` do the work, 0 for all cores.

    `cluster`: the workers of the dask scheduler at this address do it. `anew`: make everything, whatever is up to date.

    Raises FileNotFoundError when there is no raw folder, ClusterUnfit when a worker cannot do the work, UnusableEntries
    when corrections or decisions are badly written, BuildFailed when a step fails.
    """
    folders = Folders(raw=str(raw), warehouse=str(warehouse), processes=processes, cluster=cluster, anew=anew)
    with folders.listed() as inventory, _quiet(), dg.DagsterInstance.ephemeral() as instance:
        amendments, lake = folders.amendments(), folders.lake
        sources = {year: source_of(inventory, amendments, year) for year in years_to_make(inventory, amendments, lake)}
        stale = [year for year, source in sources.items() if anew or not lake.is_current(year, source)]
        files = {year: len(inventory.of(year)) for year in stale}
        for year in track(stale, "building the years", sum(files.values()), lambda year: files[year]):
            _run(instance, folders, yearly_assets, partition_key=str(year))
        _run(instance, folders, once_assets)
        result = _run(instance, folders, [warehouse_asset])
        published = result.asset_materializations_for_node("warehouse")[0].metadata["changed"]
        assert isinstance(published, dg.JsonMetadataValue)
        changed = [str(path) for path in published.data or ()]
        if changed:
            _run(instance, folders, [release_diff])
    return Built(stale, changed)


def _run(
    instance: dg.DagsterInstance, folders: Folders, assets: list[dg.AssetsDefinition], partition_key: str | None = None
) -> dg.ExecuteInProcessResult:
    result = dg.materialize(
        all_assets,
        selection=dg.AssetSelection.assets(*assets),
        resources={"folders": folders},
        instance=instance,
        partition_key=partition_key,
        run_config=_QUIET,
        raise_on_error=False,
    )
    if not result.success:
        failed = [event for event in result.all_events if event.is_step_failure]
        reasons = "\n".join(f"{event.step_key}: {_cause(event)}" for event in failed)
        raise BuildFailed(
            f"The build of {partition_key or 'the warehouse'} failed; what is published stays as it was.\n{reasons}"
        )
    return result


def _cause(event: dg.DagsterEvent) -> str:
    error = event.step_failure_data.error
    while error is not None and error.cause is not None and not re.match(_OUR_OWN, error.message):
        error = error.cause
    return re.sub(_OUR_OWN, "", error.message.strip()) if error else "unknown"


@contextmanager
def _quiet() -> Iterator[None]:
    """Dagster's own log lines are for its UI; the command prints its own."""
    logger = logging.getLogger("dagster")
    level = logger.level
    logger.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        logger.setLevel(level)
