"""The wording of figures in sentences as data: narrative.toml, read and checked once.

Words have classes; some classes are *parts*, which name rows or columns of a table of the form. A part's cells are
codes, or groups of codes added up, so that nothing here knows which edition has which row.
"""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from itertools import product
from typing import Any, Literal

from pipeline.forms.loader import AXES, TABLES, FormError, load

_CHOICE = re.compile(r"\[([^][()]*)]|\(([^][()]*)\)")
_TERM = re.compile(r"\s*([+-]?)\s*(\w+)")


@dataclass(frozen=True)
class Part:
    """Words that name rows or columns of a table: the meanings they may have, one of which is meant.

    `open`: something else may be meant as well. `rank`: of several parts on one axis the highest is what is counted.
    `within`: the part it belongs to, which beside it only leads up to it. `distinct`: the form's own words, which need
    no subject before them. `stock`: counts what there is on a day, not what came in a year. `yields_to`: the part that
    the table counts where a report states both.
    """

    name: str
    table: str
    axis: Literal["row", "column"]
    cells: tuple[str, ...]
    open: bool = False
    rank: int = 1
    within: str | None = None
    distinct: bool = False
    stock: bool = False
    yields_to: str | None = None


@dataclass(frozen=True)
class Subject:
    """What sentences say about one table: its parts by class, and the classes that change nothing there.

    `usual` are the columns that may be meant where none is named; `cells` those that some edition has.
    """

    table: str
    parts: dict[str, Part]
    neutral: frozenset[str]
    usual: tuple[str, ...]
    cells: frozenset[tuple[str, str]]

    def names_row(self, name: str) -> bool:
        """Whether a class of words names a row of the table."""
        return name in self.parts and self.parts[name].axis == "row"


@dataclass(frozen=True)
class Wording:
    """Every word with its classes, and what the classes mean in each table."""

    words: dict[str, tuple[str, ...]]
    lengths: dict[str, tuple[int, ...]]
    subjects: dict[str, Subject]

    def at(self, text: str, start: int) -> str | None:
        """The longest word that begins at a place of a folded text."""
        for length in self.lengths.get(text[start], ()):
            word = text[start : start + length]
            if word in self.words:
                return word
        return None


@lru_cache(maxsize=1)
def load_wording() -> Wording:
    """Read narrative.toml; raises FormError with every fault: a word of two classes, codes that no table has."""
    return build_wording(tomllib.loads(files("pipeline.forms").joinpath("narrative.toml").read_text("utf-8")))


def build_wording(source: dict[str, Any]) -> Wording:
    """The wording from the parsed file; raises FormError as `load_wording` does."""
    faults: list[str] = []
    words: dict[str, tuple[str, ...]] = {}
    for classes, patterns in source["words"].items():
        _add(words, patterns, tuple(classes.split()), faults)
    subjects = {name: _subject(name, source[name], words, faults) for name in TABLES}
    if faults:
        raise FormError("narrative.toml does not fit:\n" + "\n".join(f"- {fault}" for fault in faults))
    lengths: dict[str, set[int]] = {}
    for word in words:
        lengths.setdefault(word[0], set()).add(len(word))
    return Wording(words, {first: tuple(sorted(sizes, reverse=True)) for first, sizes in lengths.items()}, subjects)


def _subject(table: str, source: dict[str, Any], words: dict[str, tuple[str, ...]], faults: list[str]) -> Subject:
    parts: dict[str, Part] = {}
    for axis in ("row", "column"):
        for name, entry in source[f"{axis}s"].items():
            _add(words, entry.pop("words"), (name,), faults)
            parts[name] = Part(name, table, axis, tuple(entry.pop("cells")), **entry)
            known = _codes(table, axis)
            faults += [
                f"{table}.{name}: {code} is no code and no group of {table}'s {axis}s"
                for cells in parts[name].cells
                for _, code in terms(cells)
                if code not in known
            ]
    cells = frozenset(keys for edition in load().editions.values() for keys in edition.tables[table].keys)
    return Subject(table, parts, frozenset(source["neutral"]), tuple(source["usual"]), cells)


def _codes(table: str, axis: str) -> set[str]:
    forms = load()
    form = next(iter(forms.editions.values())).tables[table]
    codes = forms.codes[AXES[form.row_axis if axis == "row" else form.column_axis]]
    return {*codes, *(code.group for code in codes.values())}


def _add(words: dict[str, tuple[str, ...]], patterns: list[str], classes: tuple[str, ...], faults: list[str]) -> None:
    for word in (word for pattern in patterns for word in written_out(pattern)):
        known = words.setdefault(word, classes)
        faults += [f"the word {word} is both {' '.join(known)} and {' '.join(classes)}"] if known != classes else []


def written_out(pattern: str) -> Iterator[str]:
    """Every word of a pattern: `[a|b]` may be there or not, `(a|b)` must."""
    pieces: list[tuple[str, ...]] = []
    place = 0
    for choice in _CHOICE.finditer(pattern):
        may, must = choice.groups()
        pieces += [(pattern[place : choice.start()],), tuple(must.split("|")) if must else ("", *may.split("|"))]
        place = choice.end()
    for choices in product(*pieces, (pattern[place:],)):
        word = "".join(choices)
        if word:
            yield word


def terms(cells: str) -> Iterator[tuple[int, str]]:
    """A sum of codes as signs and codes: `received_new - carried_out` is +1 and -1."""
    for sign, code in _TERM.findall(cells):
        yield (-1 if sign == "-" else 1), code
