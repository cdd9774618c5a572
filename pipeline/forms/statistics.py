"""The statistics table of 2014-2018 as data: a list of indicators under section heads, not a grid of codes.

Its script is that of a `TableForm`, so the one alignment engine finds it; how many figure columns it has, and what they
are called, is the agency's choice and stands in its header.
"""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

from pipeline.forms.labels import bare, key
from pipeline.forms.loader import Column, FormError, Label, TableForm

STATISTICS = "statistics_2014"
"""The name of the table in the dataset."""
STATISTICS_ZH = "统计表"
"""How its readers call it, for messages."""

_NOTE = re.compile("（[^（）]{3,}）")
_OF_WHICH = re.compile("^其中：")
_AMOUNTS = frozenset({"万元", "元"})


@dataclass(frozen=True)
class Indicator:
    """A row of the table. `repeats` is the row that must be found before this one's label, which stands twice, counts.

    `opens`: it is a section of its own, `一、` to `九、`, with a figure.
    """

    code: str
    label: str
    unit: str
    en: str
    section: str
    total: bool = False
    opens: bool = False
    repeats: str | None = None

    @property
    def zh(self) -> str:
        """The label without its number and the notes in it."""
        return _OF_WHICH.sub("", _NUMBER.sub("", _NOTE.sub("", _OF_WHICH.sub("", self.label))))


_NUMBER = re.compile("^(?:（[一二三四]）|[一二三四五六七八九]、|[0-9][.])")


@dataclass(frozen=True)
class Sum:
    """An indicator is the sum of others."""

    rule: str
    left: str
    right: tuple[str, ...]


@dataclass(frozen=True)
class Statistics:
    """The table: its form for alignment, its indicators by code, what its header may say, and its arithmetic."""

    form: TableForm
    document: str
    indicators: dict[str, Indicator]
    head: frozenset[str]
    column: frozenset[str]
    remark: frozenset[str]
    units: frozenset[str]
    sums: tuple[Sum, ...]

    @property
    def default_column(self) -> str:
        """What a single figure column is called."""
        return "统计数"


@lru_cache(maxsize=1)
def load_statistics() -> Statistics:
    """Read and check `2014.toml`; raises FormError with every fault found."""
    return build_statistics(tomllib.loads(files("pipeline.forms").joinpath("2014.toml").read_text("utf-8")))


def build_statistics(source: dict[str, Any]) -> Statistics:
    """The table from its parsed file; raises FormError as `load_statistics` does."""
    source = source["statistics"]
    indicators: dict[str, Indicator] = {}
    faults: list[str] = []
    section = ""
    for entry in source["rows"]:
        if "head" in entry:
            section = section if entry["head"].startswith("（") else entry["head"]
            continue
        section = entry["label"] if entry.get("opens") else section
        if entry["code"] in indicators:
            faults.append(f"the indicator {entry['code']} stands twice")
        indicators[entry["code"]] = Indicator(section=section, **entry)
    sums = tuple(Sum(entry["rule"], entry["left"], tuple(entry["right"])) for entry in source["identity"])
    named = {code for each in sums for code in (each.left, *each.right)}
    named |= {indicator.repeats for indicator in indicators.values() if indicator.repeats}
    faults += [f"{code} is named, and no indicator" for code in sorted(named - indicators.keys())]
    faults += _indistinct(indicators)
    if faults:
        raise FormError("2014.toml does not fit together:\n" + "\n".join(f"- {fault}" for fault in faults))
    rows: dict[str, tuple[Column, ...]] = {
        code: (Column("value", "统计数", "amount" if indicator.unit in _AMOUNTS else "count", indicator.unit),)
        for code, indicator in indicators.items()
    }
    script = tuple(_label(entry) for entry in source["rows"])
    form = TableForm(STATISTICS, source["edition"], "indicator", "column_label", False, script, rows)
    head, column, remark, units = (frozenset(source[name]) for name in ("head", "column", "remark", "units"))
    return Statistics(form, source["document"], indicators, head, column, remark, units, sums)


def _label(entry: dict[str, Any]) -> Label:
    text: str = entry["label"] if "label" in entry else entry["head"]
    return Label("row" if "code" in entry else "head", text, entry.get("code"), frozenset(_spellings(entry)))


def _spellings(entry: dict[str, Any]) -> Iterator[str]:
    """A label with and without its number, `其中`, the note in it, and with its unit behind it."""
    text: str = entry["label"] if "label" in entry else entry["head"]
    for spelling in (text, _NOTE.sub("", text)):
        for shown in (spelling, _OF_WHICH.sub("", spelling)):
            for units in {"", entry.get("unit", "")}:
                yield key(shown + units)
                yield bare(key(shown + units))


def _indistinct(indicators: dict[str, Indicator]) -> Iterator[str]:
    """Labels that are spelled alike and do not say whose they are."""
    owners: dict[str, Indicator] = {}
    for indicator in indicators.values():
        for spelling in sorted(set(_spellings({"label": indicator.label, "unit": indicator.unit}))):
            owner = owners.setdefault(spelling, indicator)
            if owner is not indicator and not (owner.repeats and indicator.repeats):
                yield f"{owner.code} and {indicator.code} cannot be told apart ({spelling})"
