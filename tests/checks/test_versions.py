"""Several reports of one body for one year: each names the others and what changed."""

from pipeline import checks
from pipeline.checks import Surroundings, Versions
from tests.checks.readings import reading_of, report
from tests.planted import statistics
from tests.planted.figures import consistent

FIGURES = consistent("2021", "2021", seed=4)
GRANTED = ("applications", "granted_full", "total")
PATHS = ("2023/old.txt", "2023/new.txt", "2023/third.txt")


def said(*texts: str, order: tuple[int, ...] = (0, 1), same_body: bool = True) -> list[tuple[str, str]]:
    """Report and message of every A2."""
    readings = reading_of(*texts)
    around = Surroundings(paths=PATHS, versions=[Versions(order, same_body)])
    findings = checks.find(readings, 2023, {}, (), around)
    assert len({finding["finding_id"] for finding in findings}) == len(findings)
    return [(finding["report_id"], finding["message"]) for finding in findings if finding["rule"] == "A2"]


def test_a_changed_cell_is_told_from_the_older_to_the_newer() -> None:
    old, new = report(FIGURES | {GRANTED: "1007"}), report(FIGURES | {GRANTED: "1009"})
    prefix = "Another report of the same body for the same year is in the dataset: "
    assert said(old, new) == [
        ("0" * 16, f"{prefix}2023/new.txt. From the older to the newer: 表三 · 总计 · 予以公开 1007 → 1009."),
        (f"{1:016x}", f"{prefix}2023/old.txt. From the older to the newer: 表三 · 总计 · 予以公开 1007 → 1009."),
    ]
    (_, message), _ = said(old, new, order=(1, 0))
    assert "1009 → 1007" in message


def test_a_handful_is_shown_and_the_others_are_counted() -> None:
    texts = report(FIGURES), report(dict.fromkeys(FIGURES, "876"))
    cells = 10 + 175 + 15
    assert said(*texts)[0][1].count("→") == 5
    assert said(*texts)[0][1].endswith(f"and {cells - 5} more cells.")


def test_a_blank_that_was_filled_and_a_unit_that_changed_are_changes() -> None:
    amount = ("proactive_disclosure", "charges", "amount")
    old, new = report(FIGURES | {GRANTED: None, amount: "12.5"}), report(FIGURES | {GRANTED: "7", amount: "12.5元"})
    message = said(old, new)[0][1]
    assert "blank → 7" in message
    assert "12.5万元 → 12.5元" in message


def test_the_same_figures_and_a_table_that_is_gone() -> None:
    same = report(FIGURES), report(FIGURES, narrative={1: "改了一个字。"})
    assert said(*same)[0][1].endswith("Their figures are the same.")
    gone = report(FIGURES), report(FIGURES, missing=("review_litigation",))
    assert said(*gone)[0][1].endswith("From the older to the newer: 表四 is in one of them alone.")


def test_statistics_tables_are_compared_too() -> None:
    rows = statistics.consistent(3)
    cell = next(iter(rows))
    texts = (statistics.render("tab_rows", statistics.rows(each))[0] for each in (rows, {**rows, cell: "876"}))
    assert said(*texts)[0][1].count(" → 876条.") == 1


def test_every_version_names_every_other() -> None:
    texts = [report(FIGURES | {GRANTED: number}) for number in ("11", "12", "13")]
    found = said(*texts, order=(0, 1, 2))
    assert len(found) == 6
    assert sum("11 → 13" in message for _, message in found) == 2


def test_of_namesakes_only_the_file_is_told() -> None:
    texts = report(FIGURES), report(FIGURES | {GRANTED: "876"})
    assert all(message.endswith(".txt") for _, message in said(*texts, same_body=False))
