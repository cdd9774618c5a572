"""Tables read as they are written: what the tree of the page would say, and only where it would say so."""

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.readers import Refused
from pipeline.readers import html as html_reader
from pipeline.readers.html import arrange, extract
from pipeline.readers.html_tables import cut_out
from tests.planted.figures import distinct
from tests.planted.html import VARIANTS, page
from tests.readers.test_html import CELLS, GRIDS, ROWS, with_a_slip


def rows(source):
    (document,) = arrange(extract(source.encode()))
    return [[cell.text for cell in row] for row in document.rows()]


@pytest.fixture
def by_tree(monkeypatch):
    """What a page says when no table is cut out of it."""

    def found(data):
        with monkeypatch.context() as patch:
            patch.setattr(html_reader, "cut_out", lambda source: (source, []))
            return outcome(data)

    return found


def outcome(data):
    try:
        return extract(data)
    except Refused as refused:
        return refused.code


def decoded(variant, data):
    return data.decode("gb18030" if VARIANTS[variant].encoding in ("gbk", "gb18030") else "utf-8")


TAKEN = {"clean", "no_spans", "word", "group_twice", "extra_cell", "header_split", "padded", "spans_disagree", "gbk"}


@pytest.mark.parametrize("variant", VARIANTS)
def test_tables_without_a_slip_are_cut_out(variant):
    shorter, tables = cut_out(decoded(variant, page(variant, "2021", "2021", distinct("2021", "2021", 3), 3)))
    if variant in TAKEN:
        assert len(tables) == 3
        assert shorter.count("<table") == 3
    if variant == "unclosed":
        assert tables == []


@pytest.mark.parametrize("variant", VARIANTS)
@pytest.mark.parametrize("seed", [0, 1])
def test_a_page_is_read_as_by_its_tree(variant, seed, by_tree):
    data = page(variant, "2021", "2019", distinct("2021", "2019", seed), seed)
    assert extract(data) == by_tree(data)
    for slip in range(8):
        slipped = with_a_slip(decoded(variant, data), Random(100 * seed + slip)).encode()
        assert outcome(slipped) == by_tree(slipped)


@pytest.mark.parametrize("case", [*CELLS, *ROWS, *GRIDS])
def test_small_tables_are_read_as_by_their_tree(case, by_tree):
    inner = (CELLS.get(case) or ROWS.get(case) or GRIDS[case])[0]
    for source in (inner, f"<table><tr><td>规章</td><td>{inner}</td></tr></table>", f"<table>{inner}</table>"):
        assert outcome(source.encode()) == by_tree(source.encode())


TAGS = (
    "<table> </table> <tr> </tr> <td> </td> <p> </p> <div> </div> <b> </b> <span> </span> <br> <br/> <tbody> </tbody>"
)
OTHERS = "<sup> <!-- --> <script> </script> <textarea> </textarea> < > &nbsp; &amp; &#49; &lt 1 20 规章"
SPACED = ["<td rowspan=2>", "<td style='display:none'>", "<span style='visibility:hidden'>", "<a title='", "'>"]
PIECES = st.sampled_from([*TAGS.split(), *OTHERS.split(), *SPACED, "\t", "\n", "  ", "\u3000"])
GOOD = "<table border=1><tr><td colspan=2>甲</td></tr>\n<tr><td><p>乙</p></td><td><b>12</b>3<br>4</td></tr></table>"


@settings(max_examples=400, deadline=None)
@given(st.lists(PIECES, max_size=4), st.data())
def test_pieces_anywhere_in_a_page_are_read_as_by_its_tree(before, data):
    """A good table with something wrong around it or in it."""
    tags = [f"{part}>" for part in f"{GOOD}<p>{GOOD}".split(">") if part]
    for piece in data.draw(st.lists(PIECES, max_size=3)):
        tags.insert(data.draw(st.integers(0, len(tags))), piece)
    source = "".join([*before, *tags, "尾"]).encode()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(html_reader, "cut_out", lambda source: (source, []))
        expected = outcome(source)
    assert outcome(source) == expected


TABLE = "<table><tr><td>规章</td><td>12</td></tr></table>"
HIDDEN = {
    "in a comment": f"<!-- {TABLE} --><p>尾",
    "in a script": f"<script>write('{TABLE}')</script><p>尾",
    "in an attribute": f'<a title="{TABLE}"></a><p>尾',
    "in a hidden part": f"<div style='display:none'>{TABLE}</div><p>尾",
    "in an invisible part": f"<div style='visibility:hidden'>{TABLE}</div><p>尾",
}


@pytest.mark.parametrize("case", HIDDEN)
def test_a_table_that_is_not_shown_is_not_read(case):
    assert [row for row in rows(HIDDEN[case]) if any(row)] == [["尾"]]


def test_a_table_that_is_struck_is_not_read_as_if_it_were_not():
    assert rows(f"<div style='text-decoration:line-through'>{TABLE}</div>") == [["规\u0336章\u0336", "1\u03362\u0336"]]


NOT_UNDERSTOOD = {
    "a comment": "12<!-- 3 -->",
    "a picture": "<img src=a.png>",
    "a raised digit": "12<sup>3</sup>",
    "something hidden": "12<span style='display:none'>3</span>",
    "a tag that is not closed": "<b>12",
    "tags that cross": "<b><i>12</b></i>",
    "a paragraph in a line": "<b><p>12</p></b>",
    "a bracket": "12 > 3",
    "a tag without an end": "12 < 3",
    "a reference by number": "&#49;",
    "a reference that may be one": "a&b",
    "an element that is empty": "<span/>12",
    "a value that is a reference": "<span style='&#100;isplay:none'>12</span>",
    "words between tabs": "规章\t12\t13",
    "a part of the page": "<p>" + "政府信息公开" * 30 + "</p><p>" + "工作年度报告" * 30 + "</p>",
    "what is no letter": "1\x7f2",
}


@pytest.mark.parametrize("case", NOT_UNDERSTOOD)
def test_a_cell_that_is_not_understood_leaves_the_table_to_the_tree(case):
    source = f"<table><tr><td>规章</td><td>{NOT_UNDERSTOOD[case]}</td></tr></table>"
    assert cut_out(source) == (source, [])


def test_of_tables_in_each_other_only_the_innermost_is_cut_out():
    shorter, (table,) = cut_out(f"<table><tr><td>左</td><td>{TABLE}</td></tr></table>")
    assert table.texts == ["规章", "12"]
    assert shorter.startswith("<table><tr><td>左</td><td><table>")


def test_a_table_of_the_same_words_has_its_own_figures():
    for figures in (["12", "12", "0"], ["0", "999999999999", "12"], ["1000000000001", "1000000000000", "7"]):
        source = f"<table><tr>{''.join(f'<td>{figure}</td>' for figure in figures)}</tr></table>"
        assert rows(source) == [figures]


def test_a_number_that_is_no_whole_cell_is_read_as_it_is_written():
    for number in ("1", "23"):
        source = f"<table><tr><td>第<b></b>{number}</td><td>{number}<br>{number}</td></tr></table>"
        assert rows(source) == [[f"第{number}", f"{number}⏎{number}"]]


def test_a_table_deep_in_others_is_still_refused():
    assert outcome(("<table><tr><td>a</td><td>" * 60 + TABLE).encode()) == "too_deep"


def test_tags_deep_in_each_other_are_left_to_the_tree():
    deep = "<b>" * 30 + "12" + "</b>" * 30
    source = f"<table><tr><td>规章</td><td>{deep}</td></tr></table>"
    assert cut_out(source) == (source, [])
    assert rows(source) == [["规章", "12"]]


def test_a_long_tag_and_a_long_table_are_read_like_others():
    source = f"<table><tr><td>规章</td><td title='{'长' * 3000}'>12</td></tr></table>"
    assert rows(source) == [["规章", "12"]]
    source = f"<table>{''.join(f'<tr><td>规章</td><td>{number}</td></tr>' for number in range(3000))}</table>"
    assert rows(source) == [["规章", str(number)] for number in range(3000)]
