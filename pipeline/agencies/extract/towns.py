"""What became of towns and development zones, as far as the lists of single years show it.

No one wrote down what happened to 40,000 towns: from a list to the next a body is taken for the same when its stem
stays within its county, else its code, else its whole name within the prefecture. Years of change are not known, only
the first and the last list a body stands in.
"""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from pathlib import Path

from pipeline.agencies import names
from pipeline.agencies.extract.history import Body, Spell
from pipeline.agencies.extract.lists import TOWN_LISTS, corrections, statistical_counties, towns


@dataclass(frozen=True)
class Entry:
    """An entry of a list: its code, its name and the body it belongs to."""

    code: str
    name: str
    parent: Body


def zone_lives(sources: Path, counties: list[Body]) -> list[Body]:
    """The development zones that the statistical codes count as counties, each under its prefecture."""
    known = {(spell.code, spell.name) for body in counties for spell in body.spells}
    places = {spell.code: body for body in counties for spell in body.spells}
    return follow(
        {
            year: [
                Entry(code, name, places[f"{code[:4]}00"])
                for code, name in statistical_counties(sources, year).items()
                if (code, name) not in known
            ]
            for year in TOWN_LISTS
        },
        "county",
    )


def town_lives(sources: Path, counties: list[Body]) -> list[Body]:
    """The towns, each under the county or zone of its time."""
    homes = {(spell.code, spell.name): body for body in counties for spell in body.spells}
    present = {body.last.code: body for body in counties}
    stand_ins = {code: present[target] for code, target in corrections()["stands_for"].items()}
    lists = {}
    for year in TOWN_LISTS:
        entries = towns(sources, year).items()
        lists[year] = [
            Entry(code, town.name, stand_ins.get(town.county_code) or homes[town.county_code, town.county_name])
            for code, town in entries
        ]
    return follow(lists, "township")


def follow(lists: dict[int, list[Entry]], level: str) -> list[Body]:
    """The bodies of yearly lists, in order of first appearance."""
    bodies: list[Body] = []
    standing: dict[Entry, Body] = {}
    for year, entries in lists.items():
        found = _matches(list(standing), entries, level)
        later = {}
        for entry in entries:
            if entry in found:
                body = standing[found[entry]]
            else:
                body = Body([Spell(entry.code, entry.name, parent=entry.parent)])
                bodies.append(body)
            if (body.last.code, body.last.name) != (entry.code, entry.name):
                body.spells.append(Spell(entry.code, entry.name))
            body.last.parent = entry.parent
            body.last.seen.append(year)
            later[entry] = body
        standing = later
    return bodies


def _matches(before: list[Entry], after: list[Entry], level: str) -> dict[Entry, Entry]:
    """Entry of the later list -> the same body in the earlier one."""
    signs: tuple[Callable[[Entry], Hashable], ...] = (
        lambda entry: (entry.code, entry.name),
        lambda entry: (entry.parent, entry.name),
        lambda entry: (entry.parent, names.stem(entry.name, level)),
        lambda entry: entry.code,
        lambda entry: (entry.code[:4], entry.name),
    )
    found: dict[Entry, Entry] = {}
    for sign in signs:
        taken = set(found.values())
        old = _single((entry for entry in before if entry not in taken), sign)
        new = _single((entry for entry in after if entry not in found), sign)
        found |= {new[key]: old[key] for key in new.keys() & old.keys()}
    return found


def _single(entries: Iterable[Entry], sign: Callable[[Entry], Hashable]) -> dict[Hashable, Entry]:
    """The entries that alone have their sign."""
    groups = defaultdict(list)
    for entry in entries:
        groups[sign(entry)].append(entry)
    return {key: group[0] for key, group in groups.items() if len(group) == 1}
