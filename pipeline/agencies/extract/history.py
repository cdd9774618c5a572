"""What became of counties and cities: the lists of years, joined into lives by the changes known by hand.

The changes decide; the lists are held against them. A body keeps its identity through new names and codes.
"""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib.resources import files
from typing import Any

from pipeline.agencies.extract.lists import LATEST

FIRST = 2008


@dataclass(eq=False)
class Spell:
    """A time in which a body had one code and one name; None: since before, or until after, what is known.

    `seen` are the years of the lists it stands in.
    """

    code: str
    name: str
    since: int | None = None
    until: int | None = None
    parent: "Body | None" = None
    seen: list[int] = field(default_factory=list)


@dataclass(eq=False)
class Body:
    """A body through time: its spells in order, and the body that took over most of its land."""

    spells: list[Spell]
    successor: "Body | None" = None

    @property
    def seen(self) -> list[int]:
        """The years of the lists it stands in."""
        return [year for spell in self.spells for year in spell.seen]

    @property
    def last(self) -> Spell:
        """Its last, or present, code and name."""
        return self.spells[-1]


class HistoryError(ValueError):
    """Changes and lists do not fit together; the message names each case."""


def lives(lists: dict[int, dict[str, str]], statistical: dict[int, dict[str, str]]) -> list[Body]:
    """Every body of the lists with its spells; raises HistoryError when the changes do not explain the lists.

    The statistical lists of the years between vouch for the same bodies; what they alone have is no division.
    """
    changes = tomllib.loads(files("pipeline.agencies.extract").joinpath("changes.toml").read_text("utf-8"))
    ever = {(code, name) for codes in lists.values() for code, name in codes.items()}
    standing = {code: Body([Spell(code, name)]) for code, name in lists[FIRST].items()}
    bodies = list(standing.values())
    faults: list[str] = []
    for year, change in sorted((int(year), change) for year, change in changes.items()):
        if year > LATEST:
            faults += _differences(standing, lists[LATEST])
        bodies += _apply(change, year, standing, ever, faults)
    faults += _contradictions(bodies, lists, every=True)
    faults += _contradictions(bodies, statistical, every=False)
    if faults:
        raise HistoryError("\n".join(faults))
    return bodies


def _apply(
    change: dict[str, Any], year: int, standing: dict[str, Body], ever: set[tuple[str, str]], faults: list[str]
) -> list[Body]:
    """Let the changes of a year happen to the bodies that stand; the bodies that begin."""
    moved: dict[str, str] = dict(change.get("continues", {}))
    moved |= _followers(moved, standing, ever)
    ended = {entry: _take(standing, entry, year, faults) for entry in change.get("ends", {})}
    going_on = [(_take(standing, old, year, faults), new.split()) for old, new in moved.items()]
    for body, (code, name) in going_on:
        body.spells.append(Spell(code, name, year))
        _place(standing, body, year, faults)
    begun = [Body([Spell(code, name, year)]) for code, name in map(str.split, change.get("begins", []))]
    for body in begun:
        _place(standing, body, year, faults)
    for entry, body in ended.items():
        code, name = change["ends"][entry][0].split()
        body.successor = standing.get(code)
        if body.successor is None or body.successor.last.name != name:
            faults.append(f"{year}: the successor of {entry}, {code} {name}, does not stand")
    return begun


def _take(standing: dict[str, Body], entry: str, year: int, faults: list[str]) -> Body:
    """Take away the body that an entry names: its spell ends."""
    code, name = entry.split()
    body = standing.pop(code, None)
    if body is None or body.last.name != name:
        faults.append(f"{year}: {entry} does not stand, but {body and body.last.name}")
    body = body or Body([Spell(code, name)])
    body.last.until = year
    return body


def _place(standing: dict[str, Body], body: Body, year: int, faults: list[str]) -> None:
    code = body.last.code
    if code in standing:
        faults.append(f"{year}: {code} {body.last.name} has the code of {standing[code].last.name}")
    standing[code] = body


def _followers(moved: dict[str, str], standing: dict[str, Body], ever: set[tuple[str, str]]) -> dict[str, str]:
    """The counties that get new codes with their prefecture: those that a list shows with the same name under it."""
    codes = {old[:4]: new[:4] for old, new in moved.items() if old[4:6] == "00" and old[:6] != new[:6]}
    found: dict[str, str] = {}
    for code, body in standing.items():
        old, new = f"{code} {body.last.name}", codes.get(code[:4])
        if new and old not in moved:
            target = next((c for c, name in sorted(ever) if c.startswith(new) and name == body.last.name), None)
            if target:
                found[old] = f"{target} {body.last.name}"
    return found


def _differences(standing: dict[str, Body], listed: dict[str, str]) -> Iterator[str]:
    """Where the bodies that the changes leave and the latest list differ."""
    left = {(code, body.last.name) for code, body in standing.items()}
    for code, name in sorted(left ^ set(listed.items())):
        yield f"{code} {name} stands {'in the list' if (code, name) in set(listed.items()) else 'by the changes'} alone"


def _contradictions(bodies: list[Body], lists: dict[int, dict[str, str]], *, every: bool) -> Iterator[str]:
    """Listed names that the changes do not know in that year; the others are marked as seen.

    Lists lag: a year either way is let pass. Without `every`, names that are in no change are let pass, too.
    """
    spells = {(spell.code, spell.name): spell for body in bodies for spell in body.spells}
    for year, codes in lists.items():
        for entry in codes.items():
            spell = spells.get(entry)
            if spell is None:
                if every:
                    yield f"{' '.join(entry)} is in the list of {year} and in no change"
            elif year < (spell.since or 0) - 1 or year > (spell.until or 9999) + 1:
                yield f"{' '.join(entry)} is in the list of {year}, but stood from {spell.since} to {spell.until}"
            else:
                spell.seen.append(year)
