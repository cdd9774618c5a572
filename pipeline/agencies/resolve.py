"""Which body made a report: from clues to an agency, with a score and every clue that speaks for it or against.

The first name that means something gives the candidates: regions that bear it. What else the report says of regions is
laid for and against each of them, and the best is taken where it stands well alone; else the report stays with nobody,
and why is said. A name that two places bear is decided by the county that the report speaks of, never by chance.
"""

from collections.abc import Sequence
from typing import NamedTuple

from pipeline.agencies.evidence import Clue, clue_kinds
from pipeline.agencies.lines import GOVERNMENT, OFFICE, ZONE_ITSELF, Body, body_marked
from pipeline.agencies.names import LEVELS
from pipeline.agencies.regions import Regions
from pipeline.agencies.spelling import TIED, Meaning, full_name, meaning_of, slip_of

ENOUGH, APART = 1.0, 1.0
"""What must speak for a body, less what speaks against it; and by how much it must lead the next."""
ENOUGH_UNNAMED = 2.0
"""What must speak for a region that the body's own name does not give: `财政局`."""
_BESIDE = ("field", "contact")
"""Kinds that name who publishes a report or answers for it: its own body, or one that does so for others."""
_GOVERNING = {"government", "office", "zone"}
_WEAK = ("mention", "phone", "postcode")
"""Kinds that speak against a region only where nothing as near speaks for it."""
_MOST_MENTIONS = 4
_SHOWN = 4


class Evidence(NamedTuple):
    """A clue and what it says of the body that was found, or of the likeliest: `for`, `against` or `nothing`.

    `region_code`: the region it speaks for; None: several, or none.
    """

    kind: str
    text: str
    place: str | None
    region_code: str | None
    says: str


class Resolution(NamedTuple):
    """Whose report it is. `status`: `resolved`, `ambiguous` or `unknown`; only the first has an agency.

    `agency_id` is the region's code, and for all bodies but its government what body of it: `130529-finance`. `score`
    is between 0 and 1. `reason` says why nobody was found.
    """

    status: str
    agency_id: str | None
    region_code: str | None
    name: str | None
    score: float
    reason: str | None
    evidence: tuple[Evidence, ...]


class _Place(NamedTuple):
    """A clue that speaks of regions: those it names, their uppermost level, and its weights."""

    clue: int
    rows: tuple[int, ...]
    level: int
    weight: float
    against: float


class _Candidate(NamedTuple):
    row: int
    total: float
    says: dict[int, str]


def agency_of(agency_id: str, regions: Regions) -> tuple[int, Body] | None:
    """The region and body that an id names, or None where there is no such region or kind of body."""
    parts = agency_id.split("-")
    for length in (2, 1):  # the code of a region that is no more may end in a year: 500110-2011
        code = "-".join(parts[:length])
        row = regions.row(code)
        if row is not None and regions.codes[row] == code:
            if parts[length:]:
                body = body_marked("-".join(parts[length:]))
            else:
                body = ZONE_ITSELF if regions.is_zone[row] else GOVERNMENT
            return (row, body) if body else None
    return None


def resolve(clues: Sequence[Clue], year: int, regions: Regions, given: str | None = None) -> Resolution:
    """Decide whose report of a year it is, from its clues alone.

    `given`: the id that a line of agencies.csv gives it; that settles it, and the clues are only held against it.
    """
    kinds = clue_kinds()
    places = [place for number, clue in enumerate(clues) if (place := _place(number, clue, regions))]
    named = sorted(
        (kinds[clue.kind].order or 0, number) for number, clue in enumerate(clues) if clue.name and clue.kind in kinds
    )
    meanings = {number: _meaning(clues[number], year, regions) for _, number in named}
    if given is not None:
        return _as_given(given, clues, meanings, places, regions)
    first, unread = None, list[str]()
    for _, number in named:
        meaning = meanings[number] or slip_of(clues[number].name or "", year, regions, _counties(places, regions))
        if meaning is not None:
            first, meanings[number] = number, meaning
            break
        unread.append(clues[number].name or "")
    if first is None or (meaning := meanings[first]) is None:
        reason = f"{unread[0]} is no name of a body that is known" if unread else "no name of a body is printed"
        return _nobody("unknown", reason, clues, {}, meanings, regions)
    rows = meaning.rows or _regions_meant(meaning, clues, meanings, places, regions)
    if not rows:
        reason = f"of which region {clues[first].name} is, is not said"
        return _nobody("unknown", reason, clues, {}, meanings, regions)
    candidates = sorted(
        (_weigh(row, meaning.own, first, clues, meanings, places, regions) for row in rows),
        key=lambda candidate: (-candidate.total, candidate.row),
    )
    best, second = candidates[0], candidates[1].total if len(candidates) > 1 else 0.0
    lead = best.total - max(second, 0.0)
    enough = ENOUGH if meaning.rows else ENOUGH_UNNAMED
    doubt = _several(candidates, meaning.body, regions) if best.total < enough or lead < APART else None
    doubt = doubt or _at_odds(best, first, unread, clues, meanings, regions)
    if doubt:
        return _nobody("ambiguous", doubt, clues, best.says, meanings, regions)
    return _somebody(best, meaning.body, round(1 - 2 ** -min(lead, best.total), 3), clues, meanings, regions)


def _at_odds(
    best: _Candidate,
    first: int,
    unread: Sequence[str],
    clues: Sequence[Clue],
    meanings: dict[int, Meaning | None],
    regions: Regions,
) -> str | None:
    """Why a body that leads all others is none the less not told: what else is said is at odds with it."""
    meaning, name = meanings[first], clues[first].name
    assert meaning is not None
    if unread:
        return f"{unread[0]} is named before {name} and is no name of a body that is known"
    for number, other in meanings.items():
        if number == first or other is None or clues[number].kind not in ("title", "signature"):
            continue
        same_region = not other.rows or best.row in other.rows
        if best.says.get(number) == "against" or (same_region and not _are_one(meaning.body, other.body)):
            return f"both {name} and {clues[number].name} are named"
    governs = meaning.body.kind in _GOVERNING and regions.levels[best.row] < LEVELS.index("township")
    called = next((clue.text for clue in clues if clue.kind == "self"), None)
    if governs and clues[first].kind in _BESIDE:
        return f"{name} is only named as its publisher, or to be asked about it"
    if governs and called and clues[first].kind in ("subject", "path"):
        return f"it is not titled or signed by {name}, and calls its body 我{called}"
    against = [clues[n] for n, says in best.says.items() if says == "against" and clues[n].kind not in _WEAK]
    if against and meaning.own < TIED:
        return f"{name} is at odds with {against[0].text}"
    return None


def _are_one(body: Body, other: Body) -> bool:
    """Whether two bodies of a region may sign for each other: a government and its office."""
    return body.mark == other.mark or {body.kind, other.kind} <= _GOVERNING


def _meaning(clue: Clue, year: int, regions: Regions) -> Meaning | None:
    """What a name means as it is written; who publishes a report or answers for it may be a room of its body."""
    meaning = meaning_of(clue.name or "", year, regions)
    if meaning is None or clue.kind not in _BESIDE:
        return meaning
    if meaning.body == OFFICE and all(regions.levels[row] == LEVELS.index("township") for row in meaning.rows):
        return meaning._replace(body=GOVERNMENT)
    return None if meaning.body.own else meaning


def _place(number: int, clue: Clue, regions: Regions) -> _Place | None:
    if not clue.rows:
        return None
    kind = clue_kinds()[clue.kind]
    weight, against = kind.weight, kind.against
    if clue.kind == "mention":
        weight += kind.weight * min(clue.times, _MOST_MENTIONS)
        against *= 1 + min(clue.times, _MOST_MENTIONS)
    return _Place(number, clue.rows, min([regions.levels[row] for row in clue.rows]), weight, against)


def _counties(places: Sequence[_Place], regions: Regions) -> tuple[int, ...]:
    """The counties and cities that a report speaks of."""
    rows = {row for place in places for row in place.rows if regions.levels[row] > LEVELS.index("province")}
    return tuple(sorted(rows))


def _regions_meant(
    meaning: Meaning,
    clues: Sequence[Clue],
    meanings: dict[int, Meaning | None],
    places: Sequence[_Place],
    regions: Regions,
) -> tuple[int, ...]:
    """The regions whose body a name without one may mean: those of the same name in full, else all the report names."""
    for other in meanings.values():
        if other and other.rows and other.body.mark == meaning.body.mark:
            return other.rows
    word = meaning.word or next((clue.text for clue in clues if clue.kind == "level"), None)
    rows = {row for place in places if clues[place.clue].kind not in ("phone", "postcode") for row in place.rows}
    rows |= {row for other in meanings.values() if other for row in other.rows}
    return tuple(sorted(row for row in rows if word is None or regions.names[row].endswith(word)))


def _weigh(
    row: int,
    own: float,
    first: int,
    clues: Sequence[Clue],
    meanings: dict[int, Meaning | None],
    places: Sequence[_Place],
    regions: Regions,
) -> _Candidate:
    """What speaks for a region and against it."""
    grounds = regions.grounds(row)
    total, nearest, says = own, -1, {first: "for"}
    against: list[_Place] = []
    for place in places:
        if not grounds.isdisjoint(place.rows):
            total += place.weight
            nearest = max(nearest, place.level)
            says[place.clue] = "for"
        elif not any(row in regions.grounds(part) for part in place.rows):
            against.append(place)
    for number, other in meanings.items():
        if number == first or other is None or not other.rows:
            continue
        kind = clue_kinds()[clues[number].kind]
        if row in other.rows:
            total += kind.weight if other.own > 0 else 0.0
            says[number] = "for"
        elif not grounds.isdisjoint(other.rows):
            total += kind.weight
            says[number] = "for"
        else:
            total -= kind.against
            says[number] = "against"
    for place in against:
        if clues[place.clue].kind not in _WEAK or place.level > nearest:
            total -= place.against
            says[place.clue] = "against"
    return _Candidate(row, total, says)


def _as_given(
    given: str,
    clues: Sequence[Clue],
    meanings: dict[int, Meaning | None],
    places: Sequence[_Place],
    regions: Regions,
) -> Resolution:
    found = agency_of(given, regions)
    if found is None:
        raise ValueError(f"{given} is no id of an agency")
    row, body = found
    line = next(number for number, clue in enumerate(clues) if clue.kind == "override")
    best = _weigh(row, 0.0, line, clues, meanings, places, regions)
    return _somebody(best, body, 1.0, clues, meanings, regions)


def _somebody(
    best: _Candidate,
    body: Body,
    score: float,
    clues: Sequence[Clue],
    meanings: dict[int, Meaning | None],
    regions: Regions,
) -> Resolution:
    code = regions.codes[best.row]
    agency = f"{code}-{body.mark}" if body.mark else code
    name = full_name(best.row, body, regions)
    return Resolution("resolved", agency, code, name, score, None, _evidence(clues, best.says, meanings, regions))


def _nobody(
    status: str,
    reason: str,
    clues: Sequence[Clue],
    says: dict[int, str],
    meanings: dict[int, Meaning | None],
    regions: Regions,
) -> Resolution:
    return Resolution(status, None, None, None, 0.0, reason, _evidence(clues, says, meanings, regions))


def _several(candidates: Sequence[_Candidate], body: Body, regions: Regions) -> str:
    shown = [f"{regions.codes[each.row]} {full_name(each.row, body, regions)}" for each in candidates[:_SHOWN]]
    more = f" or {len(candidates) - _SHOWN} others" if len(candidates) > _SHOWN else ""
    return f"it may be {' or '.join(shown)}{more}"


def _evidence(
    clues: Sequence[Clue], says: dict[int, str], meanings: dict[int, Meaning | None], regions: Regions
) -> tuple[Evidence, ...]:
    found = []
    for number, clue in enumerate(clues):
        meaning = meanings.get(number)
        rows = meaning.rows if meaning else clue.rows
        code = regions.codes[rows[0]] if len(rows) == 1 else None
        found.append(Evidence(clue.kind, clue.text, clue.place, code, says.get(number, "nothing")))
    return tuple(found)
