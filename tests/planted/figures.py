"""Made-up figures for a whole report, as the strings to print.

Published township reports are nearly all zeros, and in a table of zeros every misplaced number looks right.
`distinct` shows where each number went; `consistent` keeps the form's arithmetic, so that the checks have
something to prove; `quiet` keeps it over mostly zeros, as a small office does.
"""

from collections.abc import Mapping
from random import Random

from . import form
from .form import Cell

Figures = dict[Cell, str]

_PEOPLE = (form.NATURAL_PERSON, *form.ORGANISATIONS)
_PARTS = [outcome.code for outcome in form.OUTCOMES if outcome != form.TOTAL]


def distinct(edition_t2: str, edition_t3: str, seed: int = 0) -> Figures:
    """A different positive number in every cell, of one to five digits; no arithmetic holds.

    Amounts carry two decimals and some `items_change` are negative, because such cells may; their whole parts
    without the sign differ from all other cells too.
    """
    random = Random(seed)
    cells = form.cells(edition_t2, edition_t3)
    short = len(cells) // 2
    numbers = random.sample(range(1, 1_000), short) + random.sample(range(1_000, 100_000), len(cells) - short)
    random.shuffle(numbers)
    return {cell: _as_printed(cell, number, random) for cell, number in zip(cells, numbers, strict=True)}


def _as_printed(cell: Cell, number: int, random: Random) -> str:
    _, _, column = cell
    if column == "amount":
        return f"{number}.{random.randint(11, 99)}"
    if column == "items_change":
        return random.choice(["", "-"]) + str(number)
    return str(number)


def consistent(edition_t2: str, edition_t3: str, seed: int, *, carried_in: Mapping[str, int] | None = None) -> Figures:
    """Random figures for which every identity of the form holds (H1-H4, H6, D1, D2), with no cell zero.

    `carried_in` sets the requests pending at the start, by applicant code: what the year before carried out.
    """
    random = Random(seed)
    return {
        **_proactive(edition_t2, random),
        **_applications(edition_t3, random, carried_in),
        **_review_litigation(random),
    }


def _proactive(edition: str, random: Random) -> Figures:
    """Flows stay within their stock (D1, D2), and no change takes away more items than there were (H6)."""
    figures: Figures = {}
    for cell in form.proactive_cells(edition):
        _, _, column = cell
        if column in ("public_stock", "in_force"):
            number = str(random.randint(60, 90))
        elif column == "items_prev":
            number = str(random.randint(20, 40))
        elif column == "items_change":
            number = str(random.choice([-1, 1]) * random.randint(1, 20))
        elif column == "amount":
            number = f"{random.randint(1, 9_999)}.{random.randint(11, 99)}"
        else:
            number = str(random.randint(1, 60))
        figures[cell] = number
    return figures


def _applications(edition: str, random: Random, carried_in: Mapping[str, int] | None) -> Figures:
    """Outcomes and what is carried are drawn; new requests and both kinds of total follow (H1-H3)."""
    rows: dict[str, list[int]] = {item.code: [] for item in form.ITEMS[edition]}
    for applicant in _PEOPLE:
        column = {leaf.code: random.randint(1, 12) for leaf in form.LEAVES[edition]}
        column["processed_total"] = sum(column.values())
        column["carried_in"] = carried_in[applicant.code] if carried_in else random.randint(1, 9)
        # at least as many as came in, so that new requests are never zero or negative
        column["carried_out"] = column["carried_in"] + random.randint(0, 5)
        column["received_new"] = column["processed_total"] + column["carried_out"] - column["carried_in"]
        for code, number in column.items():
            rows[code].append(number)
    return {
        ("applications", code, applicant.code): str(number)
        for code, numbers in rows.items()
        for applicant, number in zip(form.APPLICANTS, [*numbers, sum(numbers)], strict=True)
    }


def _review_litigation(random: Random) -> Figures:
    """Four outcomes and their sum, for each way to contest a decision (H4)."""
    figures: Figures = {}
    for channel in form.CHANNEL_CODES:
        parts = {code: random.randint(1, 15) for code in _PARTS}
        for code, number in {**parts, form.TOTAL.code: sum(parts.values())}.items():
            figures["review_litigation", channel, code] = str(number)
    return figures


def quiet(edition_t2: str, edition_t3: str, seed: int) -> Figures:
    """Figures of a small office for which every identity of the form holds: up to six requests, at times one case."""
    random = Random(seed)
    figures = dict.fromkeys(form.cells(edition_t2, edition_t3), 0)
    for _, subject, measure in form.proactive_cells(edition_t2):
        if measure in ("public_stock", "in_force", "items_prev", "decisions") and random.random() < 0.3:
            figures["proactive_disclosure", subject, measure] = random.randint(1, 30)
    ends = [*(leaf.code for leaf in form.LEAVES[edition_t3]), form.CARRIED_OUT.code]
    for _ in range(random.randint(0, 6)):
        applicant, end = random.choice(_PEOPLE).code, random.choice(ends)
        rows = {random.choice(form.RECEIVED).code, end}
        if end != form.CARRIED_OUT.code:
            rows.add(form.PROCESSED_TOTAL.code)
        for row in rows:
            for column in (applicant, form.TOTAL.code):
                figures["applications", row, column] += 1
    if random.random() < 0.3:
        channel, outcome = random.choice(form.CHANNEL_CODES), random.choice(_PARTS)
        for column in (outcome, form.TOTAL.code):
            figures["review_litigation", channel, column] += 1
    return {cell: str(number) for cell, number in figures.items()}
