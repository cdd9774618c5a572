"""The figures of a body through its years, and of one report: most are zero, and every sum holds but where one slips.

What goes over from year to year, requests not yet answered and documents in force, is drawn for all of a body's years
together (`Course`); the rest of a report by itself. So any report can be made again alone, and yet last year's
requests carried out are this year's carried in.
"""

from collections.abc import Sequence
from functools import cache
from itertools import accumulate
from random import Random
from typing import NamedTuple

from benchmarks.nation.bodies import GOVERNMENT, Body
from tests.planted import form

YEARS = range(2019, 2026)
"""The report years."""
WRONG_TOTAL, BROKEN_CARRY, WRONG_STATEMENT = "wrong_total", "broken_carry", "wrong_statement"
SLIPS = {WRONG_TOTAL: 0.02, BROKEN_CARRY: 0.01, WRONG_STATEMENT: 0.005}
"""What agencies get wrong, and how many of the reports have it."""
BLANKS = 0.04
"""How many of the reports in a layout that shows blanks leave the outcomes that did not occur blank."""

_KINDS = len(form.APPLICANTS) - 1
_APPLICANT = list(accumulate((0.88, 0.07, 0.004, 0.006, 0.03, 0.01)))
_OUTCOME = {
    "granted_full": 42, "granted_partial": 11, "denied_state_secret": 0.3, "denied_statutory_bar": 0.8,
    "denied_security_stability": 0.3, "denied_third_party": 1.2, "denied_internal_affairs": 1, "denied_deliberative": 2,
    "denied_enforcement_file": 1, "denied_registry_inquiry": 2, "unable_not_held": 23, "unable_needs_creation": 2,
    "unable_unclear": 1.5, "rejected_petition": 2.5, "rejected_repeat": 2, "rejected_publication": 0.2,
    "rejected_excessive": 0.4, "rejected_confirm_reissue": 0.3, "other_no_clarification": 1.5, "other_fee_unpaid": 0.1,
    "other_misc": 5, "other_total": 6.5,
}  # fmt: skip
"""Roughly how requests end, in hundredths: most are granted, or the body has not what is asked for."""
_RESULT = list(accumulate((0.48, 0.1, 0.25, 0.17)))

_QUIET = {"township": 0.8, "county": 0.6, "prefecture": 0.25, "province": 0.05}
"""How many departments or townships of a level have hardly ever a request."""
_REQUESTS = {"township": 0.6, "county": 1.2, "prefecture": 2.6, "province": 4.2}
"""The logarithm of how many requests a year the others have, in the middle; a government has e times as many."""
_ENFORCING = {
    "public_security",
    "natural_resources",
    "housing_construction",
    "transport",
    "market_regulation",
    "health",
}
_ENFORCING |= {"administrative_approval", "urban_management", "agriculture", "emergency", "ecology", "water"}


class Course(NamedTuple):
    """What goes over from year to year, and how much a body does. By year, from the year before the first.

    `received`, `pending`: requests new in the year and unanswered at its end, by applicant. `issued`, `repealed`,
    `in_force`: normative documents. `decisions`: licences, penalties and coercive measures in a usual year.
    """

    received: Sequence[Sequence[int]]
    pending: Sequence[Sequence[int]]
    issued: Sequence[int]
    repealed: Sequence[int]
    in_force: Sequence[int]
    decisions: tuple[int, int, int]


_NOBODY = (0,) * _KINDS


def course(body: Body, random: Random) -> Course:
    """A body's years."""
    government = body.line == GOVERNMENT
    usual = 0.02
    if random.random() >= (0.0 if government and body.level != "township" else _QUIET[body.level]):
        usual = random.lognormvariate(_REQUESTS[body.level] + (government and body.level != "township"), 1.0)
    received, pending = list[Sequence[int]](), list[Sequence[int]]()
    for _ in range(len(YEARS) + 1):
        count = int(usual * (0.6 + 0.8 * random.random()) + random.random())
        each = dealt(count, _APPLICANT, random) if count else _NOBODY
        received.append(each)
        pending.append([int(0.07 * number + random.random()) if number else 0 for number in each] if count else each)
    issues = random.random() < (0.8 if government else 0.3)
    documents = 1 + int(6 * random.random()) * (1 + (body.level in ("province", "prefecture"))) if issues else 0
    issued = [int(documents * random.random()) for _ in range(len(YEARS) + 1)]
    repealed = [int(number * random.random()) for number in issued]
    stock = accumulate((new - old for new, old in zip(issued, repealed, strict=True)), initial=3 * documents)
    decides = 0.9 if body.line in _ENFORCING else 0.05 if body.level == "township" else 0.25
    decisions = [int(random.lognormvariate(4.5 - step, 1.2)) if random.random() < decides else 0 for step in range(3)]
    return Course(received, pending, issued, repealed, list(stock)[1:], (decisions[0], decisions[1], decisions[2]))


def dealt(count: int, shares: Sequence[float], random: Random) -> list[int]:
    """A number of things in parts of about the shares, given added up; together they are all of it."""
    parts = [0] * len(shares)
    if count <= 16:
        for place in random.choices(range(len(shares)), cum_weights=shares, k=count):
            parts[place] += 1
        return parts
    left, before = count, shares[0]
    for place in range(1, len(shares)):
        part = min(left, int(count * (shares[place] - before) / shares[-1] + random.random()))
        before = shares[place]
        parts[place] = part
        left -= part
    parts[0] = left
    return parts


class _Sheet(NamedTuple):
    """Where the numbers of an edition stand in the form's order."""

    place: dict[form.Cell, int]
    row: dict[str, int]
    leaves: list[int]
    shares: list[float]
    totals: list[int]
    blank: list[int]


@cache
def _sheet(edition: str) -> _Sheet:
    place = {cell: number for number, cell in enumerate(form.cells(edition, edition))}
    row = {item.code: place["applications", item.code, "natural_person"] for item in form.ITEMS[edition]}
    leaves = [row[leaf.code] for leaf in form.LEAVES[edition]]
    shares = list(accumulate(_OUTCOME[leaf.code] for leaf in form.LEAVES[edition]))
    totals = [start + _KINDS for start in leaves] + [row["processed_total"] + kind for kind in range(_KINDS + 1)]
    totals += [place["review_litigation", channel, "total"] for channel in form.CHANNEL_CODES]
    blank = [start + kind for start in leaves for kind in range(_KINDS + 1)]
    return _Sheet(place, row, leaves, shares, totals, blank)


def places(edition: str) -> dict[form.Cell, int]:
    """Where a cell's figure stands in the form's order."""
    return _sheet(edition).place


def figures(
    body: Body, edition: str, year: int, way: Course, random: Random, slips: Sequence[str], *, blanks: bool
) -> list[str]:
    """What a report prints in every cell, in the form's order; a blank cell is empty.

    `slips`: what is wrong in it. `blanks`: outcomes that did not occur are left blank.
    """
    sheet, before = _sheet(edition), year - YEARS[0]
    numbers = [0] * len(sheet.place)
    carried_in = list(way.pending[before])
    if BROKEN_CARRY in slips:
        carried_in[0] += random.randint(1, 3)
    _applications(numbers, sheet, way.received[before + 1], carried_in, way.pending[before + 1], random)
    _contested(numbers, sheet, random)
    amounts = (_disclosed_2019 if edition == "2019" else _disclosed_2021)(numbers, sheet.place, body, way, year, random)
    if WRONG_TOTAL in slips:
        numbers[random.choice(sheet.totals)] += random.randint(1, 9)
    printed = list(map(str, numbers))
    for cell, amount in amounts.items():
        printed[sheet.place[cell]] = amount
    if blanks:
        for number in sheet.blank:
            printed[number] = printed[number] if numbers[number] else ""
    return printed


def _applications(
    numbers: list[int],
    sheet: _Sheet,
    received: Sequence[int],
    carried_in: Sequence[int],
    carried_out: Sequence[int],
    random: Random,
) -> None:
    """Table 3: what came in is answered in some way or carried out."""
    processed = [new + old - out for new, old, out in zip(received, carried_in, carried_out, strict=True)]
    rows = {"received_new": received, "carried_in": carried_in, "processed_total": processed}
    for code, row in {**rows, "carried_out": carried_out}.items():
        total = sum(row)
        if total:
            start = sheet.row[code]
            numbers[start : start + _KINDS + 1] = [*row, total]
    for kind, count in enumerate(processed):
        if count:
            for start, part in zip(sheet.leaves, dealt(count, sheet.shares, random), strict=True):
                if part:
                    numbers[start + kind] = part
                    numbers[start + _KINDS] += part


def _contested(numbers: list[int], sheet: _Sheet, random: Random) -> None:
    """Table 4: a small share of the answers goes to review or to court."""
    answered = numbers[sheet.row["processed_total"] + _KINDS]
    if answered:
        for channel, share in zip(form.CHANNEL_CODES, (0.06, 0.015, 0.01), strict=True):
            cases = int(answered * share + random.random() * 0.9)
            if cases:
                start = sheet.place["review_litigation", channel, "upheld"]
                numbers[start : start + len(form.OUTCOMES)] = [*dealt(cases, _RESULT, random), cases]


def _disclosed_2021(
    numbers: list[int], place: dict[form.Cell, int], body: Body, way: Course, year: int, random: Random
) -> dict[form.Cell, str]:
    now = year - YEARS[0] + 1
    subject = place["proactive_disclosure", "normdocs", "issued"]
    numbers[subject : subject + 3] = way.issued[now], way.repealed[now], way.in_force[now]
    if _makes_rules(body):
        subject = place["proactive_disclosure", "rules", "issued"]
        numbers[subject : subject + 3] = way.issued[now] // 3, way.issued[now] // 3, 9 + way.in_force[0]
    for code, usual in zip(("licensing", "penalty", "coercion"), way.decisions, strict=True):
        numbers[place["proactive_disclosure", code, "decisions"]] = int(usual * (0.7 + 0.6 * random.random()))
    if way.decisions[0] % 4 != 1:
        return {}
    return {("proactive_disclosure", "charges", "amount"): f"{way.decisions[0] * random.uniform(0.3, 0.6):.2f}"}


def _disclosed_2019(
    numbers: list[int], place: dict[form.Cell, int], body: Body, way: Course, year: int, random: Random
) -> dict[form.Cell, str]:
    now = year - YEARS[0] + 1
    subject = place["proactive_disclosure", "normdocs", "created"]
    numbers[subject : subject + 3] = way.issued[now], way.issued[now], way.in_force[now]
    if _makes_rules(body):
        subject = place["proactive_disclosure", "rules", "created"]
        numbers[subject : subject + 3] = way.issued[now] // 3, way.issued[now] // 3, 9 + way.in_force[0]
    for step, (code, usual) in enumerate(zip(("licensing", "penalty", "coercion"), way.decisions, strict=True)):
        if usual:
            subject = place["proactive_disclosure", code, "items_prev"]
            held, change = 5 + usual % 40 + step, usual % 5 - 2  # the items of 2020 are those of 2019 and its change
            numbers[subject] = held + (now - 1) * change
            numbers[subject + 1] = change
            numbers[subject + 2] = int(usual * (0.7 + 0.6 * random.random()))
    if way.decisions[0] % 4 != 1:
        return {}
    bought = way.decisions[0] // 4 + random.randint(1, 9)
    numbers[place["proactive_disclosure", "procurement", "projects"]] = bought
    return {("proactive_disclosure", "procurement", "amount"): f"{bought * random.uniform(30, 60):.2f}"}


def _makes_rules(body: Body) -> bool:
    return body.line == GOVERNMENT and body.level in ("province", "prefecture")
