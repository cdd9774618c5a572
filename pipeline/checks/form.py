"""Whether a report keeps to the form that is prescribed.

M5: the edition of its tables. M6: the notice it cites. M7: words of a template that were left in. M8: tables without a
number. These are slips in the report, not in its figures, so only an empty table is more than good to know.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from itertools import chain
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipeline.checks.identities import FAILED, NOT_ASSESSABLE, PASSED, Counts, batches
from pipeline.checks.places import table_place
from pipeline.checks.rules import rules
from pipeline.forms import STATISTICS, Edition, Forms, simplify

Finding = dict[str, Any]


def check_form(readings: pa.Table, forms: Forms, year: int, counts: Counts) -> Iterator[Finding]:
    """Count M5 to M8 for a batch of readings of a folder's year; yield the rows of `findings` that fail."""
    doubtful = [
        {note["table_name"] for note in notes if note["rule"] == "T9"} for notes in readings["notes"].to_pylist()
    ]
    years = [stated or year for stated in readings["stated_year"].to_pylist()]
    cited = [_cited(sections, forms) for sections in _sections_with(readings, "公开办函|公開辦函")]
    for table, editions in _editions(readings, "M5"):
        for report, edition in editions:
            prescribed = None if table in doubtful[report] else forms.prescribed(years[report])
            yield from _judge_edition(report, table, edition, prescribed, counts)
    for table, editions in _editions(readings, "M6"):
        for report, edition in editions:
            notices = {} if table in doubtful[report] else cited[report]
            yield from _judge_notice(report, table, forms.editions[edition], notices, counts)
    yield from _check_templates(readings, forms, counts)
    yield from _check_figures(readings, forms, counts)


def _editions(readings: pa.Table, rule: str) -> Iterator[tuple[str, list[tuple[int, str]]]]:
    """The tables a rule speaks of, each with the reports that have it and its edition there."""
    for table in rules()[rule].tables:
        editions = pc.struct_field(readings[table].combine_chunks(), "edition").to_pylist()
        yield table, [(report, edition) for report, edition in enumerate(editions) if edition is not None]


def _judge_edition(
    report: int, table: str, edition: str, prescribed: Edition | None, counts: Counts
) -> Iterator[Finding]:
    """M5; `prescribed` is None where there is no telling."""
    if prescribed is None:
        counts["M5"][report, NOT_ASSESSABLE] += 1
    elif prescribed.edition == edition:
        counts["M5"][report, PASSED] += 1
    else:
        counts["M5"][report, FAILED] += 1
        sides = {"expected": prescribed.edition, "observed": edition}
        yield rules()["M5"].breach(report, place=table_place(table), table=table, **sides)


def _judge_notice(
    report: int, table: str, edition: Edition, notices: dict[str, str], counts: Counts
) -> Iterator[Finding]:
    """M6; `notices` are those cited, by number, each with its place."""
    if not notices:
        counts["M6"][report, NOT_ASSESSABLE] += 1
    elif edition.document in notices:
        counts["M6"][report, PASSED] += 1
    else:
        counts["M6"][report, FAILED] += 1
        sides = {"expected": edition.document, "observed": " ".join(notices)}
        where = next(iter(notices.values()))
        yield rules()["M6"].breach(report, place=table_place(table), table=table, **sides, locator=where)


def _cited(sections: list[dict[str, Any]], forms: Forms) -> dict[str, str]:
    """The notices on the form that a report cites, each with the place of the section that does."""
    found: dict[str, str] = {}
    for section in sections:
        for edition in forms.editions.values():
            if _notice(edition.document).search(_compact(section["text"])):
                found.setdefault(edition.document, section["locator"])
    return found


@lru_cache(maxsize=16)
def _notice(document: str) -> re.Pattern[str]:
    """`国办公开办函〔2019〕60号` as it is cited: with any brackets or none, and without its first character."""
    issuer, year, number = re.split("[〔〕]", document)
    return re.compile(rf"{issuer[1:]}\D{{0,2}}{year}\D{{0,2}}0?{number}")


def _check_templates(readings: pa.Table, forms: Forms, counts: Counts) -> Iterator[Finding]:
    rule = rules()["M7"]
    lists = readings["sections"].combine_chunks()
    texts = pc.struct_field(pc.list_flatten(lists), "text")
    parents = pc.list_parent_indices(lists).to_numpy()
    left = pc.match_substring_regex(texts, "|".join(rule.patterns)).to_numpy(zero_copy_only=False)
    empty = pc.equal(texts, "").to_numpy(zero_copy_only=False)
    np.add.at(counts["M7"], (parents, np.select([left, empty], [FAILED, NOT_ASSESSABLE], PASSED)), 1)
    for report, sections in enumerate(_sections_with(readings, "|".join(rule.patterns))):
        for section in sections:
            words = (re.finditer(pattern, section["text"], re.ASCII) for pattern in rule.patterns)
            observed = "; ".join(dict.fromkeys(match.group() for match in chain.from_iterable(words)))
            place = section["title"] or forms.sections[section["section"]].en
            yield rule.breach(report, place=place, observed=observed, locator=section["locator"])


def _sections_with(readings: pa.Table, words: str) -> list[list[dict[str, Any]]]:
    """The sections of each report in whose text a regular expression (of RE2) is found."""
    lists = readings["sections"].combine_chunks()
    rows = pc.list_flatten(lists)
    found = pc.match_substring_regex(pc.struct_field(rows, "text"), words)
    parents = pc.list_parent_indices(lists).filter(found).to_pylist()
    sections: list[list[dict[str, Any]]] = [[] for _ in range(len(readings))]
    for report, row in zip(parents, rows.filter(found).to_pylist(), strict=True):
        sections[report].append(row)
    return sections


def _compact(text: str) -> str:
    """A text in simplified, half-width characters without blanks."""
    return re.sub(r"\s", "", simplify(unicodedata.normalize("NFKC", text)))


def _check_figures(readings: pa.Table, forms: Forms, counts: Counts) -> Iterator[Finding]:
    for _, form, reports, values in batches(readings, forms):
        filled = ~np.isnan(values).all(axis=1)
        counts["M8"][reports[filled], PASSED] += 1
        for report in map(int, reports[~filled]):
            cells = readings[form.name][report].as_py()
            yield from _without_figures(report, form.name, cells["state"], cells["locator"], counts)
    for report, entries in enumerate(readings[STATISTICS].to_pylist()):
        if any(entry["value"] is not None for entry in entries or ()):
            counts["M8"][report, PASSED] += 1
        elif entries:
            states, places = ([entry[field] for entry in entries] for field in ("state", "locator"))
            yield from _without_figures(report, STATISTICS, states, places, counts)


def _without_figures(
    report: int, table: str, states: list[str], places: list[str | None], counts: Counts
) -> Iterator[Finding]:
    """M8 for a table without a value: it has no number, unless one is cut off or cannot be read."""
    unknown = {"lost", "unreadable"}.intersection(states)
    counts["M8"][report, NOT_ASSESSABLE if unknown else FAILED] += 1
    if not unknown:
        observed = ", ".join(f"{states.count(state)} {state}" for state in dict.fromkeys(states))
        where = next(filter(None, places), None)
        yield rules()["M8"].breach(report, place=table_place(table), table=table, observed=observed, locator=where)
