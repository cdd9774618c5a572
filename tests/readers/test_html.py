"""Web pages: what is shown becomes rows with their places, and every planted figure comes out in its own cell."""

import codecs
import re
from random import Random

import lxml.html
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline import checks
from pipeline.parse import parse
from pipeline.readers import Refused, reader_of
from pipeline.readers import html as html_reader
from pipeline.readers.html import arrange, extract
from pipeline.tables import READINGS
from pipeline.warehouse.landing import read_document
from tests.parse.comparison import EDITION_PAIRS, cells, mismatches, wrong_numbers
from tests.planted.figures import consistent, distinct
from tests.planted.html import VARIANTS, page

all_variants = pytest.mark.parametrize("variant", VARIANTS)
all_editions = pytest.mark.parametrize(("edition_t2", "edition_t3"), EDITION_PAIRS)


def document(source):
    (found,) = arrange(extract(source if isinstance(source, bytes) else source.encode()))
    return found


def rows(source):
    return [[cell.text for cell in row] for row in document(source).rows()]


def read(source):
    return parse(arrange(extract(source)))


# Whole reports


@all_variants
@all_editions
def test_every_cell_is_the_planted_number(variant, edition_t2, edition_t3):
    figures = distinct(edition_t2, edition_t3, 5)
    assert mismatches(read(page(variant, edition_t2, edition_t3, figures, 5)), figures) == []


UPHELD, TOTAL = (("review_litigation", "lit_direct", code) for code in ("upheld", "total"))


def with_total(total):
    """Figures that add up when the total is 9,000 more than the other outcomes, and numbers that stand nowhere else."""
    figures = consistent("2021", "2021", 5)
    rest = sum(int(figures["review_litigation", "lit_direct", code]) for code in ("corrected", "other", "pending"))
    return figures | {UPHELD: "90000", TOTAL: str(total + rest)}


def failing(source):
    row = read_document({"report_id": "0" * 16, "source_format": "html", "text": extract(source)}, "test")
    readings = pa.Table.from_pylist([row], schema=READINGS)
    return [found for found in checks.find(readings, 2023, {}) if found["severity"] == "error"]


@all_variants
def test_a_wrong_total_that_is_printed_is_the_agency_s(variant):
    assert failing(page(variant, "2021", "2021", with_total(90000), 5)) == []
    (found,) = failing(page(variant, "2021", "2021", with_total(90001), 5))
    assert found["rule"] == "H4"
    assert found["message"].endswith("The source prints it so.")


@all_variants
def test_a_total_that_ran_into_its_neighbour_is_not_blamed_on_the_agency(variant):
    """Two cells of a row became one: the figures in it are no longer certain, and no sum of them speaks."""
    figures = with_total(90000)
    codec = {"gbk": "gb18030", "gb18030": "gb18030"}.get(VARIANTS[variant].encoding, "utf-8")
    root = lxml.html.fromstring(page(variant, "2021", "2021", figures, 5).decode(codec))
    (total,) = [cell for cell in root.iter("td", "th") if cell.text_content().strip() == figures[TOTAL]]
    before = total.getprevious()
    before.text = f"{before.text_content().strip()} {figures[TOTAL]}"
    del before[:]
    total.getparent().remove(total)
    joined = lxml.html.tostring(root, encoding="utf-8", doctype="<!DOCTYPE html>").replace(b"gb2312", b"utf-8")
    assert [
        found["message"] for found in failing(joined) if found["message"].endswith("The source prints it so.")
    ] == []
    assert wrong_numbers(read(joined), figures) == []


def with_blanks(figures, seed, share=0.3):
    random = Random(seed)
    return {cell: None if random.random() < share else figure for cell, figure in figures.items()}


@all_variants
@all_editions
def test_blanks_never_move_a_figure(variant, edition_t2, edition_t3):
    figures = with_blanks(distinct(edition_t2, edition_t3, 6), 6)
    reading = read(page(variant, edition_t2, edition_t3, figures, 6))
    assert wrong_numbers(reading, figures) == []
    states = {cells(reading)[keys].figure.state for keys, figure in figures.items() if figure is None}
    assert states <= {"blank", "unreadable"}


@all_variants
@all_editions
@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_a_blank_has_a_sure_place(variant, edition_t2, edition_t3, share):
    figures = with_blanks(distinct(edition_t2, edition_t3, 7), 7, share)
    assert mismatches(read(page(variant, edition_t2, edition_t3, figures, 7)), figures) == []


@all_editions
def test_the_total_column_may_be_blank(edition_t2, edition_t3):
    figures = {
        keys: None if keys[0] == "applications" and keys[2] == "total" and keys[1] != "processed_total" else figure
        for keys, figure in distinct(edition_t2, edition_t3, 8).items()
    }
    for variant in ("clean", "word", "cms", "group_twice"):
        assert mismatches(read(page(variant, edition_t2, edition_t3, figures, 8)), figures) == []


@all_variants
def test_title_and_sections_are_found_whatever_stands_around(variant):
    reading = read(page(variant, "2021", "2021", distinct("2021", "2021", 9), 9))
    assert (reading.agency_name, reading.stated_year) == ("示例县青石镇人民政府", 2023)
    texts = {section.section: section.text for section in reading.sections}
    assert texts["overview"] == "本机关按照上级部署做好信息公开，各项工作平稳有序。"
    assert texts["problems"] == "栏目更新还不够快。下一年将定期核对栏目内容，及时补充。"


def test_the_publication_date_is_read_from_the_fields_of_the_page():
    reading = read(page("cms", "2021", "2021", distinct("2021", "2021", 9), 9))
    assert reading.published_on.isoformat() == "2024-01-26"


def test_the_locator_leads_to_the_figure():
    figures = distinct("2021", "2021", 10)
    reading = read(page("clean", "2021", "2021", figures, 10))
    found = cells(reading)["applications", "carried_in", "research"].cell
    assert reading.document.cells[found].place == "table 2 row 5 cell 4"


def test_a_table_drawn_with_paragraphs_is_read():
    source = page("clean", "2021", "2021", figures := distinct("2021", "2021", 11)).decode()
    for tag, drawn in (("<table border=1>", "<div>"), ("</table>", "</div>"), ("</td>", "</p>"), ("tr>", "div>")):
        source = source.replace(tag, drawn)
    assert mismatches(read(source.replace("<td", "<p").encode()), figures) == []


# What a row is


def test_a_row_has_its_cells_and_a_paragraph_is_a_row():
    assert rows("<h2>题</h2><table><tr><th>规章</th><td>1</td><td></td></tr></table><p>完</p>") == [
        ["题"],
        ["规章", "1", ""],
        ["完"],
    ]


def test_a_place_is_table_row_and_cell_or_the_paragraph():
    source = "<p>甲</p><table><tr><td>乙</td></tr><tr><td>丙<td>丁</tr></table><table><tr><td>戊</table><p>己 7 8</p>"
    assert {cell.text: cell.place for cell in document(source).cells} == {
        "甲": "paragraph 1",
        "乙": "table 1 row 1 cell 1",
        "丙": "table 1 row 2 cell 1",
        "丁": "table 1 row 2 cell 2",
        "戊": "table 2 row 1 cell 1",
        "己": "paragraph 2 cell 1",
        "7": "paragraph 2 cell 2",
        "8": "paragraph 2 cell 3",
    }


def test_a_table_around_a_table_keeps_its_number():
    source = "<table><tr><td>甲<td>乙<tr><td><table><tr><td>丙<td>丁</table><tr><td>戊<td>己</table>"
    assert [cell.place for cell in document(source).cells] == [
        "table 1 row 1 cell 1",
        "table 1 row 1 cell 2",
        "table 2 row 1 cell 1",
        "table 2 row 1 cell 2",
        "table 1 row 3 cell 1",
        "table 1 row 3 cell 2",
    ]


ROWS = {
    "paragraphs in a cell": ("<table><tr><td><p>社会</p><p>组织</p><td>1</table>", [["社会 组织", "1"]]),
    "no closing tags": ("<table><tr><td>a<td>1<tr><td>b<td>2</table>", [["a", "1"], ["b", "2"]]),
    "no table": ("<div><tr><td>a</td><td>1</td></tr></div>", [["a", "1"]]),
    "no rows": ("<table><td>a</td><td>1</td></table>", [["a", "1"]]),
    "rows in rows": ("<table><tr><tr><td>a</td><tr><td>b</td></tr></tr></table>", [["a"], ["b"]]),
    "a form in a row": ("<table><tr><form><td>a</td><td>1</td></form></tr></table>", [["a", "1"]]),
    "text between rows": ("<table><tr><td>a</td></tr>二、<tr><td>b</td></tr></table>", [["a"], ["二、"], ["b"]]),
    "a caption": ("<table><caption>表一</caption><tr><td>a<td>1</table>", [["表一"], ["a", "1"]]),
    "a table that was not closed": ("<table><tr><td>a<td>1<table><tr><td>b<td>2</table>", [["a"], ["1"], ["b", "2"]]),
    "layout": ("<table><tr><td>a<td><p>b</p><table><tr><td>c<td>1</table>d</table>", [["a"], ["b"], ["c", "1"], ["d"]]),
    "layout in one row": (
        "<table><tr><td><table><tr><td>a<td>1</table></td></tr><tr><td>b</td><td>2</td></tr></table>",
        [["a", "1"], ["b", "2"]],
    ),
    "a frame around a cell": ("<table><tr><td>a<td><table><tr><td>1</table></table>", [["a", "1"]]),
    "a page in a cell": (f"<table><tr><td>a<td><p>{'文' * 300}</p><p>1</p></table>", [["a"], ["文" * 300], ["1"]]),
    "a title": ("<head><title>年报</title><meta name=x content=y></head><p>一</p>", [["年报"], ["一"]]),
    "agreeing spans": (
        "<table><tr><td rowspan=2>a<td colspan=2>b<tr><td>1<td>2</table>",
        [["a", "b", ""], ["1", "2"]],
    ),
    "spans that disagree": (
        "<table><tr><td rowspan=2>a<td colspan=3>b<tr><td>1<td>2</table>",
        [["a", "b"], ["1", "2"]],
    ),
    "a merged blank": ("<table><tr><td>a<td>1<td>2<tr><td>b<td colspan=2></table>", [["a", "1", "2"], ["b", "", ""]]),
    "a span beyond all bounds": ("<table><tr><td colspan=99999999>a<tr><td rowspan=-1>b</table>", [["a"], ["b"]]),
    "lines and blank paragraphs": ("一<br>二<div>三</div><p>&nbsp;</p>四", [["一"], ["二"], ["三"], [""], ["四"]]),
    "preformatted text": ("<pre>规章\t1\t\t3\n合计\t4\t5\t\n</pre>", [["规章", "1", "", "3"], ["合计", "4", "5", ""]]),
    "tabs in a block": ("<div>规章\t1\t\t3\n合计\t4\t5\t6</div>", [["规章", "1", "", "3"], ["合计", "4", "5", "6"]]),
    "pipes in a paragraph": ("<p>规章 | 1 | | 3</p>", [["规章", "1", "", "3"]]),
    "text after the end": ("<html><body><p>一</p></body></html><p>二</p>", [["一"], ["二"]]),
    "rules typed as text": ("<pre>|---|\n|---|</pre>一", [[""], ["一"]]),
    "nothing": ("", []),
}


@pytest.mark.parametrize("case", ROWS)
def test_rows_of(case):
    source, expected = ROWS[case]
    assert rows(source) == expected


GRIDS = {
    "text that reaches to the right": ("<tr><td colspan=3>a<td>1<tr><td>b<td>2<td>3<td>4", ["a0 13", "b0 21 32 43"]),
    "text that reaches down": ("<tr><td rowspan=2>a<td>1<td>2<tr><td>3<td>4", ["a0 11 22", "31 42"]),
    "text that reaches down at the end": ("<tr><td>a<td>1<td rowspan=2>2<tr><td>b<td>3", ["a0 11 22", "b0 31"]),
    "text that reaches the edge": ("<tr><td>a<td colspan=2>1<tr><td>b<td>2<td>3", ["a0 11 2", "b0 21 32"]),
    "a blank that reaches down": ("<tr><td rowspan=2><td>1<td>2<tr><td>3<td>4", ["0 11 22", "0 31 42"]),
    "a blank that reaches both ways": ("<tr><td rowspan=2 colspan=2><td>1<tr><td>2", ["0 1 12", "0 1 22"]),
    "spans that disagree": ("<tr><td rowspan=2>a<td colspan=3>1<tr><td>2<td>3", ["a0 11", "20 31"]),
}


@pytest.mark.parametrize("case", GRIDS)
def test_cells_have_the_column_of_the_grid_where_spans_agree(case):
    source, expected = GRIDS[case]
    found = document(f"<table>{source}</table>").rows()
    assert [" ".join(f"{cell.text}{cell.column}" for cell in row) for row in found] == expected


def test_the_place_of_a_merged_blank_is_its_cell():
    (_, below) = document("<table><tr><td>a<td rowspan=2><td>1<tr><td>b<td>2</table>").rows()
    assert [(cell.text, cell.place) for cell in below] == [
        ("b", "table 1 row 2 cell 1"),
        ("", "table 1 row 1 cell 2"),
        ("2", "table 1 row 2 cell 2"),
    ]


def test_a_figure_over_two_rows_is_not_a_blank_in_the_second():
    figures = distinct("2021", "2021", 11) | {("applications", "carried_in", "research"): None}
    above = figures["applications", "received_new", "research"]
    source = page("clean", "2021", "2021", figures, 11).decode()
    first, second = source.split(f"<td>{above}</td>")
    begin, end = second.split("<td></td>", 1)
    reading = read(f"{first}<td rowspan=2>{above}</td>{begin}{end}".encode())
    states = {cell.figure.state for keys, cell in cells(reading).items() if keys[1] == "carried_in"}
    assert states == {"unreadable"}
    assert wrong_numbers(reading, figures) == []


# What a cell says

CELLS = {
    "blanks around": ("&nbsp;\u3000 12\n\t&ensp;", "12"),
    "nothing but blanks": ("<p>&nbsp;<o:p></o:p></p>\u3000<span>\u200b&#8203;</span>", ""),
    "one number in pieces": ("<span lang=EN-US>1<b>2</b></span><font>3</font><st1:number>4</st1:number>", "1234"),
    "a footnote mark": ("12<sup>3</sup>", "12³"),
    "a mark raised by style": ("12<span style='mso-text-raise:3pt;vertical-align: super'>3</span>", "12³"),
    "a cell that is not raised": ("<p style='vertical-align:super'>12</p>", "12"),
    "a lowered mark": ("12<sub>３</sub>", "12³"),
    "two lines of digits": ("1<br>234", "1⏎234"),
    "two paragraphs of digits": ("<p>1</p><p>234</p>", "1⏎234"),
    "a struck number": ("<del>5</del>6", "5\u03366"),
    "a number struck by style": ("<span style='text-decoration:underline line-through'>5</span>6", "5\u03366"),
    "a broken label": ("本年新<br>制作数量", "本年新 制作数量"),
    "a script": ("1<script>document.write('2')</script><style>p{}</style><!-- 3 --><noscript>4</noscript>", "1"),
    "something hidden": ("1<span style='DISPLAY: none'>2</span><i hidden>3</i><b style='mso-hide:all'>4</b>", "1"),
    "something invisible": ("1<span style='visibility:hidden'>2</span>", "1"),
    "conditional comments": ("<!--[if gte mso 9]><xml>1</xml><![endif]--><![if !supportEmptyParas]>2<![endif]>", "2"),
    "a reading": ("<ruby>規<rp>(</rp><rt>guī</rt><rp>)</rp></ruby>章", "規章"),
    "a field that was filled in": ("<input value='12' readonly><input type=hidden value=3>", "12"),
    "a picture": ("<img src=5.png>", "[图]"),
    "a picture beside text": ("<img src=x.gif>5", "5"),
    "references": ("&#53;&lt;&#x5E74;&amp;", "5<年&"),
}


@pytest.mark.parametrize("case", CELLS)
def test_a_cell_with(case):
    inner, expected = CELLS[case]
    assert rows(f"<table><tr><td>规章</td><td>{inner}</td></tr></table>") == [["规章", expected]]


@pytest.mark.parametrize("inner", ["12<sup>3</sup>", "1<br>234", "<s>5</s>6", "<p>1</p><p>2</p>", "<img src=5.png>"])
def test_what_stands_beside_a_figure_makes_no_other_figure(inner):
    figures = distinct("2021", "2021", 12)
    planted = ("applications", "granted_full", "natural_person")
    figure = figures[planted]
    source = page("clean", "2021", "2021", figures, 12).decode()
    assert source.count(f"<td>{figure}</td>") == 1
    reading = read(source.replace(f"<td>{figure}</td>", f"<td>{inner}</td>").encode())
    assert cells(reading)[planted].figure.value is None
    assert cells(reading)[planted].figure.state in ("unreadable", "text")
    assert [line for line in mismatches(reading, figures) if "granted_full/natural_person" not in line] == []


# Encodings

SOURCE = "<html><head><meta charset={}></head><body><p>青石镇信息公开年度报告</p></body></html>"

ENCODINGS = {
    "utf-8": ("utf-8", "utf-8", b""),
    "utf-8 with a mark": ("utf-8", "gbk", codecs.BOM_UTF8),
    "utf-8 that says gb2312": ("utf-8", "gb2312", b""),
    "utf-8 that says big5": ("utf-8", "big5", b""),
    "gbk": ("gbk", "gb2312", b""),
    "gbk that says utf-8": ("gbk", "utf-8", b""),
    "gbk that says nonsense": ("gbk", "x-unknown", b""),
    "gbk that says latin": ("gbk", "iso-8859-1", b""),
    "gb18030": ("gb18030", "gb18030", b""),
    "utf-16 with a mark": ("utf-16-le", "unicode", codecs.BOM_UTF16_LE),
}


@pytest.mark.parametrize("case", ENCODINGS)
def test_a_page_is_the_same_in_every_encoding(case):
    encoding, declared, mark = ENCODINGS[case]
    assert rows(mark + SOURCE.format(declared).encode(encoding)) == [["青石镇信息公开年度报告"]]


def test_an_encoding_of_its_own_is_believed_where_utf8_fails():
    source = "<meta http-equiv=Content-Type content='text/html; charset=big5'><p>規章辦理結轉</p>"
    assert rows(source.encode("big5")) == [["規章辦理結轉"]]


def test_a_letter_cut_in_an_attribute_does_no_harm():
    description = b"<meta name=description content='" + "年度报告".encode()[:-1] + b"'>"
    assert rows(description + ("<p>" + "信息公开" * 30 + "</p>").encode()) == [["信息公开" * 30]]


def refusal(source):
    with pytest.raises(Refused) as refused:
        extract(source)
    assert refused.value.message
    assert refused.value.hint
    return refused.value.code


def test_a_damaged_letter_in_the_text_is_refused():
    text = ("<p>" + "信息公开" * 30 + "</p>").encode()
    assert refusal(text[:50] + text[51:]) == "not_decodable"


@pytest.mark.parametrize(
    "data", [b"%PDF-1.7\n", b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"<p>\x00\x00</p>"]
)
def test_what_is_no_page_is_refused(data):
    assert refusal(data) == "binary"


HOSTILE = {
    "deep elements": (b"<b>" * 100_000, "too_deep"),
    "deep tables": (b"<table><tr><td>a<td>" * 300, "too_deep"),
    "too many cells": (b"<td>" * 300_000, "too_large"),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_hostile_pages_are_refused(case):
    source, code = HOSTILE[case]
    assert refusal(source) == code


TAGS = st.sampled_from(
    ["<table>", "<tr>", "<td rowspan=2>", "<td>", "</td>", "</tr>", "</table>", "<p>", "</div>", "<br>"]
)


@settings(max_examples=200, deadline=None)
@given(st.lists(TAGS, max_size=40))
def test_no_text_is_lost_or_moved_whatever_the_tags(tags):
    source = "".join(f"{tag}字{number}。" for number, tag in enumerate(tags))
    assert " ".join(cell.text for cell in document(source).cells if cell.text).replace(" ", "") == "".join(
        f"字{number}。" for number in range(len(tags))
    )


def test_pages_have_a_reader():
    assert reader_of("html") is reader_of("htm") is html_reader


SLIPS = (
    "<td>",
    "</td>",
    "<tr>",
    "</tr>",
    "<table>",
    "</table>",
    "<p>",
    "</div>",
    "<br>",
    "<td></td>",
    "<td colspan=2>",
)


def with_a_slip(source, random):
    """The page with one tag lost, written twice, exchanged with another or added."""
    parts = re.split("(<[^>]*>)", source)
    here, there = (random.randrange(1, len(parts), 2) for _ in range(2))
    match random.choice(("lost", "twice", "exchanged", "added")):
        case "lost":
            parts[here] = ""
        case "twice":
            parts[here] *= 2
        case "exchanged":
            parts[here], parts[there] = parts[there], parts[here]
        case _:
            parts[here] += random.choice(SLIPS)
    return "".join(parts)


@pytest.mark.parametrize(
    "variant", ["clean", "word", "cms", "padded", "unclosed", "no_spans", "extra_cell", "spans_disagree"]
)
@pytest.mark.parametrize("share", [0, 0.3])
def test_a_slip_in_the_markup_makes_no_wrong_number(variant, share):
    figures = with_blanks(distinct("2021", "2019", 13), 13, share)
    source = page(variant, "2021", "2019", figures, 13).decode()
    for seed in range(12):
        reading = read(with_a_slip(source, Random(seed)).encode())
        assert wrong_numbers(reading, figures) == []
