"""The statistics tables of reports before 2019 as data: lists of indicators, not grids of codes. One file a family.

The national table of 2014-2018 is one family, the local tables before it are others; which one a table is, its labels
say. A family's script is that of a `TableForm`, so the one alignment engine finds it; how many figure columns a table
has, and what they are called, stands in its header.
"""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any, Literal

from pipeline.forms.labels import bare, key
from pipeline.forms.loader import Column, FormError, Label, TableForm

STATISTICS = "statistics_2014"
"""The name of the table in the dataset."""
STATISTICS_ZH = "统计表"
"""How its readers call it, for messages."""
ONLY_COLUMN = "统计数"
"""What a single figure column without a name is called."""

_NOTE = re.compile("（[^（）]{3,}）")
_OF_WHICH = re.compile("^其中：")
_NUMBER = re.compile("^(?:（[一二三四]）|[一二三四五六七八九]、|[0-9][.]|[(][0-9]{1,2}[)])")
_AMOUNTS = frozenset({"万元", "元"})


@dataclass(frozen=True)
class Indicator:
    """A row of a table. `repeats` is the row that must be found before this one's label, which stands twice, counts.

    `number` is the running number the table prints beside it; `also` are other wordings of its label; `opens`: it is a
    section of its own, `一、` to `九、`, with a figure.
    """

    code: str
    label: str
    unit: str
    en: str
    family: str
    section: str
    number: int | None = None
    also: tuple[str, ...] = ()
    total: bool = False
    opens: bool = False
    repeats: str | None = None

    @property
    def zh(self) -> str:
        """The label without its number and the notes in it."""
        return _OF_WHICH.sub("", _NUMBER.sub("", _NOTE.sub("", _OF_WHICH.sub("", self.label))))


@dataclass(frozen=True)
class Relation:
    """`left relation sum(right)` over the indicators of a family, in each figure column."""

    rule: str
    left: str
    relation: Literal["=", "<="]
    right: tuple[str, ...]


@dataclass(frozen=True)
class Header:
    """What a table's header may say, as labels are compared: the columns of labels, units, running numbers, remarks.

    `over` are names that may stand above those of several figure columns; `columns` are figure columns that the form
    itself names: spelling -> the name in the dataset.
    """

    label: frozenset[str]
    unit: frozenset[str]
    number: frozenset[str]
    over: frozenset[str]
    remark: frozenset[str]
    columns: dict[str, str]


@dataclass(frozen=True)
class Statistics:
    """A family: its form for alignment, its indicators by code, its header, its units, and its arithmetic."""

    family: str
    document: str
    form: TableForm
    indicators: dict[str, Indicator]
    header: Header
    units: frozenset[str]
    relations: tuple[Relation, ...]


@dataclass(frozen=True)
class StatisticsForms:
    """All families by name, and every indicator of theirs by its code."""

    families: dict[str, Statistics]
    indicators: dict[str, Indicator]

    def family_of(self, indicator: str) -> Statistics:
        """The family that an indicator belongs to."""
        return self.families[self.indicators[indicator].family]


@lru_cache(maxsize=1)
def load_statistics() -> StatisticsForms:
    """Read and check the files of this folder that hold a statistics table; raises FormError with every fault found."""
    sources = {
        file.name: tomllib.loads(file.read_text("utf-8"))
        for file in files("pipeline.forms").iterdir()
        if file.name.endswith(".toml")
    }
    return build_statistics({name: source for name, source in sorted(sources.items()) if "statistics" in source})


def build_statistics(sources: dict[str, dict[str, Any]]) -> StatisticsForms:
    """The families from their parsed files, by file name; raises FormError as `load_statistics` does."""
    faults: list[str] = []
    families = [_family(name, source["statistics"], faults) for name, source in sources.items()]
    indicators: dict[str, Indicator] = {}
    for family in families:
        taken = indicators.keys() & family.indicators.keys()
        faults += [f"{family.family}: {code} is an indicator of another family" for code in sorted(taken)]
        indicators |= family.indicators
    if faults:
        raise FormError("The statistics tables do not fit together:\n" + "\n".join(f"- {fault}" for fault in faults))
    return StatisticsForms({family.family: family for family in families}, indicators)


def _family(name: str, source: dict[str, Any], faults: list[str]) -> Statistics:
    family: str = source["family"]
    indicators: dict[str, Indicator] = {}
    section = ""
    for entry in source["rows"]:
        if "code" not in entry:
            section = entry["group"] if "group" in entry else _below(section, entry["head"])
            continue
        section = entry["label"] if entry.get("opens") else section
        if entry["code"] in indicators:
            faults.append(f"{name}: the indicator {entry['code']} stands twice")
        fields = entry | {"also": tuple(entry.get("also", ()))}
        indicators[entry["code"]] = Indicator(family=family, section=section, **fields)
    relations = tuple(
        Relation(entry["rule"], entry["left"], entry.get("relation", "="), tuple(entry["right"]))
        for entry in source["identities"]
    )
    named = {code for each in relations for code in (each.left, *each.right)}
    named |= {indicator.repeats for indicator in indicators.values() if indicator.repeats}
    faults += [f"{name}: {code} is named, and no indicator" for code in sorted(named - indicators.keys())]
    faults += [f"{name}: {fault}" for fault in _indistinct(indicators)]
    rows: dict[str, tuple[Column, ...]] = {
        code: (Column("value", ONLY_COLUMN, "amount" if indicator.unit in _AMOUNTS else "count", indicator.unit),)
        for code, indicator in indicators.items()
    }
    script = tuple(_label(entry) for entry in source["rows"] if "group" not in entry)
    form = TableForm(STATISTICS, family, "indicator", "column_label", False, script, rows)
    units = frozenset(source["units"])
    return Statistics(family, source["document"], form, indicators, _header(source["header"]), units, relations)


def _below(section: str, head: str) -> str:
    """The section a head opens: `（二）` is a part of the section it stands in."""
    return section if head.startswith("（") else head


def _header(source: dict[str, Any]) -> Header:
    words = {name: frozenset(map(key, source[name])) for name in ("label", "unit", "number", "over", "remark")}
    return Header(**words, columns={key(name): names[0] for names in source["columns"] for name in names})


def _label(entry: dict[str, Any]) -> Label:
    text: str = entry["label"] if "label" in entry else entry["head"]
    return Label("row" if "code" in entry else "head", text, entry.get("code"), frozenset(_spellings(entry)))


def _spellings(entry: dict[str, Any]) -> Iterator[str]:
    """A label's wordings with and without number, `其中`, the note in them, and with the unit behind them."""
    for text in (entry["label"] if "label" in entry else entry["head"], *entry.get("also", ())):
        for spelling in (text, _NOTE.sub("", text)):
            for shown in (spelling, _OF_WHICH.sub("", spelling)):
                for units in {"", entry.get("unit", "")}:
                    yield key(shown + units)
                    yield bare(key(shown + units))


def _indistinct(indicators: dict[str, Indicator]) -> Iterator[str]:
    """Labels that are spelled alike and do not say whose they are."""
    owners: dict[str, Indicator] = {}
    for indicator in indicators.values():
        entry = {"label": indicator.label, "also": indicator.also, "unit": indicator.unit}
        for spelling in sorted(set(_spellings(entry))):
            owner = owners.setdefault(spelling, indicator)
            if owner is not indicator and not (owner.repeats and indicator.repeats):
                yield f"{owner.code} and {indicator.code} cannot be told apart ({spelling})"
