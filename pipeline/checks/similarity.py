"""Texts that are nearly the same: a body's own of the year before, or another body's of the same county and year.

Compared are the words of the narrative as printed, without the sentences that are the form's own. How much two texts
share is counted exactly, by their longest common subsequence; MinHash only spares the pairs that cannot be alike: in a
county of fifty bodies there are over a thousand. Its hashes are arithmetic written out here, the same on every machine.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, Literal, NamedTuple

import numpy as np
import pyarrow as pa
from rapidfuzz.distance import Indel

from pipeline.checks.rules import rules
from pipeline.checks.surroundings import NO_PARTNER

Kind = Literal["previous_year", "same_county"]

SIMILAR = 0.9
"""The least share of two texts that must be common for them to be listed."""
NEARLY_THE_SAME = 0.95
"""That from which a finding says so."""
SHORTEST = 150
"""Characters below which texts are alike by chance."""
_GRAM, _BINS = 4, 64
_CANDIDATES = 0.25
"""Pairs whose signatures agree in less are not compared: texts that share nine tenths agree in about half."""
_SENTENCE = re.compile(r"[^。！？；\n]*[。！？；\n]?")
_NARRATIVE = ("overview", "proactive_disclosure", "applications", "review_litigation", "problems", "other_matters")


class Pair(NamedTuple):
    """A report of the batch, and the row of a similar one: in the batch, or among those of the year before."""

    report: int
    other: int
    kind: Kind
    similarity: float


def find_pairs(
    texts: Sequence[str], earlier: Sequence[str], partners: Sequence[int], counties: Sequence[str | None]
) -> Iterator[Pair]:
    """Similar texts, each seen from either report of the batch; in the order of the batch.

    `texts` and `earlier` are narratives of a year and of the year before, `partners` the rows in `earlier` or
    NO_PARTNER, `counties` what each report of the batch is compared within; None: with nobody.
    """
    found: list[Pair] = []
    for report, partner in enumerate(partners):
        if partner != NO_PARTNER:
            for _, _, similarity in _alike([texts[report], earlier[partner]]):
                found.append(Pair(report, partner, "previous_year", similarity))
    members: dict[str, list[int]] = {}
    for report, county in enumerate(counties):
        if county is not None:
            members.setdefault(county, []).append(report)
    for group in members.values():
        for one, other, similarity in _alike([texts[report] for report in group]):
            found.append(Pair(group[one], group[other], "same_county", similarity))
            found.append(Pair(group[other], group[one], "same_county", similarity))
    yield from sorted(found)


def _alike(texts: Sequence[str]) -> Iterator[tuple[int, int, float]]:
    """The pairs of texts that are similar enough to be listed, and how much of both is common, from 0 to 1."""
    long = [number for number, text in enumerate(texts) if len(text) >= SHORTEST]
    for one, other in _candidates([texts[number] for number in long]) if len(long) > 1 else ():
        pair = long[one], long[other]
        similarity = Indel.normalized_similarity(*(texts[number] for number in pair), score_cutoff=SIMILAR)
        if similarity:
            yield *pair, round(similarity, 4)


def narratives(readings: pa.Table) -> list[str]:
    """The narrative of each reading, without blanks and without the sentences that are the form's own."""
    return [
        "".join(_own_words(part["text"]) for part in sections if part["section"] in _NARRATIVE)
        for sections in readings["sections"].to_pylist()
    ]


def _own_words(text: str) -> str:
    prescribed = _prescribed()
    if prescribed.search(text):
        text = "".join(sentence for sentence in _SENTENCE.findall(text) if not prescribed.search(sentence))
    return "".join(text.split())


@lru_cache(maxsize=1)
def _prescribed() -> re.Pattern[str]:
    """Words of the form."""
    return re.compile("|".join(rules()["M2"].patterns))


def _candidates(texts: Sequence[str]) -> Iterator[tuple[int, int]]:
    """The pairs of texts that may be alike, by their signatures."""
    signatures = np.stack([_signature(text) for text in texts])
    for one in range(len(texts) - 1):
        agreeing = (signatures[one + 1 :] == signatures[one]).mean(axis=1)
        yield from ((one, one + 1 + int(other)) for other in np.flatnonzero(agreeing >= _CANDIDATES))


def _signature(text: str) -> np.ndarray:
    """MinHash with one hash: all runs of four characters are dealt into bins, of each bin the least is kept; (64,)."""
    characters = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32).astype(np.uint64)
    grams = np.zeros(len(characters) - _GRAM + 1, dtype=np.uint64)
    for place in range(_GRAM):
        grams = grams * np.uint64(0x9E3779B97F4A7C15) + characters[place : place + len(grams)]
    grams = _mixed(grams)
    signature = np.full(_BINS, np.iinfo(np.uint64).max, dtype=np.uint64)
    np.minimum.at(signature, grams % np.uint64(_BINS), grams)
    return signature


def _mixed(numbers: np.ndarray) -> np.ndarray:
    """Numbers of 64 bits, each bit of which depends on all of theirs."""
    numbers = (numbers ^ (numbers >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    numbers = (numbers ^ (numbers >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return np.asarray(numbers ^ (numbers >> np.uint64(31)))


def find_similar(similar: Sequence[Mapping[str, Any]], ids: Sequence[str]) -> Iterator[dict[str, Any]]:
    """The rows of `findings` for the rows of `similar_reports`: one a report and kind, naming the most similar."""
    numbers = {name: number for number, name in enumerate(ids)}
    groups: dict[tuple[str, str], list[Mapping[str, Any]]] = {}
    for row in similar:
        if row["similarity"] >= NEARLY_THE_SAME:
            groups.setdefault((row["report_id"], row["kind"]), []).append(row)
    for (report_id, kind), rows in groups.items():
        first = max(rows, key=lambda row: (row["similarity"], row["other_report_id"]))
        whose = "the same body's report" if kind == "previous_year" else "a report of the same county"
        more = f", and {len(rows) - 1} more are as near" if len(rows) > 1 else ""
        place = f"{whose} of {first['other_report_year']} ({first['other_report_id']}){more}"
        yield rules()["M2"].breach(
            numbers[report_id], place=place, expected=first["other_report_id"], observed=f"{first['similarity']:.1%}"
        )
