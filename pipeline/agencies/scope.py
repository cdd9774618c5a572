"""Whom a report's figures cover: the body alone, all bodies of its region, or nobody says.

A county's report may count its own requests or those of all its departments and towns. Only a sentence that says so
decides; where two say different things, neither does. The sentences are data: `scope.toml`.
"""

import re
import tomllib
from collections.abc import Mapping, Sequence
from functools import lru_cache
from importlib.resources import files
from typing import Any, NamedTuple

SCOPES = ("own_level", "consolidated", "unknown")
"""What a report may say of whom its figures cover."""
_SECTIONS = ("preamble", "overview", "proactive_disclosure", "applications", "review_litigation", "other_matters")
_NEAR = 100


class Sentence(NamedTuple):
    """A sentence that says what the figures cover, and where it stands: a section and a line of its text, from 0."""

    scope: str
    text: str
    section: str
    line: int


class _Rules(NamedTuple):
    words: re.Pattern[str]
    patterns: tuple[tuple[str, re.Pattern[str], bool], ...]


def scope_of(sections: Sequence[Mapping[str, Any]], *, governs: bool) -> tuple[str, list[Sentence]]:
    """The scope that a report's sections state, and the sentences that state it.

    `governs`: the body is a government from the county up, or its office.
    """
    found = [sentence for section in sections for sentence in _sentences(section, governs=governs)]
    said = {sentence.scope for sentence in found}
    return (said.pop() if len(said) == 1 else "unknown"), found


def _sentences(section: Mapping[str, Any], *, governs: bool) -> list[Sentence]:
    rules, text = _rules(), section["text"]
    found: list[Sentence] = []
    done = 0
    for match in rules.words.finditer(text) if section["section"] in _SECTIONS else ():
        if match.start() < done:
            continue
        start = max(text.rfind(mark, 0, match.start()) for mark in "。！？；\n") + 1
        ends = [end for mark in "。！？；\n" if (end := text.find(mark, match.end())) >= 0]
        done = min(ends, default=len(text))
        near = text[max(start, match.start() - _NEAR) : min(done, match.end() + _NEAR)]
        sentence = re.sub(r"\s", "", near)
        for scope, pattern, governments in rules.patterns:
            if (governs or not governments) and pattern.search(sentence):
                found.append(Sentence(scope, text[start:done].strip(), section["section"], text.count("\n", 0, start)))
                break
    return found


@lru_cache(maxsize=1)
def _rules() -> _Rules:
    source = tomllib.loads(files("pipeline.agencies").joinpath("scope.toml").read_text("utf-8"))
    return _Rules(
        re.compile("|".join(source["words"])),
        tuple(
            (entry["scope"], re.compile(entry["pattern"]), entry.get("governments", False))
            for entry in source["sentence"]
        ),
    )
