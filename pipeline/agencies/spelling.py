"""What a body's name may mean: a chain of regions, and a tail that says what body of the last of them it is.

`广州市黄埔区人民政府大沙街道办事处` is 广州市 > 黄埔区 > 大沙街道. Regions are looked up, never searched for: a piece
is a name that someone bears within the piece before it. A name that is wrong in one character is only ever sought among
the few places that the rest of the name, or of the report, leaves; and one that is right somewhere else is no slip.
"""

import re
from collections.abc import Collection, Iterator
from functools import lru_cache
from typing import NamedTuple

from rapidfuzz.distance import Levenshtein

from pipeline.agencies import names
from pipeline.agencies.lines import CENTRAL, GOVERNMENT, OFFICE, ZONE_ITSELF, Body, body_of, is_town, load_lines
from pipeline.agencies.names import LEVELS
from pipeline.agencies.regions import Regions

TOWNS_KNOWN_SINCE = 2015
"""Lists of townships begin here: before, a name that is one place's alone may have been others', too."""
TIED, ALONE, KNOWN_TOWN, SLIP = 3.0, 3.0, 1.0, 2.0
"""How much a name says for its region by itself: with the region it lies in; as the only county of its name; as the
only township of its name; with the region it lies in, and a slip in one of them."""
_LONGEST = 20
_TOWNSHIP = LEVELS.index("township")
_OTHER_KIND = re.compile(r"(?P<kind>乡|镇|街道|苏木|县|市|区|旗|州|盟)(?P<rest>.*)")
_TOO_SHORT = 5
"""A department's name shorter than this and wrong in a character may be another's: 林业局 and 农业局 differ in one."""
_TOWN_KINDS = ("乡", "镇", "街道", "苏木")
_PREFIX = re.compile(r"(?P<prefix>[\u4e00-\u9fff]{1,11}?[省市县区旗州盟])(?P<rest>.+)")
_LEVEL_WORD = re.compile(r"(?:本|我)?(?P<word>[省市县区旗州盟])(?P<rest>.*)")
_NOISE = re.compile(r"\s|^中共|^附件\d*")


class Meaning(NamedTuple):
    """What a name may mean: a body, and the regions it may be of; `own` is how much the name says for them by itself.

    Without regions the report must say of which one; `word` is the level that the name gives (县财政局).
    """

    body: Body
    rows: tuple[int, ...] = ()
    own: float = 0.0
    word: str | None = None


class _Chain(NamedTuple):
    """Regions one within the other at the beginning of a name: those the last piece may be, and where it ends."""

    end: int
    rows: tuple[int, ...]
    whole: bool
    depth: int


def meaning_of(name: str, year: int, regions: Regions) -> Meaning | None:
    """What a name means as it is written; None: nothing that is known."""
    text = _NOISE.sub("", name)
    if text.startswith(CENTRAL):
        head = next((head for head in load_lines().heads if text.startswith(head) and len(text) > len(head)), None)
        if head is None:
            return _central(text, regions)
        text = text.removeprefix(head)
    best: tuple[tuple[bool, int, bool], Meaning] | None = None
    for chain in _chains(text, 0, (), year, regions):
        meaning = _read(text, chain, year, regions)
        if meaning is not None:
            rank = (meaning.body.own is None, chain.depth, chain.whole)
            if best is None or rank > best[0]:
                best = rank, meaning
    return _line_slip(best[1]) if best else _without_region(text, regions)


def slip_of(name: str, year: int, regions: Regions, places: Collection[int]) -> Meaning | None:
    """What a name means if a character of it is wrong; `places` are the counties and cities the report speaks of."""
    text = _NOISE.sub("", name)
    chains = sorted(_chains(text, 0, (), year, regions), key=lambda chain: (-chain.depth, -chain.end))
    for chain in chains:
        town = is_town(text[chain.end :])
        if town and (meaning := _town_slip(town, chain.rows, SLIP, regions)):
            return meaning
    for at in (*(chain.end for chain in chains), 0):
        for split in _splits(text[at:]):
            meaning = meaning_of(split[1], year, regions)
            if meaning is None:
                continue
            near = [row for row in meaning.rows if _lies_in_one_like(row, split[0], regions)]
            if near:
                return meaning._replace(rows=tuple(near), own=SLIP if len(near) == 1 else 0.0)
            if not meaning.rows and meaning.word is None:
                like = tuple(row for row in places if _is_like(regions.names[row], split[0]))
                return meaning._replace(rows=like) if like else None
    town = is_town(text)
    return _town_slip(town, places, 0.0, regions) if town else None


def full_name(row: int, body: Body, regions: Regions) -> str:
    """A body's name in full: with the region above, where the name of its own is likely to be others', too."""
    name, level = regions.names[row], LEVELS[regions.levels[row]]
    if level == "central":
        return body.name
    above = regions.parents[row]
    if (level == "township" or name.endswith("区")) and regions.levels[above] > 0:
        name = regions.names[above] + name
    if body.kind == "zone" and not body.own:
        return name
    if body == GOVERNMENT and name.endswith("街道"):
        return f"{name}办事处"
    return name + body.name


def _chains(
    text: str, at: int, within: tuple[int, ...], year: int, regions: Regions, depth: int = 1
) -> Iterator[_Chain]:
    whole, known = False, regions.known_names
    for end in range(min(len(text), at + _LONGEST), at + 1, -1):
        found = regions.bearers(text[at:end], year, within) if text[at:end] in known else None
        if found and (found[0][1] or not whole):  # 河北 is no name of its own where 河北省 is written
            rows, whole = tuple(row for row, _ in found), whole or found[0][1]
            yield _Chain(end, rows, found[0][1], depth)
            after = end + 4 if text.startswith("人民政府", end) else end
            if after + 1 < len(text):
                yield from _chains(text, after, rows, year, regions, depth + 1)


def _read(text: str, chain: _Chain, year: int, regions: Regions) -> Meaning | None:
    """The body that the rest of a name says, and how sure the chain before it is."""
    tail, other_kind = text[chain.end :], False
    if body_of(tail) is None and (chain.whole or not _OTHER_KIND.fullmatch(tail)):
        return None
    rows = tuple(dict.fromkeys(_body_of_twins(row, regions) for row in chain.rows))
    towns = [regions.levels[row] == _TOWNSHIP for row in rows]
    if any(towns) and not all(towns):
        rows = tuple(row for row, town in zip(rows, towns, strict=True) if not town) if tail else rows
        towns = [regions.levels[row] == _TOWNSHIP for row in rows]
    body = body_of(tail, town=all(towns))
    if body is None and not chain.whole and (match := _OTHER_KIND.fullmatch(tail)):
        wanted = match["kind"] in _TOWN_KINDS
        rows = tuple(row for row in rows if (regions.levels[row] == _TOWNSHIP) == wanted)
        body, other_kind = body_of(match["rest"], town=wanted), True
    if body is None or not rows or (not chain.whole and body.own and (body.kind != "zone" or all(towns))):
        return None
    if body == GOVERNMENT and all(regions.is_zone[row] for row in rows):
        body = ZONE_ITSELF
    if body.kind == "zone" and body.own and len(rows) == 1:
        zones = {part for name, part in regions.parts(rows[0]) if regions.is_zone[part] and name.endswith(body.own)}
        if len(zones) == 1:
            return Meaning(ZONE_ITSELF, tuple(zones), _own(rows, chain, body, year, regions, other_kind=other_kind))
    return Meaning(body, rows, _own(rows, chain, body, year, regions, other_kind=other_kind))


def _line_slip(meaning: Meaning) -> Meaning:
    """A department whose name is a line's with a character wrong: that line's, or, if it is too short, nobody's."""
    body = meaning.body
    like = load_lines().resembling(body.name) if body.kind == "department" and body.line is None else None
    if not like:
        return meaning
    if len(like) > 1 or len(body.name) < _TOO_SHORT:
        return meaning._replace(own=-TIED)
    line = load_lines().lines[like.pop()]
    return Meaning(Body(line.kind, line.code, None, line.zh), meaning.rows, meaning.own - 1)


def _body_of_twins(row: int, regions: Regions) -> int:
    """The upper of two regions that stand for one body: a zone listed again as its own only part."""
    above = regions.parents[row]
    twins = regions.names[row] == regions.names[above] or (regions.is_zone[row] and regions.is_zone[above])
    return above if twins else row


def _own(rows: tuple[int, ...], chain: _Chain, body: Body, year: int, regions: Regions, *, other_kind: bool) -> float:
    if len(rows) > 1 or (other_kind and chain.depth == 1):
        return 0.0
    named = chain.whole or (body.kind in ("government", "office") and bool(body.name))
    if chain.depth > 1:
        return TIED if chain.whole or (named and not other_kind) else KNOWN_TOWN
    if not chain.whole:
        return 0.0
    if regions.levels[rows[0]] < _TOWNSHIP:
        return ALONE
    return KNOWN_TOWN if year >= TOWNS_KNOWN_SINCE else 0.0


def _without_region(text: str, regions: Regions) -> Meaning | None:
    """A body of a region that the name does not give: `财政局`, `县人民政府`; of the country a `财政部`.

    Offices of a line (应急管理办公室) are rooms of a township as often as departments of a county.
    """
    body = body_of(text)
    if body and body.line and text.endswith(("部", "署")):
        return _central(text, regions)
    if body and body.line and not text.endswith(("办公室", "办")):
        return Meaning(body)
    match = _LEVEL_WORD.fullmatch(text)
    body = body_of(match["rest"]) if match else None
    return Meaning(body, word=match["word"]) if match and body and body.own is None and match["rest"] else None


def _central(text: str, regions: Regions) -> Meaning | None:
    """A body of the country: one of the State Council, whose names give no region."""
    country = regions.row("000000")
    assert country is not None
    if text == "国务院办公厅":
        return Meaning(OFFICE._replace(name=text), (country,), ALONE)
    if text.endswith(("局", "部", "委员会", "署", "会", "办公室", "银行", "院")):
        body = body_of(text) if text.endswith(("部", "署")) else None
        return Meaning(body if body and body.line else Body("department", None, text, text), (country,), ALONE)
    return None


def _splits(text: str) -> Iterator[tuple[str, str]]:
    """A name cut behind each of its first characters that may end a region's name."""
    for match in re.finditer("[省市县区旗州盟]", text[1:12]):
        end = match.end() + 1
        if end < len(text):
            yield text[:end], text[end:]


def _lies_in_one_like(row: int, name: str, regions: Regions) -> bool:
    return any(_is_like(regions.names[ground], name) for ground in regions.grounds(row) if ground != row)


def _is_like(name: str, written: str) -> bool:
    return len(name) > 2 and Levenshtein.distance(name, written, score_cutoff=1) <= 1


def _town_slip(town: str, within: Collection[int], own: float, regions: Regions) -> Meaning | None:
    """The one township of a region whose name differs from this one in a character."""
    if _is_somewhere(town, regions):
        return None
    found = {
        row
        for region in within
        for name, row in regions.parts(region)
        if regions.levels[row] == _TOWNSHIP and Levenshtein.distance(name, town, score_cutoff=1) == 1
    }
    return Meaning(GOVERNMENT, tuple(sorted(found)), own if len(found) == 1 else 0.0) if found else None


@lru_cache(maxsize=4096)
def _stem(town: str) -> str:
    return names.stem(town, "township")


def _is_somewhere(town: str, regions: Regions) -> bool:
    return any(regions.bearers(name, TOWNS_KNOWN_SINCE) for name in {town, _stem(town)})
