"""Each rule on a report that passes, one that fails, one where it cannot say, and one of zeros."""

from datetime import date

import pytest

from pipeline import checks
from pipeline.forms import load
from tests.checks.readings import reading_of, report
from tests.planted.figures import consistent

# rule, instances in the 2019 and in the 2021 edition, a cell whose change breaks exactly one instance of it
ARITHMETIC = [
    ("H1", 7, 7, ("applications", "carried_out", "company")),
    ("H2", 7, 7, ("applications", "denied_state_secret", "company")),
    ("H3", 23, 25, ("applications", "granted_full", "company")),
    ("H4", 3, 3, ("review_litigation", "lit_direct", "corrected")),
    ("D1", 2, 0, ("proactive_disclosure", "normdocs", "published")),
    ("D2", 0, 2, ("proactive_disclosure", "normdocs", "issued")),
]


def counts(text: str, rule: str, year: int = 2023) -> tuple[int, int, int, int]:
    rows = checks.check(reading_of(text), year).to_pylist()
    found = next(row for row in rows if row["rule"] == rule)
    return found["passed"], found["vacuous"], found["failed"], found["not_assessable"]


@pytest.mark.parametrize(("rule", "in_2019", "in_2021", "cell"), ARITHMETIC)
@pytest.mark.parametrize("edition", ["2019", "2021"])
def test_arithmetic_passes_fails_and_cannot_say(rule, in_2019, in_2021, cell, edition) -> None:
    instances = in_2019 if edition == "2019" else in_2021
    figures = consistent(edition, edition, seed=3)
    assert counts(report(figures, edition, edition), rule) == (instances, 0, 0, 0)
    if not instances:
        return
    broken = figures | {cell: "98765432"}
    assert counts(report(broken, edition, edition), rule) == (instances - 1, 0, 1, 0)
    blank = figures | {cell: None}
    assert counts(report(blank, edition, edition), rule) == (instances - 1, 0, 0, 1)
    zeros = dict.fromkeys(figures, "0")
    assert counts(report(zeros, edition, edition), rule) == (0, instances, 0, 0)


def test_changes_take_away_no_more_items_than_there_were() -> None:
    figures = consistent("2019", "2019", seed=3)
    change, before = (("proactive_disclosure", "charges", measure) for measure in ("items_change", "items_prev"))
    assert counts(report(figures, "2019", "2019"), "H6") == (5, 0, 0, 0)
    assert counts(report(figures | {before: "17", change: "-17"}, "2019", "2019"), "H6") == (5, 0, 0, 0)
    assert counts(report(figures | {change: None}, "2019", "2019"), "H6") == (4, 0, 0, 1)
    assert counts(report(dict.fromkeys(figures, "0"), "2019", "2019"), "H6") == (0, 5, 0, 0)
    assert counts(report(consistent("2021", "2021", seed=3)), "H6") == (0, 0, 0, 0)
    broken = report(figures | {before: "17", change: "-23"}, "2019", "2019")
    assert counts(broken, "H6") == (4, 0, 1, 0)
    (finding,) = [row for row in checks.find(reading_of(broken), 2020, {}) if row["severity"] == "error"]
    assert (finding["rule"], finding["observed"], finding["expected"]) == ("H6", "-6", "0")
    assert finding["cell_keys"] == "charges/items_prev charges/items_change"
    assert finding["message"].startswith(
        "表二 · 行政事业性收费: 上一年项目数量 17 + 本年增/减 -23 = -6 is less than 0."
    )


def test_counts_below_zero_fail_and_changes_below_zero_do_not() -> None:
    figures = consistent("2019", "2019", seed=3)
    passed, vacuous, failed, unknown = counts(report(figures, "2019", "2019"), "H5")
    assert (vacuous, failed, unknown) == (0, 0, 0)
    assert passed == 22 + 161 + 15
    negative = figures | {
        ("proactive_disclosure", "penalty", "items_change"): "-8",
        ("proactive_disclosure", "penalty", "decisions"): "-3",
        ("applications", "carried_out", "company"): "-1",
    }
    assert counts(report(negative, "2019", "2019"), "H5") == (passed - 2, 0, 2, 0)


def test_a_failure_names_both_sides_and_the_place() -> None:
    figures = consistent("2021", "2021", seed=3)
    cells = dict.fromkeys(("other", "pending"), "0") | {"upheld": "10", "corrected": "1", "total": "0"}
    figures |= {("review_litigation", "review", outcome): figure for outcome, figure in cells.items()}
    findings = checks.find(reading_of(report(figures)), 2023, {})
    (finding,) = [finding for finding in findings if finding["severity"] == "error"]
    assert finding["rule"] == "H4"
    assert (finding["observed"], finding["expected"]) == ("0", "11")
    assert finding["cell_keys"].split() == [
        f"review/{outcome}" for outcome in ("total", "upheld", "corrected", "other", "pending")
    ]
    assert "表四 · 行政复议" in finding["message"]
    assert "结果维持 10 + 结果纠正 1 + 其他结果 0 + 尚未审结 0 = 11" in finding["message"]
    assert finding["message"].endswith("The source prints it so.")
    line = int(finding["locator"].split()[1])
    assert report(figures).splitlines()[line - 1].split("\t")[:5] == ["10", "1", "0", "0", "0"]


def test_a_failure_in_a_table_read_with_doubt_is_not_blamed_on_the_agency() -> None:
    figures = consistent("2021", "2021", seed=3) | {("applications", "granted_full", "total"): "98765432"}
    damaged = report(figures).replace("1.属于国家秘密", "1.属干国豕秘蜜")
    assert damaged != report(figures)
    findings = checks.find(reading_of(damaged), 2023, {})
    messages = [finding["message"] for finding in findings if finding["rule"] in ("H2", "H3")]
    assert messages
    assert all("may be ours" in message for message in messages)


@pytest.mark.parametrize(
    ("rule", "text", "year", "expected"),
    [
        ("Y1", "示例镇2023年政府信息公开工作年度报告", 2023, (1, 0, 0, 0)),
        ("Y1", "示例镇2023年政府信息公开工作年度报告", 2022, (0, 0, 1, 0)),
        ("Y1", "政府信息公开工作年度报告", 2022, (0, 0, 0, 1)),
        ("Y2", "示例镇2023年政府信息公开工作年度报告\n数据统计期限为2023年1月1日至12月31日。", 2023, (1, 0, 0, 0)),
        ("Y2", "示例镇2023年政府信息公开工作年度报告\n数据统计期限为2023年1月1日至12月29日。", 2023, (0, 0, 1, 0)),
        ("Y2", "示例镇2023年政府信息公开工作年度报告", 2023, (0, 0, 0, 1)),
    ],
)
def test_years_and_periods(rule, text, year, expected) -> None:
    body = report(consistent("2021", "2021", seed=3), title=text.split("\n")[0], opening="".join(text.split("\n")[1:]))
    assert counts(body, rule, year) == expected


@pytest.mark.parametrize(
    ("signed_on", "expected"), [("2024年1月22日", (1, 0, 0, 0)), ("2023年12月25日", (0, 0, 1, 0)), (None, (0, 0, 0, 1))]
)
def test_published_after_the_period(signed_on, expected) -> None:
    opening = "本报告所列数据的统计期限自2023年1月1日起至2023年12月31日止。"
    body = report(consistent("2021", "2021", seed=3), opening=opening, signed_on=signed_on)
    assert counts(body, "Y3") == expected


def test_every_edition_has_its_arithmetic_in_the_rules_table() -> None:
    written = checks.rules()
    for edition in load().editions.values():
        for identity in edition.identities:
            assert written[identity.rule].kind == "check"
            assert written[identity.rule].formula


def test_grades() -> None:
    assert checks.grade([], ["M5", "T3"]) == ("A", None)
    assert checks.grade([], ["T8", "M5", "Y1", "T8"]) == ("B", "警告 warning: Y1, T8 ×2")
    assert checks.grade([], ["Y2", "H4", "H3", "H4"]) == ("C", "错误 error: H3, H4 ×2 · 警告 warning: Y2")
    assert checks.grade(["applications", "review_litigation"], ["H6"]) == (
        "D",
        "缺表 missing: 表三, 表四 · 错误 error: H6",
    )
    assert checks.grade(["review_litigation"], []) == ("D", "缺表 missing: 表四")


def test_a_batch_is_checked_as_its_reports_are_alone() -> None:
    good = report(consistent("2021", "2021", seed=3))
    bad = report(
        consistent("2019", "2019", seed=4) | {("applications", "carried_in", "total"): "98765432"}, "2019", "2019"
    )
    alone = [checks.check(reading_of(text), 2023).drop_columns("report_id").to_pylist() for text in (good, bad)]
    together = checks.check(reading_of(good, bad), 2023).drop_columns("report_id").to_pylist()
    assert together == alone[0] + alone[1]


def test_the_period_is_read_as_dates() -> None:
    body = report(consistent("2021", "2021", seed=3), opening="统计期限为2023年1月1日至12月29日。")
    row = reading_of(body).to_pylist()[0]
    assert (row["period_start"], row["period_end"]) == (date(2023, 1, 1), date(2023, 12, 29))
