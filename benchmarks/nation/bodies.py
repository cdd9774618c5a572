"""Who reports: the governments of the real divisions, their departments, and the townships; about 145,000 bodies.

Their order is by place, the places shuffled once and for all: the first hundred bodies are whole counties with all
their offices, as those of a whole country are, and a body has the same number whatever is generated.
"""

import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

import pyarrow.parquet as pq

from pipeline import agencies

GOVERNMENT = "government"
LEVELS = ("province", "prefecture", "county", "township")
_TOWNSHIP = "township"


class Body(NamedTuple):
    """A reporting body. `line`: its line of work, or `government`; `itself`: what it calls itself, 我局, 我镇."""

    name: str
    itself: str
    level: str
    line: str
    region_code: str

    @property
    def agency_id(self) -> str:
        """The body's id in the dataset."""
        return self.region_code if self.line == GOVERNMENT else f"{self.region_code}-{self.line}"


@lru_cache(maxsize=1)
def bodies() -> tuple[Body, ...]:
    """Every body, in its order."""
    divisions = _divisions()
    places = [code for code, row in divisions.items() if row["level"] in LEVELS and row["level"] != _TOWNSHIP]
    townships: dict[str, list[str]] = defaultdict(list)
    for code, row in divisions.items():
        if row["level"] == _TOWNSHIP:
            townships[row["parent_code"]].append(code)
    random = Random(2019)
    random.shuffle(places)
    bearers = Counter(divisions[code]["name_zh"] for code in places)
    found: list[Body] = []
    for code in places:
        place = _called(code, divisions, random, alone=bearers[divisions[code]["name_zh"]] == 1)
        found += _of_place(place, divisions[code]["level"], code, random)
        found += [_township(place, divisions[each]["name_zh"], each) for each in townships[code]]
    return tuple(found)


def _divisions() -> dict[str, dict[str, Any]]:
    """The divisions of the state that stand, by code: level, name, and the one they lie in."""
    columns = ["region_code", "parent_code", "level", "kind", "name_zh", "is_current"]
    path = Path(agencies.__file__).with_name("regions.parquet")
    rows = pq.read_table(path, columns=columns, partitioning=None).to_pylist()
    return {row["region_code"]: row for row in rows if row["is_current"] and row["kind"] != "zone"}


def _called(code: str, divisions: dict[str, dict[str, Any]], random: Random, *, alone: bool) -> str:
    """A place as its bodies write it: with the division above, where it does not bear its name alone, or by habit."""
    name, above = divisions[code]["name_zh"], divisions.get(divisions[code]["parent_code"])
    habit = random.random() < 0.5
    if above is None or above["level"] == "central" or (alone and habit and len(name) > 2):
        return str(name)
    return f"{above['name_zh']}{name}"


def _of_place(place: str, level: str, code: str, random: Random) -> Iterator[Body]:
    """The government of a place above townships and its departments."""
    itself = "本机关" if place.endswith("地区") else f"我{place[-1]}"
    yield Body(f"{place}人民政府", itself, level, GOVERNMENT, code)
    for line, names in _departments().items():
        if level in names:
            tail = random.choice(names[level])
            name = tail.format(place=place) if "{place}" in tail else place + tail
            yield Body(name, _of_department(name), level, line, code)


def _of_department(name: str) -> str:
    if name.endswith("委员会"):
        return "我委"
    return "我办" if name.endswith(("办公室", "办公厅")) else f"我{name[-1]}"


def _township(place: str, name: str, code: str) -> Body:
    if name.endswith("街道办"):
        name += "事处"
    elif name.endswith(("街道", "地区")):
        name += "办事处"
    if name.endswith("办事处"):
        return Body(place + name, "我街道", _TOWNSHIP, GOVERNMENT, code)
    itself = f"我{name[-1]}" if name[-1] in "镇乡" else "本机关"
    return Body(f"{place}{name}人民政府", itself, _TOWNSHIP, GOVERNMENT, code)


@lru_cache(maxsize=1)
def _departments() -> dict[str, dict[str, list[str]]]:
    return tomllib.loads(Path(__file__).with_name("bodies.toml").read_text("utf-8"))
