"""H5, H7 and H8 on the statistics table of 2014-2018, and its rows in the warehouse."""

import shutil
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from assets.in_process import build
from pipeline import checks
from tests.checks.readings import reading_of
from tests.conftest import SAMPLES
from tests.planted import statistics as planted

# rule, its instances, a cell whose change breaks exactly one of them
SUMS = [("H7", 4, "recv_fax"), ("H8", 3, "den_privacy")]


def report(figures: planted.Figures, columns: tuple[str, ...] = planted.ONE) -> str:
    return planted.render("tab_rows", planted.rows(figures, columns))[0]


def counts(text: str, rule: str) -> tuple[int, int, int, int]:
    rows = checks.check(reading_of(text), 2016).to_pylist()
    (found,) = [row for row in rows if row["rule"] == rule]
    return found["passed"], found["vacuous"], found["failed"], found["not_assessable"]


@pytest.mark.parametrize(("rule", "instances", "code"), SUMS)
def test_sums_pass_fail_and_cannot_say(rule, instances, code) -> None:
    figures = planted.consistent(3)
    cell = (code, "统计数")
    assert counts(report(figures), rule) == (instances, 0, 0, 0)
    assert counts(report(figures | {cell: "987654"}), rule) == (instances - 1, 0, 1, 0)
    assert counts(report(figures | {cell: None}), rule) == (instances - 1, 0, 0, 1)
    assert counts(report(dict.fromkeys(figures, "0")), rule) == (0, instances, 0, 0)


def test_every_figure_column_is_checked() -> None:
    columns = ("省本级", "全省")
    first, second = planted.consistent(4), planted.consistent(5)
    figures = {(code, "省本级"): text for (code, _), text in first.items()}
    figures |= {(code, "全省"): text for (code, _), text in second.items()}
    assert counts(report(figures, columns), "H7") == (8, 0, 0, 0)
    broken = figures | {("staff_pt", "全省"): "555555"}
    assert counts(report(broken, columns), "H7") == (7, 0, 1, 0)
    findings = checks.find(reading_of(report(broken, columns)), 2016, {}).to_pylist()
    (finding,) = [row for row in findings if row["severity"] == "error"]
    assert finding["cell_keys"] == "staff/全省 staff_ft/全省 staff_pt/全省"
    assert finding["observed"] == second["staff", "统计数"]
    assert finding["expected"] == str(int(second["staff_ft", "统计数"] or 0) + 555555)
    assert finding["message"].startswith("统计表 · 全省 · 从事政府信息公开工作人员数")
    assert finding["message"].endswith("The source prints it so.")


def test_a_failure_in_a_table_read_with_doubt_is_not_blamed_on_the_agency() -> None:
    figures = planted.consistent(6) | {("recv_fax", "统计数"): "987654"}
    damaged = report(figures).replace("5.其他方式回应事件数", "5.其它方式回应件数")
    findings = checks.find(reading_of(damaged), 2016, {}).to_pylist()
    assert {row["rule"] for row in findings if row["table_name"]} == {"T3", "H7"}
    (failed,) = [row for row in findings if row["rule"] == "H7"]
    assert failed["message"].endswith("the slip may be ours.")


@pytest.fixture(scope="module")
def catalogue(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A clean report of 2016, one with a total that is wrong and a row that is not printed, and one of 2022."""
    folder: Path = tmp_path_factory.mktemp("statistics")
    raw = folder / "raw" / "2016"
    raw.mkdir(parents=True)
    (raw / "clean.txt").write_text(report(planted.consistent(21)))
    wrong = planted.rows(planted.consistent(22) | {("review", "统计数"): "3"}, without=["meetings"])
    (raw / "wrong.html").write_text(planted.render("html", wrong)[0])
    (folder / "raw" / "2022").mkdir()
    shutil.copyfile(SAMPLES / "2022" / "shilixian-qingshi.txt", folder / "raw" / "2022" / "qingshi.txt")
    build(folder / "raw", folder / "warehouse")
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
        codes = connection.execute("select code, unit from indicators order by position").fetchall()
        missing = connection.execute("select count(*) from findings where rule in ('T1', 'S1') and report_year = 2016")
        assert missing.fetchone() == (0,)
    assert [row[1:] for row in reports] == [(None, None, "A"), (None, None, "C")]
    truth = planted.consistent(21)
    assert {(code, column): (value, unit) for code, column, value, unit in cells} == {
        cell: (Decimal(text or ""), planted.UNITS[cell[0]]) for cell, text in truth.items()
    }
    assert len(cells) == 58
    assert [(code, state) for code, state, _ in lost] == [("meetings", "lost")]
    assert lost[0][2] == 58
    assert codes == list(planted.UNITS.items())


def test_the_crosswalk_lays_both_series_side_by_side(catalogue: Path) -> None:
    with duckdb.connect(catalogue, read_only=True) as connection:
        rows = connection.execute("from analysis.crosswalk_2014").fetchall()
        received = connection.execute(
            "select value from applications where item = 'received_new' and applicant = 'total'"
        ).fetchone()
    found = {(year, concept): tuple(rest) for year, concept, *rest in rows}
    assert len(found) == len(rows) == 24
    truth = {code: text for (code, _), text in planted.consistent(21).items()}

    def planted_sum(*codes: str) -> int:
        return sum(int(truth[code] or 0) for code in codes)

    assert found[2016, "received"][:5] == ("yes", planted_sum("received"), 1, None, 0)
    assert found[2016, "granted"][:2] == ("yes", planted_sum("ans_already_public", "ans_granted"))
    assert found[2016, "denied"][:2] == ("approx", planted_sum("ans_denied") - planted_sum("den_not_gov_info"))
    assert found[2016, "unclear"][:2] == ("weak", planted_sum("ans_clarify"))
    assert received is not None
    assert found[2022, "received"][:5] == ("yes", None, 0, received[0], 1)
