"""A body's reports over several years, whose figures follow from one another.

What one year carries out the next carries in; documents in force are those of the year before with what was issued
and without what was repealed; items are those of the year before and the change since. Nothing leaps, and no two
years have the same figures.
"""

from collections.abc import Sequence
from random import Random

from . import form
from .figures import Figures, consistent

_DOCUMENTS = ("rules", "normdocs")
_ITEMS = ("licensing", "other_services", "penalty", "coercion", "charges")


def sequence(years: Sequence[int], edition: str, seed: int) -> dict[int, Figures]:
    """The figures of a body for each of some years in a row, by year; every identity of the form holds in each."""
    found: dict[int, Figures] = {}
    last: Figures = {}
    for year in years:
        random = Random(f"{seed} {year}")
        carried = {
            applicant.code: int(last["applications", "carried_out", applicant.code])
            for applicant in form.APPLICANTS
            if last
        }
        figures = consistent(edition, edition, random.randrange(10**6), carried_in=carried or None)
        figures |= _disclosed(edition, random, last) | _contested(random)
        found[year] = last = figures
    return found


def _disclosed(edition: str, random: Random, last: Figures) -> Figures:
    figures: Figures = {}

    def put(subject: str, measure: str, number: int) -> int:
        figures["proactive_disclosure", subject, measure] = str(number)
        return number

    def before(subject: str, measure: str, first: int) -> int:
        return int(last["proactive_disclosure", subject, measure]) if last else first

    for subject in _DOCUMENTS:
        if edition == "2021":
            issued = put(subject, "issued", random.randint(5, 9))
            repealed = put(subject, "repealed", random.randint(1, 4))
            put(subject, "in_force", before(subject, "in_force", random.randint(60, 90)) + issued - repealed)
        else:
            put(subject, "created", random.randint(5, 9))
            published = put(subject, "published", random.randint(1, 9))
            put(subject, "public_stock", before(subject, "public_stock", random.randint(60, 90)) + published)
    for subject in _ITEMS if edition == "2019" else ():
        held = before(subject, "items_prev", random.randint(20, 40)) + before(subject, "items_change", 0)
        put(subject, "items_prev", held)
        put(subject, "items_change", random.randint(1, 9))
    for subject in ("licensing", "penalty", "coercion", *(["other_services"] if edition == "2019" else [])):
        put(subject, "decisions", random.randint(100, 300))
    if edition == "2019":
        put("procurement", "projects", random.randint(100, 300))
    amount = ("charges" if edition == "2021" else "procurement"), "amount"
    figures["proactive_disclosure", *amount] = f"{random.randint(1000, 3000)}.{random.randint(11, 99)}"
    return figures


def _contested(random: Random) -> Figures:
    figures: Figures = {}
    for channel in form.CHANNEL_CODES:
        parts = {outcome.code: random.randint(5, 15) for outcome in form.OUTCOMES if outcome != form.TOTAL}
        for code, number in {**parts, form.TOTAL.code: sum(parts.values())}.items():
            figures["review_litigation", channel, code] = str(number)
    return figures
