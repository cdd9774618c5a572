"""Text against table, from a report's text to the rows of `checks`, `findings` and `narrative_facts`."""

import pytest

from pipeline import checks
from pipeline.readers.text import extract
from pipeline.warehouse import facts
from tests.checks.readings import reading_of, report
from tests.conftest import SAMPLES
from tests.planted.figures import consistent

FIGURES = consistent("2021", "2021", seed=31)
RECEIVED = int(FIGURES["applications", "received_new", "total"])
REVIEWS = int(FIGURES["review_litigation", "review", "total"])
RULES = int(FIGURES["proactive_disclosure", "rules", "issued"])
CODES = ("C1", "C2", "C3", "C8", "C9", "C10", "C11")


def text(*sentences: str, **options: object) -> str:
    """A report whose first section says these sentences, one a line."""
    return report(FIGURES, narrative={1: "\n".join(sentences)}, **options)


def counts(body: str) -> dict[str, tuple[int, int, int, int]]:
    rows = checks.check(reading_of(body), 2023).to_pylist()
    return {
        row["rule"]: (row["passed"], row["vacuous"], row["failed"], row["not_assessable"])
        for row in rows
        if row["rule"] in CODES
    }


def findings(body: str) -> list[dict[str, object]]:
    return [row for row in checks.find(reading_of(body), 2023, {}) if row["rule"] in CODES]


NOTHING = dict.fromkeys(CODES, (0, 0, 0, 0))


def test_a_report_that_states_nothing_is_not_counted() -> None:
    assert counts(text("本机关做好信息公开。")) == NOTHING


@pytest.mark.parametrize(
    ("sentence", "rule", "expected"),
    [
        (f"全年收到政府信息公开申请{RECEIVED}件。", "C1", (1, 0, 0, 0)),
        (f"全年收到政府信息公开申请{RECEIVED + 500}件。", "C1", (0, 0, 1, 0)),
        (f"全年收到政府信息公开申请约{RECEIVED}件。", "C1", (0, 0, 0, 1)),
        ("全年未收到政府信息公开申请。", "C2", (0, 0, 1, 0)),
        (f"因政府信息公开引发行政复议{REVIEWS}件。", "C3", (1, 0, 0, 0)),
        (f"因政府信息公开引发行政复议{REVIEWS + 1}件。", "C3", (0, 0, 1, 0)),
        (f"全年办理行政复议案件{REVIEWS + 1}件。", "C3", (0, 0, 0, 1)),
        ("政府信息公开申请予以公开98765件。", "C8", (0, 0, 1, 0)),
        ("收到的政府信息公开申请中，自然人占0.01%。", "C9", (0, 0, 1, 0)),
        (f"全年制定规章{RULES}件。", "C10", (1, 0, 0, 0)),
        (f"全年制定规章{RULES + 1}件。", "C10", (0, 0, 1, 0)),
        ("全县收到政府信息公开申请98765件。", "C11", (0, 0, 1, 0)),
    ],
)
def test_each_rule_passes_fails_and_cannot_say(sentence, rule, expected) -> None:
    assert counts(text(sentence, agency="示例县教育局")) == NOTHING | {rule: expected}


def test_the_finding_names_both_sides_and_the_sentence() -> None:
    sentence = f"全年收到政府信息公开申请{RECEIVED + 500:,}件。"
    body = text("本机关做好信息公开。", sentence)
    (row,) = findings(body)
    carried = RECEIVED + int(FIGURES["applications", "carried_in", "total"])
    assert (row["rule"], row["severity"], row["table_name"]) == ("C1", "warning", "applications")
    assert row["cell_keys"] == "received_new/total"
    assert (row["expected"], row["observed"]) == (f"{RECEIVED} or {carried}", str(RECEIVED + 500))
    line = body.split("\n").index(sentence) + 1
    assert row["locator"] == f"line {line}"
    assert row["message"] == (
        f"表三 · 总计 · 本年新收: the narrative says {RECEIVED + 500}, the table has {RECEIVED} or {carried}: "
        f"{sentence} The source prints it so."
    )


def test_a_region_that_differs_is_only_worth_knowing() -> None:
    (row,) = findings(text("全县共收到政府信息公开申请98765件。", agency="示例县教育局"))
    assert (row["rule"], row["severity"]) == ("C11", "info")


def test_facts_are_rows_with_the_table_s_verdict() -> None:
    sentences = (
        f"全年收到政府信息公开申请{RECEIVED}件，占{100}%。",
        "全年制定规章98765件。",
        "2022年收到政府信息公开申请约一百二十件。",
        "行政事业性收费12.5万元。",
    )
    body = text(*sentences)
    rows = facts.narrative_facts(reading_of(body), 2023).to_pylist()
    names = ("position", "name", "table_name", "kind", "value", "unit", "is_exact", "period", "verdict")
    first = [tuple(row[name] for name in names) for row in rows if row["kind"] != "share"]
    assert first == [
        (1, "received", "applications", "count", RECEIVED, "件", True, None, "confirmed"),
        (3, "rules issued", "proactive_disclosure", "count", 98765, "件", True, None, "contradicted"),
        (4, "received", "applications", "count", 120, "件", False, "2022", "cannot_say"),
        (5, "charges amount", "proactive_disclosure", "amount", 125_000, "元", True, None, "contradicted"),
    ]
    assert [row["sentence"] for row in rows] == [sentences[0], *sentences]
    assert rows[0]["cell_keys"] == "received_new/total | inflow/total"
    lines = body.split("\n")
    assert [row["locator"] for row in rows] == [f"line {lines.index(row['sentence']) + 1}" for row in rows]


def test_a_batch_of_reports_with_and_without_facts_and_tables() -> None:
    silent, wrong = text("本机关做好信息公开。"), text(f"全年收到政府信息公开申请{RECEIVED + 500}件。")
    tableless = text(f"全年收到政府信息公开申请{RECEIVED}件。", missing=("applications",))
    rows = checks.check(reading_of(silent, wrong, tableless), 2023).to_pylist()
    found = [(row["passed"], row["failed"], row["not_assessable"]) for row in rows if row["rule"] == "C1"]
    assert found == [(0, 0, 0), (0, 1, 0), (0, 0, 1)]


@pytest.mark.parametrize("path", sorted(SAMPLES.rglob("*.txt")), ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_no_sample_is_contradicted_by_its_narrative(path) -> None:
    readings = reading_of(extract(path.read_bytes()))
    said = [outcome for _, _, outcome in checks.judge_narrative(readings, int(path.parent.name))]
    assert [outcome.fact.sentence for outcome in said if outcome.says == "contradicted"] == []


def test_the_largest_number_that_can_be_landed_and_one_that_is_none() -> None:
    rows = facts.narrative_facts(
        reading_of(text("收到政府信息公开申请999999999999件。", "收到政府信息公开申请9999999999999999999999件。")), 2023
    )
    assert [row["value"] for row in rows.to_pylist()] == [999_999_999_999]
