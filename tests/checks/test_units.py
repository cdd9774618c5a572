"""U1 and U2: amounts in the wrong unit, doubted on good evidence alone."""

from decimal import Decimal

import pytest

from pipeline import checks
from pipeline.tables import PROACTIVE_DISCLOSURE
from pipeline.warehouse import facts
from tests.checks.readings import reading_of, report
from tests.planted.figures import Figures, consistent

CHARGES = ("proactive_disclosure", "charges", "amount")
PROCUREMENT = ("proactive_disclosure", "procurement", "amount")
TOWN = "示例县青石镇人民政府"


def found(figures: Figures, edition: str = "2021", **options: object) -> dict[str, list[tuple[str, str, str]]]:
    """Expected, observed and message of each finding on units, by rule."""
    rows = checks.find(reading_of(report(figures, edition, edition, **options)), 2023, {})
    sides = {rule: [row for row in rows if row["rule"] == rule] for rule in ("U1", "U2")}
    return {rule: [(row["expected"], row["observed"], row["message"]) for row in rows] for rule, rows in sides.items()}


def counts(figures: Figures, rule: str, edition: str = "2021", **options: object) -> tuple[int, int, int, int]:
    rows = checks.check(reading_of(report(figures, edition, edition, **options)), 2023).to_pylist()
    (row,) = [row for row in rows if row["rule"] == rule]
    return row["passed"], row["vacuous"], row["failed"], row["not_assessable"]


@pytest.mark.parametrize(
    ("printed", "agency", "expected"),
    [
        ("18.62", TOWN, (1, 0, 0, 0)),
        ("0", TOWN, (0, 1, 0, 0)),
        ("186198.25", TOWN, (0, 0, 1, 0)),
        ("186198.00", "示例县民政局", (0, 0, 1, 0)),
        ("186198.25", "示例市青石街道办事处", (0, 0, 1, 0)),
        (None, TOWN, (0, 0, 0, 1)),
        ("186198.25元", TOWN, (0, 0, 0, 1)),
        # in 万元 a town can have charged this much, and the others any of these
        ("9999.99", TOWN, (1, 0, 0, 0)),
        ("186198.2567", TOWN, (1, 0, 0, 0)),
        ("186198.25", "示例县人民政府", (1, 0, 0, 0)),
        ("186198.25", "示例市自然资源和规划局", (1, 0, 0, 0)),
        ("186198.25", "示例壮族自治区市场监督管理局", (1, 0, 0, 0)),
        ("186198.25", "镇江市公安局", (1, 0, 0, 0)),
        ("186198.25", "新乡市人民政府办公室", (1, 0, 0, 0)),
    ],
)
def test_yuan_where_ten_thousand_yuan_are_asked_for(printed, agency, expected) -> None:
    assert counts(consistent("2021", "2021", seed=3) | {CHARGES: printed}, "U1", agency=agency) == expected


def test_the_finding_says_what_it_may_be_and_why() -> None:
    [(expected, observed, message)] = found(consistent("2021", "2021", seed=3) | {CHARGES: "186198.25"})["U1"]
    assert (expected, observed) == ("186198.25元", "186198.25万元")
    assert message.startswith("表二 · 金额 · 行政事业性收费: 186198.25万元 is printed, but it may be 186198.25元")
    assert "two decimals" in message


@pytest.mark.parametrize(
    ("sentence", "printed", "failed"),
    [
        ("全年行政事业性收费金额186198元。", "186198", 1),
        ("全年行政事业性收费金额18.62万元。", "186198.25", 1),
        ("全年行政事业性收费金额18.62万元。", "18.62", 0),
        ("全年行政事业性收费金额5元。", "5.2", 0),
        ("2021年行政事业性收费金额186198元。", "186198", 0),
        ("全年行政事业性收费金额约18.62万元。", "186198.25", 0),
    ],
)
def test_the_narrative_tells_yuan_from_ten_thousand_yuan(sentence, printed, failed) -> None:
    figures = consistent("2021", "2021", seed=3) | {CHARGES: printed}
    options = {"agency": "示例市人民政府", "narrative": {1: sentence}}
    assert counts(figures, "U1", **options) == (1 - failed, 0, failed, 0)
    assert ["the narrative says" in message for *_, message in found(figures, **options)["U1"]] == [True] * failed


@pytest.mark.parametrize(
    ("printed", "expected", "yuan"),
    [
        ("18.62", (1, 0, 0, 0), Decimal(186_200)),
        ("18.62万元", (1, 0, 0, 0), Decimal(186_200)),
        ("186198.25元", (0, 0, 1, 0), Decimal("186198.25")),
        ("0", (0, 1, 0, 0), Decimal(0)),
        ("", (0, 0, 0, 1), None),
    ],
)
def test_a_unit_in_the_cell_that_is_not_its_columns(printed, expected, yuan) -> None:
    figures = consistent("2021", "2021", seed=3) | {CHARGES: printed}
    assert counts(figures, "U2") == expected
    assert [(given, seen) for given, seen, _ in found(figures)["U2"]] == [("万元", "186198.25元")] * expected[2]
    cells = facts.cells(reading_of(report(figures)), PROACTIVE_DISCLOSURE, 2023).to_pylist()
    assert [cell["value_yuan"] for cell in cells if cell["measure"] == "amount"] == [yuan]


def test_a_column_without_a_unit_has_none_to_differ_from() -> None:
    figures = consistent("2019", "2019", seed=3) | {PROCUREMENT: "251000元"}
    assert counts(figures, "U1", "2019") == counts(figures, "U2", "2019") == (0, 0, 0, 1)
    large = consistent("2019", "2019", seed=3) | {PROCUREMENT: "251000.25万元"}
    assert counts(large, "U1", "2019") == (1, 0, 0, 0)  # a town may well have bought for more
