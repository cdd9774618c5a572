"""Corrections and decisions as data: applied, kept through every rebuild, refused once they no longer fit."""

import re
import shutil
from datetime import date
from decimal import Decimal
from hashlib import sha256
from pathlib import Path
from typing import Any

import duckdb
import pytest
from click.testing import CliRunner

from assets.in_process import BuildFailed, Built, build
from pipeline import checks
from pipeline.cli import main
from pipeline.pages.report import report_page
from pipeline.warehouse import Lake, Raw, UnusableEntries, facts, read_amendments
from pipeline.warehouse.corrections import apply_corrections, hold_corrections
from pipeline.warehouse.decisions import decide
from pipeline.warehouse.reports import of_year
from tests.checks.readings import reading_of
from tests.conftest import PROJECT
from tests.planted import statistics
from tests.planted.figures import consistent
from tests.planted.render import render

AGENCY = "示例县青石镇人民政府"
FIGURES = consistent("2021", "2021", seed=7)
TOTAL = FIGURES["review_litigation", "review", "total"]  # the sum of its four outcomes
MISPRINT = "99"
REQUESTS = FIGURES["applications", "received_new", "natural_person"]
AMOUNT = FIGURES["proactive_disclosure", "charges", "amount"]
STAFF = statistics.consistent(3)["staff_ft", "统计数"]
OLD = "statistics.txt"
MISPRINTED = render(
    "tab_rows",
    "2021",
    "2021",
    FIGURES | {("review_litigation", "review", "total"): MISPRINT},
    agency=AGENCY,
    signed_on="2024年1月10日",
)
TEXTS = {
    "a.txt": MISPRINTED,
    "later.txt": render("tab_rows", "2021", "2021", FIGURES, agency=AGENCY, signed_on="2024年2月20日"),
    OLD: statistics.render("tab_rows", statistics.rows(statistics.consistent(3)))[0],
}
IDS = {name: sha256(text.encode()).hexdigest()[:16] for name, text in TEXTS.items()}


def written(**fields: str | None) -> str:
    """An entry as YAML."""
    shown = {name: "null" if value is None else value for name, value in fields.items()}
    return "- " + "\n  ".join(f"{name}: {value}" for name, value in shown.items()) + "\n"


def correction(**fields: str | None) -> str:
    """The correction of the misprinted total, with other fields; one that is `-` is left out."""
    usual = {
        "report_id": f'"{IDS["a.txt"]}"',
        "report_year": "2023",
        "table_name": "review_litigation",
        "channel": "review",
        "outcome": "total",
        "printed": MISPRINT,
        "value": TOTAL,
        "reason": "The total was misprinted, as the agency says.",
        "corrected_by": "Li Si",
        "corrected_on": "2024-05-31",
        "source": "https://example.org/notice",
    }
    return written(**{name: value for name, value in (usual | fields).items() if value != "-"})


def decision(finding_id: str, **fields: str | None) -> str:
    usual = {
        "report_year": "2023",
        "finding_id": f'"{finding_id}"',
        "decision": "dismissed",
        "decision_comment": "The folder is right; the title was left from an old report.",
        "decided_by": "Zhang San",
        "decided_on": "2024-06-01",
    }
    return written(**(usual | fields))


OTHERS = (
    correction(
        table_name="applications",
        channel="-",
        outcome="-",
        item="received_new",
        applicant="natural_person",
        printed=REQUESTS,
        value="-",
        state="unreadable",
        reason="A stain lies over the last digit.",
    )
    + correction(
        table_name="proactive_disclosure",
        channel="-",
        outcome="-",
        subject="charges",
        measure="amount",
        printed=AMOUNT,
        value="12.5",
        unit="元",
        reason="The amount is in yuan, and another.",
    )
    + correction(
        report_id=IDS[OLD],
        table_name="statistics_2014",
        channel="-",
        outcome="-",
        indicator="staff_ft",
        column_label="统计数",
        printed=f'"{STAFF}"',
        value="7",
        reason="The footnote's mark stuck to the figure.",
    )
)


class Folder:
    """A raw folder with what lies beside it."""

    def __init__(self, root: Path) -> None:
        self.root, self.raw, self.lake = root, root / "raw", Lake(root / "warehouse")

    def write(self, path: str, text: str) -> None:
        (self.root / path).parent.mkdir(parents=True, exist_ok=True)
        (self.root / path).write_text(text, "utf-8")

    def build(self) -> Built:
        return build(self.raw, self.lake.root)

    def ask(self, query: str) -> list[Any]:
        with duckdb.connect(self.lake.catalogue, read_only=True) as connection:
            return connection.execute(query).fetchall()

    def amended(self) -> dict[str, list[Any]]:
        """All that corrections and decisions did, without what a rename or another parser may change."""
        return {
            "corrections": self.ask("from corrections order by all"),
            "cells": self.ask(
                "select report_id, item, value, state, text from applications where origin = 'corrected' union all "
                "select report_id, outcome, value, state, text from review_litigation where origin = 'corrected' "
                "union all select report_id, measure, value_yuan, state, text from proactive_disclosure "
                "where origin = 'corrected' union all select report_id, indicator, value, state, text "
                "from statistics_2014 where origin = 'corrected' order by all"
            ),
            "decisions": self.ask(
                "select finding_id, rule, decision, decision_comment, decided_by, decided_on from findings "
                "where decision is not null order by all"
            ),
            "grades": self.ask("select report_id, grade from reports order by all"),
        }


@pytest.fixture(scope="module")
def uncorrected(tmp_path_factory: pytest.TempPathFactory) -> Folder:
    folder = Folder(tmp_path_factory.mktemp("uncorrected"))
    for name, text in TEXTS.items():
        folder.write(f"raw/2023/{name}", text)
    folder.write(f"raw/2023/copy of {OLD}", TEXTS[OLD])
    folder.build()
    return folder


@pytest.fixture(scope="module")
def corrected(uncorrected: Folder, tmp_path_factory: pytest.TempPathFactory) -> Folder:
    """The same with a correction in each table, a finding dismissed, and two about other files confirmed."""
    folder = Folder(tmp_path_factory.mktemp("corrected") / "data")
    shutil.copytree(uncorrected.root, folder.root)
    folder.write("corrections/2023.yml", correction())
    folder.write("corrections/by county/示例县.yml", OTHERS)
    [(dated,)] = folder.ask("select finding_id from findings where rule = 'Y1'")
    of_later = f"rule = 'A2' and report_id = '{IDS['later.txt']}'"
    about_files = folder.ask(f"select finding_id from findings where rule = 'F1' or ({of_later})")
    confirmed = "".join(decision(name, decision="confirmed") for (name,) in about_files)
    folder.write("decisions/2023.yml", decision(dated) + confirmed)
    assert folder.build().years == [2023]
    return folder


def test_a_correction_is_the_value_and_what_is_printed_stays(uncorrected: Folder, corrected: Folder) -> None:
    for table, cell, printed, now in (
        ("review_litigation", "channel = 'review' and outcome = 'total'", 99, (int(TOTAL), "number", MISPRINT)),
        (
            "applications",
            "item = 'received_new' and applicant = 'natural_person'",
            int(REQUESTS),
            (None, "unreadable", REQUESTS),
        ),
        (
            "proactive_disclosure",
            "subject = 'charges' and measure = 'amount'",
            Decimal(AMOUNT),
            (Decimal("12.5"), "number", AMOUNT),
        ),
        ("statistics_2014", "indicator = 'staff_ft'", Decimal(STAFF), (7, "number", STAFF)),
    ):
        report = IDS[OLD] if table == "statistics_2014" else IDS["a.txt"]
        query = f"from {table} where report_id = '{report}' and {cell}"
        assert uncorrected.ask(f"select value, origin {query}") == [(printed, "printed")]
        assert corrected.ask(f"select value, state, text, origin {query}") == [(*now, "corrected")]
        place = corrected.ask(f"select locator {query}")
        assert place == uncorrected.ask(f"select locator {query}") != [(None,)]
        others = f"from {table} where not (report_id = '{report}' and {cell}) order by all"
        assert corrected.ask(others) == uncorrected.ask(others)


def test_a_corrected_amount_is_given_in_yuan_too(corrected: Folder) -> None:
    query = "select unit, value_yuan from proactive_disclosure where origin = 'corrected'"
    assert corrected.ask(query) == [("元", Decimal("12.5"))]


def test_what_is_known_of_a_correction_is_a_row(corrected: Folder) -> None:
    rows = corrected.ask("select * exclude (source) from corrections where table_name = 'review_litigation'")
    [(*row, locator)] = rows
    assert row == [
        *(IDS["a.txt"], 2023, "review_litigation", "review/total", MISPRINT, Decimal(TOTAL), None, "number"),
        *("The total was misprinted, as the agency says.", "Li Si", date(2024, 5, 31)),
    ]
    assert locator == corrected.ask("select locator from review_litigation where origin = 'corrected'")[0][0]
    assert corrected.ask("select count(*) from corrections") == [(4,)]


def test_checks_and_findings_see_the_corrected_values(uncorrected: Folder, corrected: Folder) -> None:
    rule = f"where report_id = '{IDS['a.txt']}' and rule = 'H4'"
    assert uncorrected.ask(f"select failed from checks {rule}") == [(1,)]
    assert corrected.ask(f"select passed, failed from checks {rule}") == [(3, 0)]
    [(observed, message)] = uncorrected.ask(f"select observed, message from findings {rule}")
    assert observed == MISPRINT
    assert message.endswith("The source prints it so.")
    assert corrected.ask(f"select * from findings {rule}") == []
    assert uncorrected.ask("select grade from reports where source_path = '2023/a.txt'") == [("C",)]
    assert corrected.ask("select grade from reports where source_path = '2023/a.txt'") == [("A",)]


def test_a_finding_tells_of_each_correction(corrected: Folder) -> None:
    rows = corrected.ask(
        "select table_name, cell_keys, severity, observed, expected, message from findings where rule = 'K1'"
    )
    assert sorted(row[:5] for row in rows) == [
        ("applications", "received_new/natural_person", "info", REQUESTS, "unreadable"),
        ("proactive_disclosure", "charges/amount", "info", AMOUNT, "12.5元"),
        ("review_litigation", "review/total", "info", MISPRINT, TOTAL),
        ("statistics_2014", "staff_ft/统计数", "info", STAFF, "7"),
    ]
    [message] = [row[5] for row in rows if row[0] == "review_litigation"]
    assert message == (
        f"表四 · 总计 · 行政复议: 99 is printed and {TOTAL} given, by a recorded correction. "
        "The total was misprinted, as the agency says."
    )


def test_a_slip_beside_a_correction_is_not_said_to_be_printed(corrected: Folder) -> None:
    """One of the two parts of staff was corrected, so that they no longer add up."""
    [(message,)] = corrected.ask("select message from findings where rule = 'H7'")
    assert message.endswith("This table holds recorded corrections, so the slip may be theirs.")


def test_a_dismissed_finding_stays_and_counts_no_more(uncorrected: Folder, corrected: Folder) -> None:
    dated = "from findings where rule = 'Y1'"
    assert corrected.ask(f"select severity, decision, decided_by, decided_on {dated}") == [
        ("warning", "dismissed", "Zhang San", date(2024, 6, 1))
    ]
    assert uncorrected.ask(f"select decision, decision_comment, decided_by, decided_on {dated}") == [(None,) * 4]
    assert uncorrected.ask(f"select grade from reports where report_id = '{IDS[OLD]}'") == [("B",)]


def test_the_page_of_a_report_shows_what_was_corrected_and_who_decided(corrected: Folder) -> None:
    ids = {name for (name,) in corrected.ask("select report_id from reports")}
    pages = {report.reading["report_id"]: report_page(report) for report in of_year(corrected.lake, 2023, ids)}
    assert 'title="人工更正 corrected' in pages[IDS["a.txt"]]
    assert re.search(
        rf'id="review_litigation.review.total" class="[^"]*corrected[^"]*"[^>]*>(?:<[^>]*>)?{TOTAL}<',
        pages[IDS["a.txt"]],
    )
    assert any("已排除 dismissed" in page and "Zhang San" in page for page in pages.values())


@pytest.mark.parametrize(
    ("said", "open_", "grade"), [("dismissed", 0, "A"), ("dismissed", 1, "B"), ("confirmed", 0, "B")]
)
def test_a_dismissed_finding_lowers_no_grade(
    uncorrected: Folder, tmp_path: Path, said: str, open_: int, grade: str
) -> None:
    """All warnings of a report are decided on but for so many."""
    findings = uncorrected.lake.load("findings", 2023)
    warnings = uncorrected.ask(f"select finding_id from findings where report_id = '{IDS[OLD]}' and severity <> 'info'")
    text = "".join(decision(name, decision=said) for (name,) in warnings[open_:])
    decided = decide(findings, entries_beside(tmp_path, decisions__a=text).decisions)
    assert decided["decision"].to_pylist().count(said) == len(warnings) - open_
    documents, readings, *rest = (
        uncorrected.lake.load(name, 2023) for name in ("raw_documents", "readings", "resolutions", "surroundings")
    )
    [(graded, reasons)] = [
        (row["grade"], row["grade_reasons"])
        for row in facts.reports(documents, facts.accepted(readings), *rest, decided, 2023).to_pylist()
        if row["report_id"] == IDS[OLD]
    ]
    assert graded == grade
    assert (reasons or "").partition(":")[0] == {"A": "", "B": "警告 warning"}[grade]


def test_nothing_new_builds_nothing(corrected: Folder) -> None:
    assert corrected.build() == Built([], [])


@pytest.mark.parametrize("change", ["full rebuild", "new parser", "renamed files"])
def test_corrections_and_decisions_survive(
    corrected: Folder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, change: str
) -> None:
    folder = Folder(tmp_path / "data")
    shutil.copytree(corrected.root, folder.root)
    before = folder.amended()
    assert [len(rows) for rows in before.values()] == [4, 4, 3, 3]
    if change == "full rebuild":
        shutil.rmtree(folder.lake.root)
    elif change == "new parser":
        monkeypatch.setattr("pipeline.versions._fingerprint", lambda *_: "another")
    else:
        for path in sorted(folder.raw.rglob("*.txt")):
            path.rename(path.with_name(f"renamed {sha256(path.name.encode()).hexdigest()[:6]}.txt"))
    assert folder.build().years == ([2023] if change == "renamed files" else [2022, 2023])
    assert folder.amended() == before
    if change == "new parser":
        assert folder.ask("select distinct parser_version from reports") == [("another",)]
    if change == "renamed files":
        assert {path.split("/")[1][:7] for (path,) in folder.ask("select source_path from reports")} == {"renamed"}


def bytes_of(folder: Folder) -> dict[str, bytes]:
    paths = (path for path in folder.lake.root.rglob("*.parquet") if "_staged" not in path.parts)
    return {str(path): path.read_bytes() for path in paths}


def test_a_stale_entry_fails_the_build_and_the_last_good_warehouse_stays(uncorrected: Folder, tmp_path: Path) -> None:
    folder = Folder(tmp_path / "data")
    shutil.copytree(uncorrected.root, folder.root)
    before = bytes_of(folder)
    folder.write("corrections/2023.yml", correction() + correction(outcome="pending", printed="'1234'"))
    with pytest.raises(BuildFailed) as failure:
        folder.build()
    assert str(failure.value) == (
        "The build of 2023 failed; what is published stays as it was.\n"
        "corrections: corrections/2023.yml, entry 2: review_litigation review/pending should print '1234', but "
        f"{FIGURES['review_litigation', 'review', 'pending']!r} was read there. Look at the report again; then change "
        "printed, or remove the entry."
    )
    assert bytes_of(folder) == before
    folder.write("corrections/2023.yml", correction())
    folder.write("decisions/a.yml", decision("0123456789abcdef"))
    with pytest.raises(BuildFailed, match=r"decisions/a\.yml, entry 1: no finding of 2023 is named 0123456789abcdef"):
        folder.build()
    assert bytes_of(folder) == before
    folder.write("decisions/a.yml", "")
    assert folder.build().years == [2023]
    assert folder.ask("select count(*) from corrections") == [(1,)]


@pytest.mark.parametrize("slip", ["stale", "badly written"])
def test_the_command_says_it_in_a_sentence(uncorrected: Folder, tmp_path: Path, slip: str) -> None:
    folder = Folder(tmp_path / "data")
    shutil.copytree(uncorrected.root, folder.root)
    wrong = {"printed": "98"} if slip == "stale" else {"corrected_on": "yesterday"}
    folder.write("corrections/2023.yml", correction(**wrong))
    result = CliRunner().invoke(main, ["build", "--raw", str(folder.raw), "--warehouse", str(folder.lake.root)])
    assert result.exit_code == 1
    [line] = [line for line in result.output.splitlines() if "corrections/2023.yml, entry 1: " in line]
    assert ("should print '98', but '99' was read" if slip == "stale" else "'yesterday' is no day") in line
    assert "Traceback" not in result.output
    assert len(result.output.splitlines()) <= 2


def entries_beside(folder: Path, **files: str) -> Any:
    """What is read of files in `corrections` and `decisions`, by their names."""
    for name, text in files.items():
        path = folder / f"{name.replace('__', '/')}.yml"
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, "utf-8")
    return read_amendments(Raw.of(folder / "raw"))


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"report_id": "f" * 16}, "no accepted report of 2023 has the id ffffffffffffffff"),
        ({"outcome": "pending"}, "review_litigation review/pending should print '99', but"),
        ({"printed": None}, "should print nothing (printed: null, a lost cell), but '99' was read there"),
        ({"printed": "'99 '"}, "should print '99 ', but '99' was read there"),
        ({"value": MISPRINT}, "review_litigation review/total is read so without a correction. Remove the entry."),
        (
            {"table_name": "statistics_2014", "channel": "-", "outcome": "-"}
            | {"indicator": "staff", "column_label": "统计数"},
            "the report has no cell statistics_2014 staff/统计数",
        ),
        (
            {"table_name": "applications", "channel": "-", "outcome": "-", "applicant": "total"}
            | {"item": "other_misc", "printed": "'0'"},
            "applications other_misc/total should print '0'",
        ),
    ],
)
def test_what_does_not_fit_what_was_read_is_refused(tmp_path: Path, fields: dict[str, str | None], said: str) -> None:
    amendments = entries_beside(tmp_path, corrections__a=correction(**({"report_id": "0" * 16} | fields)))
    with pytest.raises(UnusableEntries, match="^corrections/a.yml, entry 1: .*" + re.escape(said)):
        hold_corrections(amendments.of(2023).corrections, reading_of(MISPRINTED), 2023)


def test_a_row_of_another_edition_is_no_cell(tmp_path: Path) -> None:
    older = render("tab_rows", "2019", "2019", consistent("2019", "2019", seed=2))
    fields = {"table_name": "applications", "channel": "-", "outcome": "-", "applicant": "total"}
    fields |= {"item": "other_fee_unpaid", "printed": "'0'", "report_id": "0" * 16}
    amendments = entries_beside(tmp_path, corrections__a=correction(**fields))
    with pytest.raises(UnusableEntries, match="has no cell applications other_fee_unpaid/total"):
        hold_corrections(amendments.corrections, reading_of(older), 2023)


def test_cells_that_were_not_read_can_be_corrected(tmp_path: Path) -> None:
    """Of a cell that is blank, one that cannot be read, and one whose row is not there."""
    odd = {
        ("proactive_disclosure", "charges", "amount"): None,
        ("review_litigation", "review", "other"): "1 4",
    }
    text = render("tab_rows", "2021", "2021", FIGURES | odd, missing=("procurement",))
    read = reading_of(text)
    [other] = [
        shown
        for key, shown in zip(_review_keys(), read["review_litigation"][0]["text"].as_py(), strict=True)
        if key == ("review", "other")
    ]
    table = {"table_name": "proactive_disclosure", "channel": "-", "outcome": "-", "report_id": "0" * 16}
    amendments = entries_beside(
        tmp_path,
        corrections__a=correction(report_id="0" * 16, outcome="other", printed=f"'{other}'", value="14")
        + correction(**table, subject="charges", measure="amount", printed="''", value="3.25"),
    )
    rows = hold_corrections(amendments.corrections, read, 2023)
    now = apply_corrections(read, rows)
    counts = now["review_litigation"][0]
    assert counts["value"][_review_keys().index(("review", "other"))].as_py() == 14
    amounts = now["proactive_disclosure"][0]
    [place] = [number for number, origin in enumerate(amounts["origin"].as_py()) if origin == "corrected"]
    assert (amounts["value"][place].as_py(), amounts["unit"][place].as_py()) == (Decimal("3.25"), "万元")
    assert read["review_litigation"][0]["value"] != counts["value"], "the reading itself stays as it was parsed"
    assert checks.check(now, 2023).num_rows == checks.check(read, 2023).num_rows


def _review_keys() -> list[tuple[str, str]]:
    return [
        (channel, outcome)
        for channel in ("review", "lit_direct", "lit_after_review")
        for outcome in ("upheld", "corrected", "other", "pending", "total")
    ]


def test_only_the_reports_concerned_change_and_none_changes_places() -> None:
    read = reading_of(*TEXTS.values())
    assert apply_corrections(read, hold_corrections([], read, 2023)).equals(read)


MISTAKES = [
    ({"report_id": "1234"}, "report_id: '1234' is no id. Copy its 16 hex digits from the warehouse."),
    ({"report_id": "-"}, "report_id is missing."),
    ({"report_year": "'23'"}, "report_year: '23' is no report year."),
    ({"report_year": "1999"}, "report_year: '1999' is no report year."),
    ({"table_name": "table4"}, "table_name: one of proactive_disclosure, applications, "),
    ({"table_name": "-"}, "table_name: one of proactive_disclosure, applications, "),
    ({"channel": "reviews"}, "channel: 'reviews' is none of review, lit_direct, lit_after_review."),
    ({"outcome": "-"}, "outcome is missing."),
    ({"printed": "-"}, "printed is missing."),
    ({"printed": "[99]"}, "printed: one piece of text is needed here"),
    ({"printed": "!!int 99"}, "printed: one piece of text is needed here"),
    ({"value": "1,234"}, "value: '1,234' is no number. Write digits alone"),
    ({"value": "012"}, "value: '012' is no number."),
    ({"value": "yes"}, "value: 'yes' is no number."),
    ({"value": "1e5"}, "value: '1e5' is no number."),
    ({"value": "12.5"}, "value: 12.5 is no whole number, and the cells of review_litigation are counts."),
    ({"value": "12345678901234"}, "value: '12345678901234' is no number."),
    ({"value": None}, "value is empty."),
    ({"value": "-"}, "Give the new value, or the state of a cell that has no value; one of the two."),
    ({"state": "blank"}, "Give the new value, or the state of a cell that has no value; one of the two."),
    ({"value": "-", "state": "number"}, "state: 'number' is none of blank, na, "),
    ({"unit": "元"}, "unit: only an amount of money has one"),
    ({"reason": "''"}, "reason: Say it in words."),
    ({"corrected_by": None}, "corrected_by is empty."),
    ({"corrected_on": "31.5.2024"}, "corrected_on: '31.5.2024' is no day. Write it as 2024-05-31."),
    ({"corrected_on": "2024-02-30"}, "corrected_on: '2024-02-30' is no day."),
    (
        {"by": "Li Si"},
        "by is no field of this correction; its fields are report_id, report_year, table_name, channel, ",
    ),
]


@pytest.mark.parametrize(("fields", "said"), MISTAKES)
def test_a_mistake_in_an_entry_is_named(tmp_path: Path, fields: dict[str, str | None], said: str) -> None:
    with pytest.raises(UnusableEntries) as refused:
        entries_beside(tmp_path, corrections__a=correction(outcome="pending") + correction(**fields))
    assert str(refused.value).startswith(f"corrections/a.yml, entry 2: {said}")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("report_id: abc\n", ": A list of entries is needed here. Begin each entry with a hyphen."),
        ("just words\n", ": A list of entries is needed here."),
        ("- just words\n", ", entry 1: A correction is a list of fields and their values: report_id, "),
        ("- a: 1\n  b: : 2\n", ": This is no YAML at line 2: "),
        ("- a: 1\n  a: 2\n", ": a stands twice in one entry, at line 2. Keep one of them."),
        ("- a: !!python/object/apply:os.getcwd []\n", ": This is no YAML at line 1: "),
        ("- a: 1\n---\n- a: 2\n", ": This is no YAML at line 2: "),
    ],
)
def test_a_file_that_is_no_list_of_entries_is_named(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(UnusableEntries) as refused:
        entries_beside(tmp_path, corrections__a=text)
    assert str(refused.value).startswith(f"corrections/a.yml{said}")


def test_a_file_in_another_encoding_is_named(tmp_path: Path) -> None:
    (tmp_path / "corrections").mkdir()
    (tmp_path / "corrections" / "a.yml").write_bytes("- reason: 更正".encode("gb18030"))
    with pytest.raises(UnusableEntries, match=r"^corrections/a\.yml: This is no YAML: "):
        read_amendments(Raw.of(tmp_path / "raw"))


def test_files_of_another_ending_are_refused_where_they_look_meant(tmp_path: Path) -> None:
    (tmp_path / "decisions").mkdir()
    (tmp_path / "decisions" / "README.md").write_text("How we decide.")
    (tmp_path / "decisions" / ".draft.yml").write_text("- unfinished")
    assert read_amendments(Raw.of(tmp_path / "raw")).decisions == ()
    (tmp_path / "decisions" / "2023.yaml").write_text("[]")
    with pytest.raises(UnusableEntries, match=r"^decisions/2023\.yaml is not read\. Give it the ending \.yml\.$"):
        read_amendments(Raw.of(tmp_path / "raw"))


def test_all_that_is_wrong_is_said_at_once(tmp_path: Path) -> None:
    with pytest.raises(UnusableEntries) as refused:
        entries_beside(
            tmp_path,
            corrections__a=correction(value="x", corrected_on="x"),
            decisions__b=decision("0" * 16, decision="perhaps"),
        )
    assert [line[: line.index(": ", 30)] for line in str(refused.value).splitlines()] == [
        "corrections/a.yml, entry 1: corrected_on",
        "corrections/a.yml, entry 1: value",
        "decisions/b.yml, entry 1: decision",
    ]


def test_two_entries_for_one_thing_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UnusableEntries) as refused:
        entries_beside(
            tmp_path,
            corrections__a=correction() + correction(outcome="other"),
            corrections__b=correction(value="5"),
            decisions__c=decision("0" * 16) + decision("0" * 16, decision="confirmed"),
        )
    assert str(refused.value).splitlines() == [
        "corrections/b.yml, entry 1 corrects the same cell as corrections/a.yml, entry 1. Keep one of them.",
        "decisions/c.yml, entry 2 decides on the same finding as decisions/c.yml, entry 1. Keep one of them.",
    ]


@pytest.mark.parametrize(
    "text", ["012", "no", "2023-01-02", "1_000", "1.50", "'null'", "~5", "0x1F", "12:30", "=", "/"]
)
def test_what_is_written_is_what_is_compared(tmp_path: Path, text: str) -> None:
    [entry] = entries_beside(tmp_path, corrections__a=correction(printed=text)).corrections
    assert entry.printed == text.strip("'")


@pytest.mark.parametrize("text", ["null", "~", "", "Null"])
def test_null_is_null(tmp_path: Path, text: str) -> None:
    [entry] = entries_beside(tmp_path, corrections__a=correction(printed=text)).corrections
    assert entry.printed is None


def test_the_years_entries_are_part_of_what_its_tables_are_made_from(tmp_path: Path) -> None:
    def sources() -> tuple[str, str]:
        amendments = read_amendments(Raw.of(tmp_path / "raw"))
        return amendments.source("files", 2022), amendments.source("files", 2023)

    before = sources()
    entries_beside(tmp_path, corrections__a=correction())
    with_correction = sources()
    assert with_correction[0] == before[0]
    assert with_correction[1] != before[1]
    entries_beside(tmp_path, decisions__a=decision("0" * 16))
    assert sources()[1] not in (before[1], with_correction[1])
    (tmp_path / "decisions" / "a.yml").unlink()
    (tmp_path / "corrections" / "a.yml").rename(tmp_path / "corrections" / "b.yml")
    assert sources() == with_correction
    assert read_amendments(Raw.of(tmp_path / "raw")).source(before[1], 2023) == with_correction[1]


def test_the_examples_of_the_documentation_can_be_used(corrected: Folder, tmp_path: Path) -> None:
    page = (PROJECT / "docs" / "corrections.md").read_text("utf-8")
    first, second = re.findall(r"```yaml\n(.*?)```", page, re.DOTALL)
    amendments = entries_beside(tmp_path, corrections__a=first, decisions__a=second)
    assert {entry.table_name for entry in amendments.corrections} == {"review_litigation", "proactive_disclosure"}
    assert {entry.decision for entry in amendments.decisions} == {"dismissed", "confirmed"}
    cells, open_questions = (corrected.ask(query) for query in re.findall(r'gongkai sql "([^"]+)"', page))
    assert cells == []
    assert open_questions
