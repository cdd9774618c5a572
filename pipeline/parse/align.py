"""The one alignment engine: which cells of a document are which labels of a form.

A table's script is the list of its labels in reading order, and a document that holds the table holds most of those
labels in that order. So alignment is a longest common chain:

1. *Exact*: every cell, alone or joined with the words that follow it, is looked up among the spellings of the labels.
2. *Chain*: of all these hits, the heaviest run that goes forward in the document and in the script at once. A label
   quoted in the prose, a heading printed twice, a header repeated on each page fall out of it by themselves.
3. *Near*: between two labels of the chain only the labels that the script has between them can stand. A piece of words
   there is one of them if it begins it, contains it, or resembles it more than any neighbour by a clear margin.

Nothing here depends on a layout: readers divide a source into cells, and this file names them.
"""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate, pairwise
from string import digits
from typing import NamedTuple

from rapidfuzz import fuzz

from pipeline.forms import Label, TableForm, bare, key
from pipeline.parse.figures import KINDS, read_figure
from pipeline.readers import Cell

MARGIN = 15
"""By how much (0-100) a near label must resemble the printed one more than its neighbours do."""
FLOOR = 35
"""Below this a piece of words resembles nothing, however far the next label is behind."""
MEANINGFUL = 3
"""Fewer letters than this begin too many labels."""
JOIN = 8
"""How many cells a label may be cut into."""
REACH = 60
"""How many cells from its neighbours a label is looked for: two rows of table 3 with all their blanks."""
PROSE = 90
"""A cell of more letters than this is prose: the longest label has 36, with notes inside it rarely 80."""
PROSE_COST = 3
"""What a chain pays for every cell of prose it steps over: a table is not interrupted by paragraphs."""
LEAST = 0.125
"""The share of a script that must be found for figures after it to make a table."""
MOST = 0.5
"""The share of a script that makes a table also without figures."""
EXACT = 101.0
"""The likeness of a label that is spelled as known."""
SURE = 60
"""How like a label must be to count for the edition it belongs to."""
_WEIGHT = {"row": 3, "column": 1, "head": 1}
_NUMBERED = 0.5
"""What a label printed with its number weighs more: `（七）总计` is the row, not the column 总计."""


class Hit(NamedTuple):
    """Cells `start` to `end` (inclusive) are label `position` of a script; `part` orders the labels inside one cell.

    `likeness` (0-100) says how near to it the printed one is; `EXACT`: it is spelled as known.
    """

    start: int
    end: int
    position: int
    part: int = 0
    likeness: float = EXACT

    @property
    def exact(self) -> bool:
        """Whether it is spelled as known."""
        return self.likeness == EXACT


class Words(list[str | None]):
    """What each cell of a document says, as labels are compared: "" for a blank cell, None for a figure."""

    @classmethod
    def of(cls, cells: Sequence[Cell]) -> "Words":
        """The words of the cells of a document."""
        return cls(map(_word, (cell.text for cell in cells)))


@lru_cache(maxsize=8192)
def _word(text: str) -> str | None:
    if not text:
        return ""
    return key(text) if all(read_figure(text, kind).state == "text" for kind in KINDS) else None


@dataclass(frozen=True, slots=True)
class Alignment:
    """A script found in a document.

    `hits` are its labels in order. `starts` are the cells where any label of the table begins, also repeated ones:
    no figure run goes past them; `columns` and `rows` say which of them spell a column or a row. `rests` are second
    halves of labels cut in two. The table lies between `lower` and `upper`, cells that are surely not part of it.
    """

    form: TableForm
    hits: tuple[Hit, ...]
    starts: tuple[int, ...]
    columns: dict[int, str]
    rows: dict[int, str]
    rests: frozenset[int]
    lower: int
    upper: int

    @property
    def span(self) -> range:
        """The cells from the first label to the last."""
        return range(self.hits[0].start, self.hits[-1].end + 1) if self.hits else range(0)

    @property
    def score(self) -> int:
        """How much of the script was surely found: rows count more than headings, faint likeness counts nothing."""
        return sum(_WEIGHT[self.form.script[hit.position].kind] for hit in self.hits if hit.likeness >= SURE)

    @property
    def share(self) -> float:
        """The score as a share of the whole script's."""
        return self.score / sum(_WEIGHT[label.kind] for label in self.form.script)

    def until(self, cell: int) -> int:
        """The first cell after `cell` that begins another label, or the end of the table's ground."""
        place = bisect_right(self.starts, cell)
        return min(self.starts[place], self.upper) if place < len(self.starts) else self.upper


@dataclass(frozen=True, eq=False, slots=True)
class _Spellings:
    """Where in several scripts each spelling stands, and in which of them a word begins as a spelling does.

    A place is the number of a script and a position in it. `beginnings` holds every part of a spelling from its start,
    `openings` the first two letters of all. Told from others by being the same object: that is quick to compare.
    """

    scripts: tuple[tuple[Label, ...], ...]
    places: dict[str, tuple[tuple[int, int], ...]]
    beginnings: dict[str, frozenset[int]]
    openings: dict[str, frozenset[int]]

    @classmethod
    def of(cls, tables: Sequence[TableForm]) -> "_Spellings":
        """The one object for the scripts of some tables."""
        scripts = tuple(table.script for table in tables)
        name = tuple(map(id, scripts))
        if name not in _known_spellings:
            _known_spellings[name] = cls._made(scripts)
        return _known_spellings[name]

    @classmethod
    def _made(cls, scripts: tuple[tuple[Label, ...], ...]) -> "_Spellings":
        places: dict[str, list[tuple[int, int]]] = defaultdict(list)
        beginnings: dict[str, set[int]] = defaultdict(set)
        openings: dict[str, set[int]] = defaultdict(set)
        for number, script in enumerate(scripts):
            for position, label in enumerate(script):
                for spelling in label.keys:
                    places[spelling].append((number, position))
                    openings[spelling[:2]].add(number)
                    for length in range(1, len(spelling)):
                        beginnings[spelling[:length]].add(number)
        return cls(
            scripts,
            {spelling: tuple(found) for spelling, found in places.items()},
            {beginning: frozenset(numbers) for beginning, numbers in beginnings.items()},
            {opening: frozenset(numbers) for opening, numbers in openings.items()},
        )


_known_spellings: dict[tuple[int, ...], _Spellings] = {}
_NOWHERE: frozenset[int] = frozenset()


def align(words: Words, tables: Sequence[TableForm], fences: Collection[int]) -> list[Alignment]:
    """Find each of several tables, given in all its editions, in the words of a document.

    `fences` are cells that belong to no table (section headings). Returns one alignment a form, in the order given;
    its `hits` are empty where nothing of the form was found.
    """
    if not tables:
        return []
    found = _exact(words, _Spellings.of(tables))
    steps = _Steps.of(words, fences)
    chains = [_chain(hits, form.script, words, steps) for hits, form in zip(found, tables, strict=True)]
    best: dict[str, tuple[int, list[Hit]]] = {}
    for form, chain in zip(tables, chains, strict=True):
        weight = sum(_WEIGHT[form.script[hit.position].kind] for hit in chain)
        if weight > best.get(form.name, (0,))[0]:
            best[form.name] = (weight, chain)
    return [
        _complete(words, form, hits, chain, _ground(chain, best, form.name, fences, len(words)))
        for form, hits, chain in zip(tables, found, chains, strict=True)
    ]


def _ground(
    chain: list[Hit], best: dict[str, tuple[int, list[Hit]]], name: str, fences: Collection[int], size: int
) -> tuple[int, int]:
    """The cells between the nearest things on either side of a chain that are no part of its table."""
    if not chain:
        return -1, size
    others = [
        cell for other, (_, hits) in best.items() if other != name for hit in hits for cell in (hit.start, hit.end)
    ]
    others += fences
    lower = max((cell for cell in others if cell < chain[0].start), default=-1)
    upper = min((cell for cell in others if cell > chain[-1].end), default=size)
    return lower, upper


def _complete(words: Words, form: TableForm, found: list[Hit], chain: list[Hit], ground: tuple[int, int]) -> Alignment:
    lower, upper = ground
    if not chain:
        return Alignment(form, (), (), {}, {}, frozenset(), lower, upper)
    occupied = {cell for hit in found for cell in range(hit.start, hit.end + 1)}
    edges = [Hit(lower, lower, -1), *chain, Hit(upper, upper, len(form.script))]
    near = list(_near(words, edges, occupied, form.script))
    hits = sorted([*chain, *near])
    starts = {hit.start for hit in found} | {hit.start for hit in near}
    starts -= {cell for hit in hits for cell in range(hit.start + 1, hit.end + 1)}
    below = min((hit.start for hit in hits if form.script[hit.position].kind == "row"), default=0)
    spelled = {hit.start: form.script[hit.position] for hit in sorted(found, key=lambda hit: _rank(hit, form, below))}
    return Alignment(
        form,
        tuple(hits),
        tuple(sorted(starts)),
        {cell: label.code for cell, label in spelled.items() if label.kind == "column" and label.code},
        {cell: label.code for cell, label in spelled.items() if label.kind == "row" and label.code},
        frozenset(_rests(words, hits, starts, form.script)),
        lower,
        upper,
    )


def _rank(hit: Hit, form: TableForm, below: int) -> bool:
    """Sorts last what a cell that spells two labels is: 其他 and 总计 are columns in the header and rows below it."""
    return (form.script[hit.position].kind == "column") == (hit.start < below)


def _exact(words: Words, spellings: _Spellings) -> list[list[Hit]]:
    """Every cell or run of cells that spells a label, and cells that hold several labels one after the other.

    A list for each script, sorted.
    """
    found: list[list[Hit]] = [[] for _ in spellings.scripts]
    for start, word in enumerate(words):
        if not word or len(word) > PROSE:
            continue
        for script, position, part, likeness in _alone(word, spellings):
            found[script].append(Hit(start, start, position, part, likeness))
        if _begun(word, spellings):
            for script, hit in _joined(words, start, spellings):
                found[script].append(hit)
    return [sorted(hits) for hits in found]


@lru_cache(maxsize=8192)
def _alone(word: str, spellings: _Spellings) -> tuple[tuple[int, int, int, float], ...]:
    """Script, position, part and likeness of every label in a cell of these words."""
    one = ((script, position, 0, likeness) for script, position, likeness in _spelled(word, spellings))
    return *one, *_several(word, spellings)


@lru_cache(maxsize=8192)
def _spelled(word: str, spellings: _Spellings) -> tuple[tuple[int, int, float], ...]:
    """Script and position of every label that a word spells, and how surely."""
    places = {*spellings.places.get(word, ()), *spellings.places.get(bare(word), ())}
    return tuple((script, position, _surety(word, spellings.scripts[script][position])) for script, position in places)


def _surety(word: str, label: Label) -> float:
    """How surely a word that spells a label is it: a short one without its number, or with another, may be anything.

    `其他` is a column, too, and `（六）其他` of one edition is no `3.其他` of the next.
    """
    numbered = key(label.text)
    return SURE - 1 if len(label.key) < MEANINGFUL and label.key != numbered != word else EXACT


@lru_cache(maxsize=8192)
def _begun(word: str, spellings: _Spellings) -> frozenset[int]:
    """The scripts with a label that a word begins."""
    return spellings.beginnings.get(word, _NOWHERE) | spellings.beginnings.get(bare(word), _NOWHERE)


def _joined(words: Words, start: int, spellings: _Spellings) -> Iterator[tuple[int, Hit]]:
    """A label cut into several cells, with blanks but no figures between them."""
    spelling = words[start] or ""
    begun = _begun(spelling, spellings)
    for end in range(start + 1, min(start + JOIN, len(words))):
        word = words[end]
        if not begun or word is None:
            return
        if word:
            spelling += word
            for script, position, likeness in _spelled(spelling, spellings):
                if script in begun:
                    yield script, Hit(start, end, position, 0, likeness)
            begun &= _begun(spelling, spellings)


def _several(word: str, spellings: _Spellings) -> Iterator[tuple[int, int, int, float]]:
    """`三本年度办理结果一予以公开` is two labels in one cell: they fill it without rest, and it is none itself."""
    opened = spellings.openings.get(word[:2], _NOWHERE) | spellings.openings.get(word[:1], _NOWHERE)
    for script in opened:
        for part, spelling in enumerate(_divided(word, script, spellings)):
            places = spellings.places[spelling]
            yield from ((script, position, part, EXACT) for other, position in places if other == script)


def _divided(word: str, script: int, spellings: _Spellings) -> list[str]:
    """The labels of a script that a word consists of, longest first; none where it is one, or cannot be divided."""

    def is_label(part: str) -> bool:
        return any(other == script for other, _ in spellings.places.get(part, ()))

    if is_label(word):
        return []
    cuts: dict[int, list[str]] = {len(word): []}  # where the rest of the word can be divided, last first -> its labels
    for start in range(len(word) - 1, -1, -1):
        end = next((end for end in cuts if is_label(word[start:end])), None)
        if end is not None:
            cuts[start] = [word[start:end], *cuts[end]]
    return cuts.get(0, [])


class _Steps(NamedTuple):
    """What a chain steps over: how many cells of prose, and how many fences, stand before each cell of a document."""

    prose: list[int]
    fences: list[int]

    @classmethod
    def of(cls, words: Words, fences: Collection[int]) -> "_Steps":
        """The steps in the words of a document."""
        is_prose = (len(word or "") > PROSE for word in words)
        is_fence = map(frozenset(fences).__contains__, range(len(words)))
        return cls([*accumulate(is_prose, initial=0)], [*accumulate(is_fence, initial=0)])


def _chain(hits: list[Hit], script: tuple[Label, ...], words: Words, steps: _Steps) -> list[Hit]:
    """The heaviest run of hits that goes forward in document and script; of equals the one that stands closest.

    Prose stepped over costs weight, so a label quoted pages before the table does not become part of it; a section's
    heading is never stepped over.
    """
    best: list[tuple[float, int, int]] = []  # weight, minus the cells stepped over, previous hit
    free: list[float] = []  # the most that a hit since the last fence gives on, prose not yet paid for
    first = 0  # the first hit after the last fence
    for number, hit in enumerate(hits):
        label = script[hit.position]
        weight = _WEIGHT[label.kind] + _NUMBERED * (words[hit.start] == key(label.text))
        if steps.fences[hits[first].start] != steps.fences[hit.start]:
            first = number
        cost = PROSE_COST * steps.prose[hit.start]
        choice = (weight, 0, -1)
        for earlier in range(number - 1, first - 1, -1):
            if free[earlier] + weight - cost < choice[0]:
                break  # no hit further back gives as much
            other = hits[earlier]
            if other.position >= hit.position or (other.end, other.part) >= (hit.start, hit.part):
                continue
            total, span, _ = best[earlier]
            total += weight - cost + PROSE_COST * steps.prose[other.start]
            if total >= choice[0]:
                choice = max(choice, (total, span - (hit.start - other.end), earlier))
        best.append(choice)
        own = choice[0] + cost
        free.append(own if number == first else max(own, free[-1]))
    chain: list[Hit] = []
    at = max(range(len(best)), key=lambda number: best[number][:2], default=-1)
    while at >= 0:
        chain.append(hits[at])
        at = best[at][2]
    return chain[::-1]


def _near(words: Words, edges: list[Hit], occupied: set[int], script: tuple[Label, ...]) -> Iterator[Hit]:
    """Labels that are not spelled as known, looked for where the chain leaves room for them."""
    heads = _heads(script)
    for left, right in pairwise(edges):
        missing = range(left.position + 1, right.position)
        if not missing:
            continue
        cells = range(max(left.end + 1, right.start - REACH), min(right.start, left.end + REACH))
        if left.position < 0:
            cells = range(max(left.end + 1, right.start - len(missing) * 2), right.start)
        pieces = [
            (cell, _below_head(word, heads))
            for cell in cells
            if (word := words[cell]) and len(word) <= PROSE and cell not in occupied
        ]
        if pieces:
            neighbours = [edge.position for edge in (left, right) if 0 <= edge.position < len(script)]
            yield from _assign(pieces, missing, neighbours, script)


def _heads(script: tuple[Label, ...]) -> tuple[str, ...]:
    return tuple(spelling for label in script if label.kind == "head" for spelling in label.keys)


@lru_cache(maxsize=8192)
def _below_head(word: str, heads: tuple[str, ...]) -> str:
    """A cell's words without the group's head that may stand before the row's own label."""
    rests = (word.removeprefix(head) for head in heads)
    return min((rest for rest in rests if len(rest) >= MEANINGFUL), key=len, default=word)


def _assign(
    pieces: list[tuple[int, str]], missing: Sequence[int], neighbours: list[int], script: tuple[Label, ...]
) -> Iterator[Hit]:
    """The best pairing of pieces and missing labels that keeps both orders, each pair clear of its rivals."""
    rivals = [script[position].key for position in (*missing, *neighbours)]
    scores = [[_likeness(word, rival) for rival in rivals] for _, word in pieces]
    # best[i][j]: the best total of pieces[i:] with missing[j:]
    best = [[0.0] * (len(missing) + 1) for _ in range(len(pieces) + 1)]
    for i in range(len(pieces) - 1, -1, -1):
        for j in range(len(missing) - 1, -1, -1):
            worth = scores[i][j] ** 2 * _WEIGHT[script[missing[j]].kind]  # one good match beats two middling ones
            pair = worth + best[i + 1][j + 1] if _clear(scores[i], j, rivals) else 0.0
            best[i][j] = max(pair, best[i + 1][j], best[i][j + 1])
    i = j = 0
    while i < len(pieces) and j < len(missing):
        if best[i][j] == best[i][j + 1]:
            j += 1
        elif best[i][j] == best[i + 1][j]:
            i += 1
        else:
            yield Hit(pieces[i][0], pieces[i][0], missing[j], likeness=scores[i][j])
            i, j = i + 1, j + 1


def _clear(scores: list[float], candidate: int, rivals: list[str]) -> bool:
    others = (score for score, rival in zip(scores, rivals, strict=True) if rival != rivals[candidate])
    return scores[candidate] >= FLOOR and scores[candidate] - max(others, default=0.0) >= MARGIN


@lru_cache(maxsize=8192)
def _likeness(word: str, label: str) -> float:
    """How much a printed piece is a label: 100 when one begins the other, else a ratio of edits.

    A label of two letters is like many words, so that much makes it likely and no more.
    """
    piece = bare(word)
    begins = (len(piece) >= MEANINGFUL and label.startswith(piece)) or piece.startswith(label)
    likeness = 100.0 if begins else fuzz.ratio(piece, label)
    return likeness if len(label) >= MEANINGFUL else min(likeness, SURE - 1)


def _rests(words: Words, hits: list[Hit], starts: set[int], script: tuple[Label, ...]) -> Iterator[int]:
    """The second half of a label cut in two, its figures standing at the first: a rest, not words of the table.

    It is known by spelling out, together with what was found, the label that was begun; figures may stick to it.
    """
    last = min(hits[-1].end + REACH, len(words))
    others = [cell for cell in range(hits[0].end + 1, last) if words[cell] and cell not in starts]
    for hit, end in zip(hits, [*(hit.start for hit in hits[1:]), last], strict=True):
        between = others[bisect_right(others, hit.end) : bisect_left(others, end)]
        if not between:
            continue
        spelling = "".join(words[cell] or "" for cell in range(hit.start, hit.end + 1))
        label = script[hit.position].key
        for cell in between:
            spelling += (words[cell] or "").rstrip(digits)
            if not label.startswith(bare(spelling)):
                break
            yield cell
