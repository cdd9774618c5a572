"""The arithmetic of the statistics tables before 2019, their rows in the warehouse, and the crosswalk."""

from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from assets.in_process import build
from pipeline import checks
from tests.checks.readings import reading_of
from tests.planted import statistics as planted
from tests.planted.figures import consistent
from tests.planted.render import render

NATIONAL, SHANGHAI, FUJIAN = planted.FORMS.values()
# form, rule, its instances in each column, a cell whose change to 987654 breaks exactly one of them
RULES = [
    (NATIONAL, "H7", 4, "recv_fax"),
    (NATIONAL, "H8", 3, "den_privacy"),
    (NATIONAL, "D3", 6, "ch_weibo"),
    (NATIONAL, "D4", 1, "proactive_normdocs"),
    (NATIONAL, "D5", 2, "web_interviews_head"),
    (NATIONAL, "D6", 1, "completed"),
    (SHANGHAI, "H7", 2, "sh_recv_email"),
    (SHANGHAI, "H8", 1, "sh_den_exempt_6"),
    (SHANGHAI, "D5", 2, "sh_appeals_first"),
    (FUJIAN, "H7", 1, "fj_recv_other"),
]


def report(figures: planted.Figures, columns: tuple[str, ...] | None = None, form: planted.Form = NATIONAL) -> str:
    return planted.render("tab_rows", planted.rows(figures, columns, form=form))[0]


def counts(text: str, rule: str) -> tuple[int, int, int, int]:
    rows = checks.check(reading_of(text), 2016).to_pylist()
    (found,) = [row for row in rows if row["rule"] == rule]
    return found["passed"], found["vacuous"], found["failed"], found["not_assessable"]


@pytest.mark.parametrize(("form", "rule", "instances", "code"), RULES)
def test_rules_pass_fail_and_cannot_say(form, rule, instances, code) -> None:
    figures = planted.consistent(3, form)
    instances *= len(form.columns)
    cell = (code, form.columns[-1])
    assert counts(report(figures, form=form), rule) == (instances, 0, 0, 0)
    assert counts(report(figures | {cell: "987654"}, form=form), rule) == (instances - 1, 0, 1, 0)
    passed, vacuous, failed, not_assessable = counts(report(figures | {cell: None}, form=form), rule)
    assert (passed + not_assessable, vacuous, failed) == (instances, 0, 0)
    assert not_assessable == (2 if rule == "D3" else 1)  # a channel is compared with the total and added up to it
    assert counts(report(dict.fromkeys(figures, "0"), form=form), rule) == (0, instances, 0, 0)


@pytest.mark.parametrize(("rule", "form"), [("H8", FUJIAN), ("D3", SHANGHAI), ("D4", SHANGHAI), ("D6", FUJIAN)])
def test_a_rule_that_a_table_has_no_rows_for_is_not_counted(rule, form) -> None:
    assert counts(report(planted.consistent(3, form), form=form), rule) == (0, 0, 0, 0)


def test_the_total_of_all_channels_is_the_most_that_can_be_disclosed() -> None:
    figures = planted.consistent(7)
    channels = [code for code in NATIONAL.indicators if code.startswith("ch_")]
    most = sum(int(figures[code, "统计数"] or 0) for code in channels)
    total = ("proactive_total", "统计数")
    assert counts(report(figures | {total: str(most)}), "D3") == (6, 0, 0, 0)
    broken = report(figures | {total: str(most + 1)})
    assert counts(broken, "D3") == (5, 0, 1, 0)
    (finding,) = [row for row in checks.find(reading_of(broken), 2016, {}) if row["rule"] == "D3"]
    assert (finding["severity"], finding["observed"], finding["expected"]) == ("warning", str(most + 1), str(most))
    assert finding["cell_keys"] == " ".join(f"{code}/统计数" for code in ("proactive_total", *channels))
    assert finding["message"].startswith(
        f"统计表 · 统计数 · 主动公开政府信息数: {most + 1} is more than 政府公报公开政府信息数"
    )


def test_every_figure_column_is_checked() -> None:
    columns = ("省本级", "全省")
    first, second = planted.consistent(4), planted.consistent(5)
    figures = {(code, "省本级"): text for (code, _), text in first.items()}
    figures |= {(code, "全省"): text for (code, _), text in second.items()}
    assert counts(report(figures, columns), "H7") == (8, 0, 0, 0)
    broken = figures | {("staff_pt", "全省"): "555555"}
    assert counts(report(broken, columns), "H7") == (7, 0, 1, 0)
    findings = checks.find(reading_of(report(broken, columns)), 2016, {})
    (finding,) = [row for row in findings if row["severity"] == "error"]
    assert finding["cell_keys"] == "staff/全省 staff_ft/全省 staff_pt/全省"
    assert finding["observed"] == second["staff", "统计数"]
    assert finding["expected"] == str(int(second["staff_ft", "统计数"] or 0) + 555555)
    assert finding["message"].startswith("统计表 · 全省 · 从事政府信息公开工作人员数")
    assert finding["message"].endswith("The source prints it so.")


def test_a_failure_in_a_table_read_with_doubt_is_not_blamed_on_the_agency() -> None:
    figures = planted.consistent(6) | {("recv_fax", "统计数"): "987654"}
    damaged = report(figures).replace("5.其他方式回应事件数", "5.其它方式回应件数")
    findings = checks.find(reading_of(damaged), 2016, {})
    assert {row["rule"] for row in findings if row["table_name"]} == {"T3", "H7"}
    (failed,) = [row for row in findings if row["rule"] == "H7"]
    assert failed["message"].endswith("the slip may be ours.")


@pytest.fixture(scope="module")
def catalogue(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Of 2016 a clean report, and one with a total that is wrong and a row that is not printed; of 2010 one of either
    local table; one of 2020 on the form of 2021.
    """
    folder: Path = tmp_path_factory.mktemp("statistics")
    for year in ("2010", "2016", "2020"):
        (folder / "raw" / year).mkdir(parents=True)
    raw = folder / "raw"
    (raw / "2016" / "clean.txt").write_text(report(planted.consistent(21)))
    wrong = planted.rows(planted.consistent(22) | {("review", "统计数"): "3"}, without=["meetings"])
    (raw / "2016" / "wrong.html").write_text(planted.render("html", wrong)[0])
    for form in (SHANGHAI, FUJIAN):
        (raw / "2010" / f"{form.family}.txt").write_text(report(planted.consistent(23, form), form=form))
    (raw / "2020" / "new.txt").write_text(render("tab_rows", "2021", "2021", consistent("2021", "2021", 24)))
    build(raw, folder / "warehouse")
    return folder / "warehouse" / "gongkai.duckdb"


def test_the_table_in_the_warehouse_is_what_was_planted(catalogue: Path) -> None:
    with duckdb.connect(catalogue, read_only=True) as connection:
        reports = connection.execute(
            "select source_path, edition_t2, edition_t3, grade from reports where report_year = 2016 order by all"
        ).fetchall()
        cells = connection.execute(
            "select indicator, column_label, value, unit from statistics_2014 join reports using (report_id) "
            "where source_path like '%clean%'"
        ).fetchall()
        lost = connection.execute(
            "select indicator, state, count(*) over () from statistics_2014 join reports using (report_id) "
            "where source_path like '%wrong%' qualify state = 'lost'"
        ).fetchall()
        missing = connection.execute("select count(*) from findings where rule in ('T1', 'S1') and report_year = 2016")
        assert missing.fetchone() == (0,)
    assert [row[1:] for row in reports] == [(None, None, "A"), (None, None, "C")]
    truth = planted.consistent(21)
    assert {(code, column): (value, unit) for code, column, value, unit in cells} == {
        cell: (Decimal(text or ""), NATIONAL.units[cell[0]]) for cell, text in truth.items()
    }
    assert len(cells) == 58
    assert [(code, state) for code, state, _ in lost] == [("meetings", "lost")]
    assert lost[0][2] == 58


@pytest.mark.parametrize("form", [SHANGHAI, FUJIAN], ids=["shanghai", "fujian"])
def test_local_tables_stand_beside_it_under_codes_of_their_own(catalogue: Path, form: planted.Form) -> None:
    with duckdb.connect(catalogue, read_only=True) as connection:
        cells = connection.execute(
            "select indicator, column_label, value, statistics_2014.unit, family from statistics_2014 "
            "join indicators on indicator = code join reports using (report_id) where source_path like $1",
            [f"%{form.family}%"],
        ).fetchall()
        doubts = connection.execute(
            "select message from findings where table_name is not null and report_year = 2010"
        ).fetchall()
    assert {(code, column): (value, unit) for code, column, value, unit, _ in cells} == {
        cell: (Decimal(text or ""), form.units[cell[0]]) for cell, text in planted.consistent(23, form).items()
    }
    assert len(cells) == 2 * len(form.indicators)
    assert {family for *_, family in cells} == {form.family}
    assert doubts == []


def test_the_indicators_are_the_rows_of_the_tables_in_their_order(catalogue: Path) -> None:
    with duckdb.connect(catalogue, read_only=True) as connection:
        for form in planted.FORMS.values():
            listed = connection.execute(
                "select code, label, unit from indicators where family = $1 order by position", [form.family]
            ).fetchall()
            assert listed == [(line.code, line.label, line.unit) for line in form.lines if line.code]


# concept, how comparable, indicators of the old table, cells of the new form: typed from the comparison of the two
CROSSWALK = """
received yes received received_new/total
granted sum ans_already_public,ans_granted granted_full/total
granted_partial yes ans_partial granted_partial/total
denied approximate ans_denied,-den_not_gov_info denied_state_secret/total,denied_statutory_bar/total,\
denied_security_stability/total,denied_third_party/total,denied_internal_affairs/total,denied_deliberative/total,\
denied_enforcement_file/total
state_secret yes den_state_secret denied_state_secret/total
security_stability yes den_security_stability denied_security_stability/total
third_party approximate den_trade_secret,den_privacy denied_third_party/total
not_held sum ans_not_this_organ,ans_not_exist unable_not_held/total
unclear weak ans_clarify unable_unclear/total,other_no_clarification/total
other_channel weak ans_other_channel rejected_petition/total,denied_registry_inquiry/total
reviews approximate review review/total
lawsuits approximate litigation lit_direct/total,lit_after_review/total
carried_in none - carried_in/total
carried_out none - carried_out/total
reviews_pending none - review/pending
lawsuits_pending none - lit_direct/pending,lit_after_review/pending
received_natural_person none - received_new/natural_person
received_organisation none - received_new/company,received_new/research,received_new/nonprofit,\
received_new/legal_service,received_new/other_org
received_in_person none recv_in_person -
received_fax none recv_fax -
received_online none recv_online -
received_letter none recv_letter -
completed_on_time none completed_on_time -
completed_extended none completed_extended -
""".replace("\\\n", "")


def test_the_crosswalk_lays_both_series_side_by_side(catalogue: Path) -> None:
    """The years of local tables are not in it: 2010 has no row."""
    with duckdb.connect(catalogue, read_only=True) as connection:
        rows = connection.execute("select * exclude note from analysis.crosswalk_2014").fetchall()
        notes = connection.execute("select count(*) from crosswalk where note_zh = '' or note_en = ''").fetchone()
    old = {code: text or "" for (code, _), text in planted.consistent(21).items()}
    new = {f"{row}/{column}": text for (_, row, column), text in consistent("2021", "2021", 24).items()}

    def added(terms: str, figures: dict[str, str]) -> int | None:
        if terms == "-":
            return None
        return sum((-1 if term[0] == "-" else 1) * int(figures[term.removeprefix("-")]) for term in terms.split(","))

    expected: list[tuple[int, str, str, int | None, int, int | None, int]] = []
    lines = [line.split(" ") for line in CROSSWALK.strip().splitlines()]
    for concept, comparable, before, _ in lines:
        total = added(before, old)
        expected.append((2016, concept, comparable, total, int(total is not None), None, 0))
    for concept, comparable, _, after in lines:
        total = added(after, new)
        expected.append((2020, concept, comparable, None, 0, total, int(total is not None)))
    assert rows == expected
    assert notes == (0,)
