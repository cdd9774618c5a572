"""M5 to M8: whether a report keeps to the form, and that a clean report raises no doubt at all."""

import pyarrow as pa
import pytest

from pipeline import checks
from pipeline.tables import READINGS
from tests.checks.readings import reading_of, report
from tests.planted import form, statistics
from tests.planted.figures import consistent, quiet

BLANK: dict[form.Cell, None] = dict.fromkeys(form.cells("2021", "2021"))


def counts(text: str, rule: str, year: int = 2023) -> tuple[int, int, int, int]:
    rows = checks.check(reading_of(text), year).to_pylist()
    (row,) = [row for row in rows if row["rule"] == rule]
    return row["passed"], row["vacuous"], row["failed"], row["not_assessable"]


def found(text: str, rule: str, year: int = 2023) -> list[tuple[str | None, str | None, str | None]]:
    """Table, expected and observed of each finding of a rule."""
    rows = [row for row in checks.find(reading_of(text), year, {}) if row["rule"] == rule]
    return [(row["table_name"], row["expected"], row["observed"]) for row in rows]


@pytest.mark.parametrize(
    ("t2", "t3", "year", "wrong"),
    [
        ("2019", "2019", 2019, []),
        ("2019", "2019", 2020, []),
        ("2021", "2021", 2021, []),
        ("2021", "2021", 2024, []),
        ("2019", "2019", 2021, ["proactive_disclosure", "applications"]),
        ("2021", "2021", 2020, ["proactive_disclosure", "applications"]),
        ("2019", "2021", 2023, ["proactive_disclosure"]),
        ("2021", "2019", 2023, ["applications"]),
    ],
)
def test_the_edition_of_each_table_is_the_one_prescribed_for_the_year(t2, t3, year, wrong) -> None:
    text = report(consistent(t2, t3, seed=3), t2, t3, year=year)
    assert counts(text, "M5", year) == (2 - len(wrong), 0, len(wrong), 0)
    used, prescribed = ("2021", "2019") if year < 2021 else ("2019", "2021")
    assert found(text, "M5", year) == [(table, prescribed, used) for table in wrong]


def test_an_edition_is_judged_by_the_year_the_report_states_and_not_before_there_was_one() -> None:
    text = report(consistent("2019", "2019", seed=3), "2019", "2019", year=2020)
    assert counts(text, "M5", 2023) == (2, 0, 0, 0)
    early = report(consistent("2019", "2019", seed=3), "2019", "2019", year=2018)
    assert counts(early, "M5", 2018) == (0, 0, 0, 2)


def test_a_table_whose_edition_is_in_doubt_is_judged_by_neither() -> None:
    text = report(consistent("2019", "2019", seed=3), "2019", "2019", opening="按照国办公开办函〔2021〕30号编制。")
    [row] = reading_of(text).to_pylist()
    row["notes"].append({"rule": "T9", "table_name": "applications", "row": None, "observed": "2019", "locator": None})
    counted = checks.check(pa.Table.from_pylist([row], schema=READINGS), 2023).to_pylist()
    assert [(rule["failed"], rule["not_assessable"]) for rule in counted if rule["rule"] in ("M5", "M6")] == [
        (1, 1),
        (1, 1),
    ]


def test_a_table_that_is_not_there_has_no_edition() -> None:
    text = report(consistent("2021", "2021", seed=3), missing=["applications"])
    assert counts(text, "M5") == (1, 0, 0, 0)


@pytest.mark.parametrize(
    ("cited", "expected"),
    [
        ("国办公开办函〔2021〕30号", (2, 0, 0, 0)),
        ("国办公开办函[2021] 30 号", (2, 0, 0, 0)),
        ("国办公开办函〔2019〕60号", (0, 0, 2, 0)),
        ("国办公开办函（2019）60号", (0, 0, 2, 0)),
        ("國辦公開辦函〔2019〕60號", (0, 0, 2, 0)),
        ("国办公开办函〔2019〕60号、国办公开办函〔2021〕30号", (2, 0, 0, 0)),
        ("国办公开办函〔2020〕15号", (0, 0, 0, 2)),
        ("国办函〔2021〕30号", (0, 0, 0, 2)),
    ],
)
def test_the_notice_cited_is_that_of_the_tables(cited, expected) -> None:
    text = report(consistent("2021", "2021", seed=3), opening=f"本报告按照{cited}的要求编制。")
    assert counts(text, "M6") == expected
    sides = ("国办公开办函〔2021〕30号", "国办公开办函〔2019〕60号")
    wrong = ["proactive_disclosure", "applications"] if expected[2] else []
    assert found(text, "M6") == [(table, *sides) for table in wrong]


def test_a_mixed_report_says_which_table_the_notice_does_not_fit() -> None:
    figures = consistent("2019", "2021", seed=3)
    text = report(figures, "2019", "2021", opening="本报告按照国办公开办函〔2019〕60号的要求编制。")
    assert counts(text, "M6") == (1, 0, 1, 0)
    assert found(text, "M6") == [("applications", "国办公开办函〔2021〕30号", "国办公开办函〔2019〕60号")]


@pytest.mark.parametrize(
    ("words", "left"),
    [
        ("该部分以表格形式报告。表格如下：", "该部分以表格形式报告"),
        ("×年×月×日，XX镇召开会议。", "×年×月×日; XX镇"),
        ("20XX年，我局共办理3件。", "20XX年"),
        ("本机关于20__年制定目录。", "20__年"),
        ("××局按时答复。", "××局"),
        ("其他情况（请填写本单位情况）。", "（请填写本单位情况）"),
        ("具体数据见下表。表格如下：", None),
        ("服务热线7×24小时在线，5×8小时值守。", None),
        ("邮箱xxgk@example.cn，网址www.xxgk.cn。", None),
        ("二〇二三年，居民代表张××反映问题。", None),
        ("开展“XX一号”专项行动。", None),
        ("MAXX局域网、2023年12月。", None),
    ],
)
def test_words_of_a_template_are_found_and_others_are_not_taken_for_them(words, left) -> None:
    text = report(consistent("2021", "2021", seed=3), narrative={1: words}, signed_on="2024年1月25日")
    sections = 5  # preamble, overview, problems, other matters, signature; those of tables 2 to 4 have no text
    assert counts(text, "M7") == (sections - bool(left), 0, int(bool(left)), 3)
    assert found(text, "M7") == ([(None, None, left)] if left else [])


def test_a_table_without_a_number() -> None:
    figures = consistent("2021", "2021", seed=3)
    assert counts(report(figures), "M8") == (3, 0, 0, 0)
    assert counts(report(dict.fromkeys(figures, "0")), "M8") == (3, 0, 0, 0)
    blank = {cell: None if cell[0] == "review_litigation" else text for cell, text in figures.items()}
    assert counts(report(blank), "M8") == (2, 0, 1, 0)
    assert found(report(blank), "M8") == [("review_litigation", None, "15 blank")]
    assert counts(report(BLANK | {("review_litigation", "review", "total"): "无"}), "M8") == (1, 0, 2, 0)
    slashes = {("proactive_disclosure", "rules", column): "/" for column in ("issued", "repealed", "in_force")}
    assert found(report(BLANK | slashes), "M8")[0] == ("proactive_disclosure", None, "3 na, 7 blank")


def test_a_table_whose_figures_cannot_be_read_may_have_numbers() -> None:
    figures = consistent("2021", "2021", seed=3)
    unsure = {cell: "1 2" if cell[0] == "review_litigation" else text for cell, text in figures.items()}
    assert counts(report(unsure), "M8") == (2, 0, 0, 1)


def test_a_statistics_table_without_a_number() -> None:
    figures = statistics.consistent(3)
    for planted, expected in [(figures, (1, 0, 0, 0)), (dict.fromkeys(figures), (0, 0, 1, 0))]:
        text = statistics.render("tab_rows", statistics.rows(planted, statistics.ONE))[0]
        assert counts(text, "M8", 2016) == expected


@pytest.mark.parametrize("figures", [consistent, quiet])
def test_clean_reports_raise_no_doubt(figures) -> None:
    """Errors and warnings of rules that need one report alone; what sentences say of tables is tested elsewhere."""
    for seed in range(30):
        edition = form.EDITIONS[seed % 2]
        year = 2019 + seed // 2 % 2 if edition == "2019" else 2021 + seed % 5
        text = report(
            figures(edition, edition, seed), edition, edition, year=year, signed_on=f"{year + 1}年1月{seed % 28 + 1}日"
        )
        rows = checks.find(reading_of(text), year, {})
        assert [row["message"] for row in rows] == []
