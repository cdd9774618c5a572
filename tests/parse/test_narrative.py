"""The figures in sentences: read with the cells they mean, and held against the tables."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from random import Random

import pytest

from pipeline.checks.identities import FAILED, NOT_ASSESSABLE, PASSED
from pipeline.checks.narrative import Outcome, compare
from pipeline.forms import TABLES, TableForm, load
from pipeline.parse import Reading, parse
from pipeline.parse.narrative import Fact, narrative_facts
from pipeline.parse.quantities import fold, number, quantity_at
from pipeline.parse.sections import SectionText
from pipeline.readers import reader_of
from tests.parse.test_published import REPORTS, published  # noqa: F401 - a fixture
from tests.planted import narrative as planted
from tests.planted.figures import consistent
from tests.planted.narrative import Statement

Figures = Mapping[tuple[str, str, str], str]


def facts(text: str, section: str = "overview") -> list[Fact]:
    return narrative_facts([SectionText(section, "", text, 0)])


def outcomes(text: str, figures: Figures, section: str = "overview", agency: str | None = None) -> list[Outcome]:
    edition = load().editions["2021"]
    tables = {}
    for name in TABLES:
        form = edition.tables[name]
        values = [Decimal(figures[name, row, column]) for row, column in form.keys]
        amounts = [column.kind == "amount" for _, column in form.cells]
        tables[name] = (form, [v * 10_000 if money else v for v, money in zip(values, amounts, strict=True)])
    return compare(facts(text, section), tables, 2023, agency)


def failures(text: str, figures: Figures, **where: str) -> list[str]:
    return [
        f"{o.fact.name} {o.fact.value} {o.fact.sentence}"
        for o in outcomes(text, figures, **where)
        if o.verdict == FAILED
    ]


def confirms(found: Sequence[Outcome], statement: Statement) -> bool:
    """Whether a fact with the statement's number was read and agrees with the table."""
    return any(
        outcome.verdict == PASSED and outcome.fact.value == statement.value and outcome.fact.table == statement.table
        for outcome in found
    )


# A city's paragraph: the numbers are marked, so that each can be made wrong.
CITY = """2023年，示例市进一步规范申请办理流程。全年共收到政府信息公开申请{received}件，\
答复政府信息公开申请{answered}件（其中上年结转{carried_in}件），结转下年度继续办理{carried_out}件。\
因政府信息公开工作引发行政复议{review}件，其中结果维持{r_upheld}件、结果纠正{r_corrected}件、\
其他结果{r_other}件、尚未审结{r_pending}件；行政诉讼{suits}件，其中结果维持{s_upheld}件、\
结果纠正{s_corrected}件、其他结果{s_other}件、尚未审结{s_pending}件。
网站全年发布信息3,117条，办理建议提案52件，公开电话0517-87222589。
市政府高度重视制度建设，全年制定规章{rules}件。"""
_SUITS = ("lit_direct", "lit_after_review")
_RESULTS = ("upheld", "corrected", "other", "pending")
IN_CITY = {
    "received": ("applications", ("received_new",), "total"),
    "answered": ("applications", ("processed_total",), "total"),
    "carried_in": ("applications", ("carried_in",), "total"),
    "carried_out": ("applications", ("carried_out",), "total"),
    "review": ("review_litigation", ("review",), "total"),
    "suits": ("review_litigation", _SUITS, "total"),
    "rules": ("proactive_disclosure", ("rules",), "issued"),
    **{f"r_{result}": ("review_litigation", ("review",), result) for result in _RESULTS},
    **{f"s_{result}": ("review_litigation", _SUITS, result) for result in _RESULTS},
}
SPELLED = ["{}", "{:,}", " {} "]


def in_city(figures: Figures) -> dict[str, Statement]:
    return {name: planted.of(figures, *cells) for name, cells in IN_CITY.items()}


@pytest.mark.parametrize("spelling", SPELLED)
def test_all_fifteen_facts_of_a_city_are_read_and_hold(spelling):
    figures = consistent("2021", "2021", seed=71)
    said = in_city(figures)
    text = CITY.format(**{name: spelling.format(statement.value) for name, statement in said.items()})
    found = outcomes(text, figures, agency="示例市人民政府")
    assert [outcome.fact.value for outcome in found] == [
        said[name].value
        for name in (
            *("received", "answered", "carried_in", "carried_out"),
            *("review", "r_upheld", "r_corrected", "r_other", "r_pending"),
            *("suits", "s_upheld", "s_corrected", "s_other", "s_pending", "rules"),
        )
    ]
    assert {outcome.verdict for outcome in found} == {PASSED}


@pytest.mark.parametrize("wrong", IN_CITY)
def test_a_wrong_figure_of_a_city_fails_and_no_other_does(wrong):
    figures = consistent("2021", "2021", seed=72)
    said = {name: str(statement.value) for name, statement in in_city(figures).items()} | {wrong: "98765"}
    found = outcomes(CITY.format(**said), figures, agency="示例市人民政府")
    assert [(o.fact.value, o.verdict) for o in found if o.verdict != PASSED] == [(Decimal(98765), FAILED)]


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("spelling", planted.SPELLINGS)
def test_sentences_that_state_one_figure(seed, spelling):
    """Every wording with every spelling of its number: read, confirmed by the table, and contradicted by another."""
    random = Random(f"{seed} {spelling}")
    figures = consistent("2021", "2021", seed=300 + seed)
    other = {cell: str(1_000_003 + place) for place, cell in enumerate(figures)}
    for text, statement in planted.single(figures, random, spelling):
        found = outcomes(text, figures)
        assert [(o.fact.table, o.fact.value, o.verdict) for o in found] == [
            (statement.table, statement.value, PASSED)
        ], text
        assert [o.verdict for o in outcomes(text, other)] == [FAILED], text


@pytest.mark.parametrize("seed", range(40))
def test_a_total_and_its_results(seed):
    random = Random(seed)
    figures = consistent("2021", "2021", seed=400 + seed)
    for rows in (("review",), _SUITS):
        text, said = planted.results(figures, rows, random)
        assert [(o.fact.value, o.verdict) for o in outcomes(text, figures)] == [(s.value, PASSED) for s in said], text


@pytest.mark.parametrize("seed", range(20))
def test_a_whole_narrative_is_read_among_numbers_of_other_things(seed):
    random = Random(seed)
    figures = consistent("2021", "2021", seed=500 + seed)
    said = random.sample(planted.single(figures, random), 12)
    sentences = [text for text, _ in said] + [planted.noise(random, of_this_year=True) for _ in range(15)]
    random.shuffle(sentences)
    text = "\n".join("".join(sentences[start : start + 3]) for start in range(0, len(sentences), 3))
    found = outcomes(text, figures)
    assert [o.fact.sentence for o in found if o.verdict == FAILED] == []
    read = {(o.fact.table, o.fact.value) for o in found if o.verdict == PASSED}
    assert {(s.table, s.value) for _, s in said} <= read


@pytest.mark.parametrize("wording", planted.NOISE)
def test_numbers_of_other_things_are_no_facts(wording):
    """Alone, and behind a sentence they might seem to go on from."""
    figures = consistent("2021", "2021", seed=73)
    for seed in range(6):
        text = planted.sentence(wording, 3_000 + seed, Random(seed))
        assert {o.verdict for o in outcomes(text, figures)} <= {NOT_ASSESSABLE}
        head = f"全年收到政府信息公开申请{figures['applications', 'received_new', 'total']}件"
        for divider in ("。", "，", "；"):
            found = outcomes(head + divider + text, figures)
            assert [o.verdict for o in found if o.verdict != NOT_ASSESSABLE] == [PASSED], text


@pytest.mark.parametrize("wording", planted.APPROXIMATE)
def test_an_approximate_figure_is_never_compared(wording):
    figures = consistent("2021", "2021", seed=74)
    for value in (int(figures["applications", "received_new", "total"]), 12):
        (found,) = outcomes(planted.sentence(wording, value, Random(1), spelling="arabic"), figures)
        assert (found.fact.exact, found.verdict) == (False, NOT_ASSESSABLE)


@pytest.mark.parametrize(("rows", "wording"), [(rows, text) for rows, texts in planted.NONE.items() for text in texts])
def test_none_is_zero(rows, wording):
    figures = consistent("2021", "2021", seed=75)
    table = "applications" if rows == ("received_new",) else "review_litigation"
    text = wording.format(y=2023) + "。"
    (found,) = outcomes(text, figures)
    assert (found.fact.table, found.fact.value, found.fact.negated, found.verdict) == (table, 0, True, FAILED)
    assert found.rule == ("C2" if table == "applications" else "C3")
    zeros = figures | {(table, row, "total"): "0" for row in rows}
    assert [o.verdict for o in outcomes(text, zeros)] == [PASSED]


def verdicts(text: str, **figures: int) -> list[tuple[str, int]]:
    """Facts and verdicts against tables that hold these totals and zeros."""
    table = dict.fromkeys(consistent("2021", "2021", 1), "0")
    for name, value in figures.items():
        row, _, column = name.partition("__")
        (cell,) = [cell for cell in table if cell[1:] == (row, column or "total")]
        table[cell] = str(value)
    return [(outcome.fact.name, outcome.verdict) for outcome in outcomes(text, table)]


def test_carried_requests_may_be_counted_as_received():
    assert verdicts("收到政府信息公开申请12件。", received_new=10, carried_in=2) == [("received", PASSED)]
    assert verdicts("收到政府信息公开申请12件。", received_new=10, carried_in=3) == [("received", FAILED)]


def test_none_of_two_things_in_one_breath():
    text = "全年未收到政府信息公开申请，未发生行政复议、行政诉讼。"
    assert verdicts(text) == [("received", PASSED), ("review", PASSED), ("litigation", PASSED)]
    assert verdicts(text, lit_after_review=1) == [("received", PASSED), ("review", PASSED), ("litigation", FAILED)]


def test_requests_that_caused_a_review_are_not_what_there_was_none_of():
    assert verdicts("没有因政府信息公开申请引发的行政复议、行政诉讼。", received_new=9) == [
        ("review", PASSED),
        ("litigation", PASSED),
    ]


def test_each_is_not_both_together():
    text = "因政府信息公开被申请行政复议、提起行政诉讼{}件。"
    assert verdicts(text.format("5"), review=3, lit_direct=2) == [("review_and_litigation", PASSED)]
    assert verdicts(text.format("各5"), review=5, lit_direct=5) == [("review", PASSED), ("litigation", PASSED)]


def test_results_after_both_may_be_of_both():
    text = "因政府信息公开被申请行政复议3件、提起行政诉讼2件，维持4件，纠正1件。"
    figures = {"review": 3, "lit_direct": 2, "review__upheld": 2, "lit_direct__upheld": 2, "lit_direct__corrected": 1}
    assert {verdict for _, verdict in verdicts(text, **figures)} == {PASSED}


def test_figures_respectively_are_not_guessed():
    text = "因信息公开引起的行政复议9件、行政诉讼4件，尚未审结的分别为2件和1件。"
    assert verdicts(text, review=9, lit_direct=4, review__pending=2, lit_direct__pending=1) == [
        ("review", PASSED),
        ("litigation", PASSED),
    ]


def test_reviews_of_other_work_contradict_nothing():
    assert verdicts("全年办理行政复议案件320件，纠正52件。复议结果纠正52件。", review=2, review__corrected=1) == [
        ("review", NOT_ASSESSABLE),
        ("review corrected", NOT_ASSESSABLE),
        ("review corrected", NOT_ASSESSABLE),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "2022年收到政府信息公开申请7件。",
        "去年收到政府信息公开申请7件。",
        "累计收到政府信息公开申请7件。",
        "截至2023年底，累计收到政府信息公开申请7件。",
        "区教育局收到政府信息公开申请7件。",
    ],
)
def test_another_year_and_another_body_contradict_nothing(text):
    assert verdicts(text, received_new=12) == [("received", NOT_ASSESSABLE)]


@pytest.mark.parametrize(
    ("text", "agency", "rule", "verdict"),
    [
        ("全区共收到政府信息公开申请7件。", "示例区人民政府", "C1", FAILED),
        ("全区共收到政府信息公开申请7件。", "示例区教育局", "C11", FAILED),
        ("全区共收到政府信息公开申请7件。", None, "C11", FAILED),
        ("全镇共收到政府信息公开申请7件。", "示例县青石镇人民政府", "C1", FAILED),
        ("青石镇人民政府共收到政府信息公开申请7件。", "示例县青石镇人民政府", "C1", FAILED),
        ("白石镇人民政府共收到政府信息公开申请7件。", "示例县青石镇人民政府", "C1", NOT_ASSESSABLE),
    ],
)
def test_who_a_figure_counts_for(text, agency, rule, verdict):
    figures = consistent("2021", "2021", seed=76)
    (found,) = outcomes(text, figures, agency=agency)
    assert (found.rule, found.verdict) == (rule, verdict)


def test_accepted_yields_to_received():
    text = "收到政府信息公开申请15件，受理政府信息公开申请12件。"
    assert verdicts(text, received_new=15) == [("received", PASSED), ("accepted", NOT_ASSESSABLE)]
    assert verdicts("受理政府信息公开申请12件。", received_new=15) == [("accepted", FAILED)]


def test_shares_are_held_against_shares():
    figures = {"received_new": 59, "processed_total": 59, "granted_full": 20, "received_new__natural_person": 41}
    text = "收到政府信息公开申请59件，其中自然人41件，占{}%；予以公开20件，占办结总数的{}%。"
    good = verdicts(text.format("69.5", "33.9"), **figures)
    assert good == [(name, PASSED) for name in ("received", *["received natural_person"] * 2, *["granted_full"] * 2)]
    bad = verdicts(text.format("69.5", "35.9"), **figures)
    assert bad == [*good[:-1], ("granted_full", FAILED)]


def test_a_blank_in_the_table_cannot_say():
    figures = consistent("2021", "2021", seed=77)
    form = load().editions["2021"].tables["applications"]
    values = [
        None if keys == ("received_new", "total") else Decimal(figures["applications", *keys]) for keys in form.keys
    ]
    found = compare(facts("收到政府信息公开申请7件。"), {"applications": (form, values)}, 2023, None)
    assert [outcome.verdict for outcome in found] == [NOT_ASSESSABLE]
    assert [o.verdict for o in compare(facts("收到政府信息公开申请7件。"), {}, 2023, None)] == [NOT_ASSESSABLE]


def test_amounts_are_compared_in_yuan_within_what_is_printed():
    table = dict.fromkeys(consistent("2021", "2021", 1), "0") | {("proactive_disclosure", "charges", "amount"): "12.54"}
    for text, verdict in [("12.5万元", PASSED), ("125400元", PASSED), ("12.7万元", FAILED), ("125300元", FAILED)]:
        (found,) = outcomes(f"全年收取行政事业性收费{text}。", table)
        assert found.verdict == verdict, text


def test_a_sentence_broken_over_lines_is_one():
    lines = (
        "（一）依申请公开情况/2023年，本机关共收到政府信息公/开申请12件，答复11/件，结转下年1件。/（二）平台/发布8件。"
    )
    text = lines.replace("/", "\n")
    assert verdicts(text, received_new=12, processed_total=11, carried_out=1) == [
        ("received", PASSED),
        ("answered", PASSED),
        ("carried_out", PASSED),
    ]
    assert [fact.line for fact in facts(text)] == [1, 1, 1]


def test_a_number_broken_in_two_is_not_read():
    assert verdicts("全年收到政府信息公开申请1\n2件。", received_new=12) == []


def test_traditional_characters():
    assert verdicts(
        "全年收到政府信息公開申請１２件，因政府信息公開被提起行政訴訟3件。", received_new=12, lit_direct=3
    ) == [
        ("received", PASSED),
        ("litigation", PASSED),
    ]


@pytest.mark.parametrize(
    "value", [0, 2, 10, 11, 20, 100, 101, 110, 123, 1_000, 1_008, 1_080, 1_208, 10_000, 10_050, 123_456]
)
def test_numbers_in_words(value):
    assert number(planted.chinese(value)) == value


@pytest.mark.parametrize("text", ["一百二", "三五", "二三十", "一万二", "百千", "1,20", "12,08", "1,2345", "十百"])
def test_what_is_no_number_has_no_value(text):
    assert number(text) is None


@pytest.mark.parametrize(
    ("text", "value", "exact"),
    [
        ("１，２０８件", "1208", True),
        ("1 208件", "1208", True),
        ("十余件", "10", False),
        ("150多条", "150", False),
        ("3-5件", "3", False),
        ("1.2万件", "12000", False),
        ("12.5万元", "125000", True),
        ("三万元", "30000", True),
        ("33.9%", "33.9", True),
    ],
)
def test_quantities(text, value, exact):
    folded = fold(text)
    found = quantity_at(folded, 0)
    assert found is not None
    assert (found.value, found.exact, found.end) == (Decimal(value), exact, len(folded))


PUBLISHED_FACTS = {
    # what a person reads in the published texts: (what is counted, number, stated in words)
    "000": [("received", 0, True)],
    "001": [("received", 0, True), ("litigation", 0, True)],
    "002": [("requests", 0, False), ("received", 0, True)],
    "003": [],
    "004": [("received", 0, True)],
}


def tables_of(reading: Reading) -> dict[str, tuple[TableForm, list[Decimal | None]]]:
    return {name: (table.form, [cell.figure.value for cell in table.cells]) for name, table in reading.tables.items()}


def test_what_published_reports_state(published):  # noqa: F811 - the fixture
    number, _, reading = published
    found = compare(narrative_facts(reading.sections), tables_of(reading), reading.stated_year, reading.agency_name)
    assert [(o.fact.name, o.fact.value, o.fact.negated) for o in found] == PUBLISHED_FACTS[number]
    assert {o.verdict for o in found} <= {PASSED}
    lines = {section.section: section.text.split("\n") for section in reading.sections}
    for outcome in found:
        assert outcome.fact.sentence[:8] in lines[outcome.fact.section][outcome.fact.line]


def test_what_the_published_pdf_states():
    file = REPORTS / "hongze-2023.pdf"
    if not file.exists():
        pytest.skip(f"no {file}: set GONGKAI_REPORTS to the folder that has it")
    reader = reader_of("pdf")
    reading = parse(reader.arrange(reader.extract(file.read_bytes())))
    (found,) = compare(narrative_facts(reading.sections), tables_of(reading), 2023, reading.agency_name)
    assert (found.fact.name, found.fact.value, found.fact.scope) == ("accepted", 21, "region")
    assert (found.rule, found.verdict) == ("C1", PASSED)
