"""What stands in a cell, and what it is worth: typed by hand from the ways agencies print figures."""

from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pipeline.parse.figures import KINDS, STATES, read_figure

COUNTS = [
    ("0", 0),
    ("7", 7),
    ("10", 10),
    ("11839", 11839),
    ("1000000", 1000000),
    ("０", 0),
    ("１２", 12),
    ("１２３４５", 12345),
    ("1,113", 1113),
    ("1,234,567", 1234567),
    ("1，113", 1113),
    ("１，２３４", 1234),
    ("1 234", 1234),
    ("1\u00a0234", 1234),
    ("12\u2009345\u2009678", 12345678),
    ("  5", 5),
    ("\u3000\u30005\u00a0", 5),
    ("\u00a00\u00a0", 0),
    ("零", 0),
    ("〇", 0),
    ("O", 0),
    ("o", 0),
    ("Ｏ", 0),
    ("12件", 12),
    ("12 件", 12),
    ("0件", 0),
    ("3宗", 3),
    ("5条", 5),
    ("8次", 8),
    ("20人次", 20),
    ("1.2万", 12000),
    ("3万件", 30000),
    ("-8", -8),
    ("－8", -8),
    ("2.5", "2.5"),
]


@pytest.mark.parametrize(("text", "value"), COUNTS)
def test_a_count_is_read(text, value):
    assert read_figure(text, "count") == ("number", Decimal(value), None)


CHANGES = [
    ("0", 0),
    ("5", 5),
    ("+19", 19),
    ("＋19", 19),
    ("+ 19", 19),
    ("-18", -18),
    ("－8", -8),
    ("−8", -8),
    ("- 8", -8),
    ("增加3", 3),
    ("增加 3", 3),
    ("增加3项", 3),
    ("增5", 5),
    ("新增2", 2),
    ("减少2", -2),
    ("减2", -2),
    ("减少2项", -2),
    ("↑3", 3),
    ("↓3", -3),
    ("+1,200", 1200),
    ("-1,200", -1200),
    ("持平", 0),
    ("无变化", 0),
    ("不变", 0),
]


@pytest.mark.parametrize(("text", "value"), CHANGES)
def test_a_change_is_read_with_its_sign(text, value):
    assert read_figure(text, "change") == ("number", Decimal(value), None)


AMOUNTS = [
    ("0", "0", None),
    ("477.35", "477.35", None),
    ("190.457379", "190.457379", None),
    ("1,234.56", "1234.56", None),
    ("240万元", "240", "万元"),
    ("240 万元", "240", "万元"),
    ("240万", "240", "万元"),
    ("18.6198万元", "18.6198", "万元"),
    ("１８．６万元", "18.6", "万元"),
    ("251000元", "251000", "元"),
    ("251,000元", "251000", "元"),
    ("75394432.52元", "75394432.52", "元"),
]


@pytest.mark.parametrize(("text", "value", "unit"), AMOUNTS)
def test_an_amount_is_read_with_the_unit_printed_in_it(text, value, unit):
    assert read_figure(text, "amount") == ("number", Decimal(value), unit)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("text", ["", " ", "\t", "\u3000", "\u00a0", "\u3000\u00a0 "])
def test_nothing_printed_is_a_blank_and_no_zero(text, kind):
    assert read_figure(text, kind) == ("blank", None, None)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("text", ["/", "／", "\\", "＼", " / ", "//", "N/A", "n/a"])
def test_a_stroke_means_not_applicable(text, kind):
    assert read_figure(text, kind) == ("na", None, None)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("text", ["-", "－", "–", "—", "——", "―", "－－", "--", "- -", "−", "─", "‐", "﹣"])
def test_a_dash_has_no_value(text, kind):
    assert read_figure(text, kind) == ("dash", None, None)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("text", ["无", "無", " 无 ", "\u3000无"])
def test_the_word_for_none_is_zero_and_says_so(text, kind):
    assert read_figure(text, kind) == ("nil_word", Decimal(0), None)


WORDS = ["本单位未制作规章", "不适用", "见附件", "规章", "无此项", "暂未统计", "约", "件", "万元", "十二"]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("text", WORDS)
def test_words_are_words(text, kind):
    assert read_figure(text, kind) == ("text", None, None)


WORDS_AND_DIGITS = ["8.属于行政查询事项１０１２１ ５２３", "第1 2页", "1 2人民政府"]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("text", WORDS_AND_DIGITS)
def test_words_with_parted_digits_among_them_are_words(text, kind):
    assert read_figure(text, kind) == ("text", None, None)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("text", ["1 2件", "12 34 万元", "增加1 2", "1 O 2"])
def test_a_number_parted_by_a_blank_is_unreadable_with_its_unit_or_sign(text, kind):
    assert read_figure(text, kind) == ("unreadable", None, None)


NOT_CERTAIN = [
    "1 2",
    "12 34",
    "1 2345",
    "5 8 7",
    "007",
    "00",
    "0 0",
    "01",
    "1,13",
    "1,2345",
    "12,34",
    ",123",
    "1.",
    ".5",
    "1.2.3",
    "1-2",
    "3/4",
    "5?",
    "(5)",
    "5%",
    "5*",
    "1O",
    "l2",
    "0,123",
    "1,234 567",
    "0000000000000000000000",
    "12345678901234567890",
    "5①",
    "5²",
    "12③",
]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("text", NOT_CERTAIN)
def test_what_is_not_certainly_one_number_is_unreadable(text, kind):
    assert read_figure(text, kind) == ("unreadable", None, None)


NOT_OF_THIS_KIND = [
    ("增加3", "count"),
    ("↑3", "count"),
    ("持平", "count"),
    ("持平", "amount"),
    ("240元", "count"),
    ("240万元", "count"),
    ("增加3", "amount"),
    ("12件", "amount"),
    ("3亿元", "amount"),
    ("约12", "count"),
    ("12余件", "count"),
    ("12件以上", "count"),
    ("第12条", "count"),
    ("2023年", "count"),
]


@pytest.mark.parametrize(("text", "kind"), NOT_OF_THIS_KIND)
def test_a_number_that_has_no_business_here_gets_no_value(text, kind):
    state, value, unit = read_figure(text, kind)
    assert (value, unit) == (None, None)
    assert state in ("text", "unreadable")


FULL_WIDTH = str.maketrans("0123456789,.+-", "０１２３４５６７８９，．＋－")
SPELLINGS = {
    "plain": str,
    "full_width": lambda number: str(number).translate(FULL_WIDTH),
    "commas": lambda number: f"{number:,}",
    "full_width_commas": lambda number: f"{number:,}".translate(FULL_WIDTH),
    "spaced_thousands": lambda number: f"{number:,}".replace(",", " "),
    "with_a_counter": lambda number: f"{number}件",
    "padded": lambda number: f"\u3000{number}\u00a0",
}


@pytest.mark.parametrize("spelling", SPELLINGS)
@given(number=st.integers(0, 10**12))
@example(number=0)
@example(number=1000)
@example(number=10**12)
def test_any_count_is_read_back_from_any_spelling(spelling, number):
    assert read_figure(SPELLINGS[spelling](number), "count") == ("number", Decimal(number), None)


SIGNED = {
    "ascii": lambda number: f"{number:+d}",
    "full_width": lambda number: f"{number:+d}".translate(FULL_WIDTH),
    "words": lambda number: ("增加" if number >= 0 else "减少") + str(abs(number)),
    "arrows": lambda number: ("↑" if number >= 0 else "↓") + str(abs(number)),
}


@pytest.mark.parametrize("spelling", SIGNED)
@given(number=st.integers(-(10**9), 10**9))
def test_any_change_is_read_back_from_any_spelling(spelling, number):
    assert read_figure(SIGNED[spelling](number), "change") == ("number", Decimal(number), None)


@given(
    amount=st.decimals(0, 10**9, places=6, allow_nan=False, allow_infinity=False),
    unit=st.sampled_from([None, "元", "万元"]),
)
def test_any_amount_is_read_back_to_the_last_decimal(amount, unit):
    assert read_figure(f"{amount:f}{unit or ''}", "amount") == ("number", amount, unit)


@given(
    text=st.text(st.sampled_from("0123456789０９,，.． +-－—/／无零〇oO件元万亿增减↑↓（）()第年\t\u3000")) | st.text(),
    kind=st.sampled_from(KINDS),
)
def test_any_text_is_read_and_only_numbers_and_nil_have_a_value(text, kind):
    figure = read_figure(text, kind)
    assert figure.state in STATES
    assert (figure.value is not None) == (figure.state in ("number", "nil_word"))
    if figure.state == "nil_word":
        assert figure.value == 0
    if figure.state == "number":
        assert figure.value.is_finite()
    else:
        assert figure.unit is None


@given(one=st.integers(1, 999), other=st.integers(0, 99), gap=st.sampled_from([" ", "  ", "\u3000", "\u00a0"]))
def test_two_numbers_in_one_cell_are_never_joined(one, other, gap):
    assert read_figure(f"{one}{gap}{other}", "count").value is None
