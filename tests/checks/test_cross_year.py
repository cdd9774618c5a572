"""Each rule across years on two reports that pass, that fail, and where it cannot say; and none on honest sequences."""

from collections.abc import Mapping
from typing import Any

import pyarrow as pa
import pytest

from pipeline import checks
from pipeline.checks import NO_PARTNER, Surroundings
from tests.checks.readings import reading_of, report
from tests.planted import statistics
from tests.planted.form import Cell
from tests.planted.years import sequence

RULES = ("X1", "X2", "X3", "X4", "X5", "X7", "X8")
T2, T3, T4 = "proactive_disclosure", "applications", "review_litigation"
Figures = Mapping[Cell, str | None]


def around(earlier: pa.Table, *partners: int) -> Surroundings:
    return Surroundings(earlier=checks.as_earlier(earlier), partners=partners)


def pair(edition: str) -> tuple[dict[Cell, str | None], dict[Cell, str | None]]:
    years = sequence((2022, 2023), edition, seed=5)
    return dict(years[2022]), dict(years[2023])


def counted(before: Figures, now: Figures, edition: str, rule: str) -> tuple[int, int, int, int]:
    """Passed, vacuous, failed and not assessable of the later of two reports."""
    texts = (report(figures, edition, edition) for figures in (before, now))
    earlier, later = map(reading_of, texts)
    return of(checks.check(later, 2023, around(earlier, 0)), rule)


def of(counts: pa.Table, rule: str) -> tuple[int, int, int, int]:
    (row,) = [row for row in counts.to_pylist() if row["rule"] == rule]
    return row["passed"], row["vacuous"], row["failed"], row["not_assessable"]


def found(
    before: Figures, now: Figures, edition: str, rule: str, earlier_edition: str | None = None
) -> list[dict[str, Any]]:
    first = earlier_edition or edition
    earlier = reading_of(report(before, first, first))
    findings = checks.find(reading_of(report(now, edition, edition)), 2023, {}, (), around(earlier, 0))
    return [finding for finding in findings if finding["rule"] == rule]


# rule, edition, its instances, a cell of this year's report and one of the year before by which one instance fails
RELATIONS = [
    ("X1", "2019", 1, (T3, "carried_in", "total"), (T3, "carried_out", "total")),
    ("X1", "2021", 1, (T3, "carried_in", "total"), (T3, "carried_out", "total")),
    ("X2", "2021", 6, (T3, "carried_in", "company"), (T3, "carried_out", "company")),
    ("X3", "2019", 5, (T2, "charges", "items_prev"), (T2, "charges", "items_change")),
    ("X3", "2021", 0, None, None),
    ("X4", "2021", 2, (T2, "normdocs", "in_force"), (T2, "normdocs", "in_force")),
    ("X4", "2021", 2, (T2, "normdocs", "issued"), None),
    ("X4", "2021", 2, (T2, "normdocs", "repealed"), None),
    ("X4", "2019", 0, None, None),
    ("X5", "2019", 2, None, (T2, "normdocs", "public_stock")),
    ("X5", "2021", 0, None, None),
]


@pytest.mark.parametrize(("rule", "edition", "instances", "own", "earlier"), RELATIONS)
def test_a_relation_passes_fails_and_cannot_say(rule, edition, instances, own, earlier) -> None:
    before, now = pair(edition)
    assert counted(before, now, edition, rule) == (instances, 0, 0, 0)
    for cell, figures in ((own, now), (earlier, before)):
        if cell is not None:
            printed, figures[cell] = figures[cell], "876"
            assert counted(before, now, edition, rule) == (instances - 1, 0, 1, 0)
            figures[cell] = None
            assert counted(before, now, edition, rule) == (instances - 1, 0, 0, 1)
            figures[cell] = printed
    zeros = dict.fromkeys(now, "0")
    assert counted(zeros, zeros, edition, rule) == (0, instances, 0, 0)


@pytest.mark.parametrize("rule", RULES)
def test_without_a_report_of_the_year_before_no_rule_can_say(rule) -> None:
    before, now = pair("2019")
    later = reading_of(report(now, "2019", "2019"))
    earlier = reading_of(report(before, "2019", "2019"))
    passed, vacuous, failed, unknown = of(checks.check(later, 2023, around(earlier, NO_PARTNER)), rule)
    assert (passed, vacuous, failed) == (0, 0, 0)
    assert unknown == of(checks.check(later, 2023), rule)[3] == sum(counted(before, now, "2019", rule))


def test_a_stock_may_grow_by_itself() -> None:
    before, now = pair("2019")
    now[T2, "normdocs", "public_stock"] = "876"
    assert counted(before, now, "2019", "X5") == (2, 0, 0, 0)


def test_what_the_other_edition_does_not_have_cannot_be_said() -> None:
    before, _ = pair("2019")
    _, now = pair("2021")
    earlier = reading_of(report(before, "2019", "2019"))
    verdicts = checks.check(reading_of(report(now)), 2023, around(earlier, 0))
    assert of(verdicts, "X4") == (0, 0, 0, 2)
    assert of(verdicts, "X1")[3] == 0


def test_a_finding_names_the_other_report_both_sides_and_what_it_may_be() -> None:
    before, now = pair("2021")
    before[T3, "carried_out", "total"], now[T3, "carried_in", "total"] = "23", "31"
    (finding,) = found(before, now, "2021", "X1")
    assert finding["severity"] == "warning"
    assert (finding["expected"], finding["observed"], finding["cell_keys"]) == ("23", "31", "carried_in/total")
    assert finding["message"].startswith(
        "表三 · 总计 · 上年结转: 31 here, but the report of 2022 (0000000000000000) carries 23 over. "
    ), finding["message"]
    assert "merger" in finding["message"]
    assert finding["message"].endswith("Both are printed so.")
    line = int(finding["locator"].split(",")[0].split()[1])
    assert report(now).splitlines()[line - 1].split("\t")[-2] == "31"


def test_the_sum_is_shown_with_its_parts() -> None:
    before, now = pair("2021")
    before[T2, "normdocs", "in_force"] = "70"
    now |= {
        (T2, "normdocs", measure): number
        for measure, number in (("issued", "9"), ("repealed", "4"), ("in_force", "80"))
    }
    (finding,) = found(before, now, "2021", "X4")
    assert "70 + " in finding["message"]
    assert "9 - " in finding["message"]
    assert "4 = 75" in finding["message"]
    assert finding["cell_keys"] == "normdocs/in_force normdocs/issued normdocs/repealed"


def test_a_table_read_with_doubt_in_either_year_is_not_blamed_on_the_agency() -> None:
    before, now = pair("2021")
    now[T3, "carried_in", "total"] = "876"
    clean, damaged = (report(before), report(before).replace("1.属于国家秘密", "1.属干国豕秘蜜"))
    assert clean != damaged
    for text, words in ((clean, "Both are printed so."), (damaged, "the slip may be ours")):
        findings = checks.find(reading_of(report(now)), 2023, {}, (), around(reading_of(text), 0))
        (finding,) = [finding for finding in findings if finding["rule"] == "X1"]
        assert words in finding["message"]


@pytest.mark.parametrize(
    ("old", "new", "verdict"),
    [
        ("100", "500", "passed"),
        ("100", "501", "failed"),
        ("500", "100", "passed"),
        ("501", "100", "failed"),
        ("0", "50", "failed"),
        ("9", "49", "vacuous"),
        ("49", "0", "vacuous"),
        ("100", None, "unknown"),
        (None, "100", "unknown"),
    ],
)
def test_a_large_figure_does_not_leap(old, new, verdict) -> None:
    before, now = pair("2021")
    instances = sum(counted(before, now, "2021", "X7"))
    usual = counted(before, now, "2021", "X7")
    assert instances == 2 + 3 + 4
    assert usual == (instances - usual[1], usual[1], 0, 0)
    cell = (T2, "penalty", "decisions")
    expected = list(usual)
    expected[0] -= 1
    expected[["passed", "vacuous", "failed", "unknown"].index(verdict)] += 1
    assert counted(before | {cell: old}, now | {cell: new}, "2021", "X7") == tuple(expected)


def test_an_amount_in_another_unit_is_the_same_amount() -> None:
    before, now = pair("2021")
    cell = (T2, "charges", "amount")
    assert found(before | {cell: "1200"}, now | {cell: "12340000元"}, "2021", "X7") == []
    (finding,) = found(before | {cell: "1200"}, now | {cell: "12340000"}, "2021", "X7")
    assert (finding["expected"], finding["observed"]) == ("1200万元", "12340000万元")


@pytest.mark.parametrize("table", [T2, T3, T4])
def test_a_table_that_repeats_the_year_before_is_found(table) -> None:
    before, now = pair("2021")
    copied = now | {cell: figure for cell, figure in before.items() if cell[0] == table}
    (finding,) = found(before, copied, "2021", "X8")
    assert (finding["severity"], finding["table_name"]) == ("warning", table)
    assert finding["expected"] == "0" * 16
    assert finding["observed"] == str(sum(cell[0] == table for cell in now))
    assert counted(before, copied, "2021", "X8") == (2, 0, 1, 0)
    one = next(cell for cell in now if cell[0] == table)
    assert counted(before, copied | {one: "876"}, "2021", "X8") == (3, 0, 0, 0)


def test_few_figures_are_the_same_by_chance() -> None:
    zeros: dict[Cell, str | None] = dict.fromkeys(pair("2021")[0], "0")
    assert counted(zeros, zeros, "2021", "X8") == (0, 3, 0, 0)
    stocks = {(T2, "normdocs", "in_force"): "1234", (T2, "penalty", "decisions"): "123"}
    assert counted(zeros | stocks, zeros | stocks, "2021", "X8") == (0, 3, 0, 0)
    flows = stocks | {(T2, "licensing", "decisions"): "4"}
    assert counted(zeros | flows, zeros | flows, "2021", "X8") == (0, 2, 1, 0)


def test_a_statistics_table_that_repeats_the_year_before_is_found() -> None:
    def reading(seed: int) -> pa.Table:
        return reading_of(statistics.render("tab_rows", statistics.rows(statistics.consistent(seed)))[0])

    for seed, verdict in ((3, (0, 0, 1, 0)), (4, (1, 0, 0, 0))):
        assert of(checks.check(reading(3), 2016, around(reading(seed), 0)), "X8") == verdict
    assert of(checks.check(reading(3), 2016), "X8") == (0, 0, 0, 1)


@pytest.mark.parametrize("edition", ["2019", "2021"])
@pytest.mark.parametrize("seed", range(2))
def test_honest_sequences_raise_no_alarm(edition, seed) -> None:
    years = sequence(range(2019, 2025), edition, seed)
    readings = {year: reading_of(report(figures, edition, edition)) for year, figures in years.items()}
    for year in range(2020, 2025):
        findings = checks.find(readings[year], year, {}, (), around(readings[year - 1], 0))
        assert [finding["message"] for finding in findings if finding["rule"] in RULES] == []
        verdicts = checks.check(readings[year], year, around(readings[year - 1], 0))
        assert all(of(verdicts, rule)[0] for rule in ("X1", "X2", "X7", "X8", "X4" if edition == "2021" else "X3"))


def test_each_report_is_held_against_its_own_partner() -> None:
    bodies = [sequence((2022, 2023), edition, seed) for seed, edition in enumerate(("2019", "2021", "2021"), start=20)]
    editions = ("2019", "2021", "2021")
    earlier, later = (
        reading_of(*(report(body[year], edition, edition) for body, edition in zip(bodies, editions, strict=True)))
        for year in (2022, 2023)
    )
    turned = earlier.take([2, 0, 1])
    for known, partners in ((earlier, (0, 1, 2)), (turned, (1, 2, 0))):
        verdicts = checks.check(later, 2023, around(known, *partners)).to_pylist()
        assert sum(row["failed"] for row in verdicts if row["rule"] in RULES) == 0
        assert sum(row["passed"] for row in verdicts if row["rule"] == "X1") == 3
    wrong = checks.check(later, 2023, around(earlier, 0, 2, 1)).to_pylist()
    assert [row["failed"] for row in wrong if row["rule"] == "X1"] == [0, 1, 1]
