"""What a report says round its tables, put together from `prose.toml`; and its sentences about its own figures.

The figures that a report states agree with its tables, save where it slips. How they are worded is taken from
`tests.planted.narrative`, whose sentences are known to state nothing else.
"""

import re
import tomllib
from collections.abc import Callable, Iterator
from functools import lru_cache
from itertools import product
from pathlib import Path
from random import Random

from benchmarks.nation.bodies import Body
from tests.planted.narrative import DISCLOSURE, NONE, REQUESTS, REVIEWS

_TAKEN = {"disclosed": 7, "managed": 4, "platform": 4, "supervised": 3, "problem": 3, "remedy": 3}
"""Sentences of each sort in a report."""
_STATED = ("received_new", "carried_in", "processed_total", "carried_out")
_DISCLOSED = (("licensing", "decisions"), ("penalty", "decisions"), ("coercion", "decisions"))
_CONTESTED = (("review",), ("lit_direct", "lit_after_review"))
_CHOICE = re.compile("<(.+?)>")
Count = Callable[[str, str, str], int]
"""What the tables of a report have, by table, row and column."""


class Words:
    """The sentences of one report: whoever has the same random source says the same."""

    def __init__(self, body: Body, year: int, random: Random) -> None:
        """The year before and after stand in sentences about what is carried over."""
        self.body, self.year, self.random = body, year, random
        self.known: dict[str, int | str] = {"me": body.itself, "name": body.name, "y": year}

    def title(self) -> str:
        """The name, the year and what it is, on one line or two."""
        line = "\n" if self.random.random() < 0.2 else ""
        return f"{self.body.name}{line}{self.year}年政府信息公开工作年度报告"

    def some(self, sort: str) -> str:
        """As many sentences of a sort as a report has, none twice."""
        pool, draw, chosen = _pool()[sort], self.random.random, dict[int, None]()
        while len(chosen) < _TAKEN.get(sort, 1):
            chosen[int(draw() * len(pool))] = None
        return "".join([self._said(pool[sentence]) for sentence in chosen])

    def overview(self, count: Count, wrong: int) -> str:
        """Section one; `wrong` is added to the requests it says were received."""
        paragraphs = [self.some("lead") + self.some("disclosed"), self.requests(count, wrong)]
        paragraphs += [self.some("managed"), self.some("platform"), self.some("supervised")]
        if disclosed := self.decisions(count):
            paragraphs.append(disclosed)
        self.random.shuffle(paragraphs)
        return "\n".join(paragraphs)

    def requests(self, count: Count, wrong: int) -> str:
        """The requests, reviews and lawsuits of the year, as its tables have them."""
        return "".join(f"{sentence}。" for sentence in self._stated(count, wrong))

    def decisions(self, count: Count) -> str:
        """Licences and penalties, where there were any; else nothing."""
        said = [
            self._worded(DISCLOSURE[subject, measure], decided)
            for subject, measure in _DISCLOSED
            if (decided := count("proactive_disclosure", subject, measure)) and self.random.random() < 0.5
        ]
        return "，".join(said) + "。" if said else ""

    def _stated(self, count: Count, wrong: int) -> Iterator[str]:
        requests = {row: count("applications", row, "total") for row in _STATED}
        requests["received_new"] += wrong
        if not requests["received_new"]:
            del requests["received_new"]
            yield self._worded(NONE[("received_new",)], 0)
        if said := [self._worded(REQUESTS[(row,), "total"], stated) for row, stated in requests.items() if stated]:
            yield "；".join(said)
        cases = {rows: sum(count("review_litigation", row, "total") for row in rows) for rows in _CONTESTED}
        yield "，".join(
            self._worded(REVIEWS[rows, "total"] if stated else NONE[rows], stated) for rows, stated in cases.items()
        )

    def _worded(self, wordings: tuple[str, ...], stated: int) -> str:
        wording = self.random.choice(wordings).replace("我局", self.body.itself).replace("我单位", self.body.itself)
        return wording.format(n=stated, y=self.year, p=self.year - 1, q=self.year + 1)

    def _said(self, sentences: tuple[str, ...]) -> str:
        draw, known = self.random.random, self.known
        known["n"] = number = 3 + int(draw() * draw() * 300)
        known["m"] = 2 + int(draw() * (number - 2))
        return sentences[int(draw() * len(sentences))] % known


@lru_cache(maxsize=1)
def _pool() -> dict[str, list[tuple[str, ...]]]:
    """By sort: every sentence, as all the ways to write it."""
    source = tomllib.loads(Path(__file__).with_name("prose.toml").read_text("utf-8"))
    return {sort: [tuple(_written(sentence)) for sentence in sentences] for sort, sentences in source.items()}


def _written(sentence: str) -> Iterator[str]:
    """A sentence with each of its choices made, in every combination; as a `%` format."""
    sentence = re.sub(r"\{(\w+)\}", r"%(\1)s", sentence.replace("%", "%%"))
    pieces = [piece.split("|") if place % 2 else [piece] for place, piece in enumerate(_CHOICE.split(sentence))]
    yield from map("".join, product(*pieces))
