"""What the names of divisions are made of: a stem, the peoples of an autonomous place, and a word for the kind.

`孟村回族自治县` is 孟村 + 回族 + 自治县. People write the stem alone as readily as the whole, so names are looked up by
either. The words are data: `kinds.toml`.
"""

import re
import tomllib
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

LEVELS = ("central", "province", "prefecture", "county", "township")
"""The levels of government, from the top."""
ZONE = "zone"
"""The kind of what ends in no word for a division: development zones, farms, ports."""


@dataclass(frozen=True)
class Kind:
    """A kind of division: the words its names end in, the longest first, and what stands behind the name in English.

    `only`: the names that are of this kind, where others end in the same word.
    """

    code: str
    level: str
    suffixes: tuple[str, ...]
    en: str = ""
    only: tuple[str, ...] = ()

    def fits(self, name: str) -> bool:
        """Whether a name of the level is of this kind."""
        return name.endswith(self.suffixes) and (not self.only or name in self.only)


@lru_cache(maxsize=1)
def kinds() -> dict[str, tuple[Kind, ...]]:
    """The kinds of each level, in the order in which they are tried."""
    entries = [
        Kind(e["code"], e["level"], tuple(e["suffixes"]), e.get("en", ""), tuple(e.get("only", ())))
        for e in _source()["kind"]
    ]
    return {level: tuple(kind for kind in entries if kind.level == level) for level in LEVELS}


@lru_cache(maxsize=1)
def peoples() -> dict[str, str]:
    """The peoples as they stand in names -> English, the longest first."""
    found: dict[str, str] = _source()["peoples"]
    return dict(sorted(found.items(), key=lambda item: -len(item[0])))


def kind_of(name: str, level: str) -> Kind | None:
    """The kind that a name of a level ends in; None: it says none."""
    return next((kind for kind in kinds()[level] if kind.fits(name)), None)


def split(name: str, level: str) -> tuple[str, str, str]:
    """Stem, peoples and word of a name: `孟村`, `回族`, `自治县`.

    A stem has two characters at least, so 易县 stays whole, and 东乡族自治县 has the stem 东乡.
    """
    kind = kind_of(name, level)
    word = next((suffix for suffix in kind.suffixes if name.endswith(suffix)), "") if kind else ""
    rest = name.removesuffix(word)
    if word == "族乡":
        rest, word = f"{rest}族", "乡"
    people = _peoples_at_end(autonomous=word.startswith("自治")).search(rest)
    if people and len(rest[: people.start()]) > 1:
        return rest[: people.start()], people.group(), word
    rest = rest.removesuffix("族") if people else rest
    return (rest, "", word) if len(rest) > 1 else (name, "", "")


def stem(name: str, level: str) -> str:
    """A name of a level without its peoples and its word: what people call the place."""
    return split(name, level)[0]


@lru_cache(maxsize=2)
def _peoples_at_end(*, autonomous: bool) -> re.Pattern[str]:
    """One people or more at the end of what stands before the word; without 族 only before 自治."""
    one = "|".join(map(re.escape, peoples()))
    return re.compile(f"(?:(?:{one})族)+$" + (f"|(?:{one})$" if autonomous else ""))


@lru_cache(maxsize=1)
def _source() -> dict[str, Any]:
    return tomllib.loads(files("pipeline.agencies").joinpath("kinds.toml").read_text("utf-8"))
