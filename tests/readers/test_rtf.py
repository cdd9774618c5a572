"""RTF: every cell of a whole report, its ways to write Chinese, its tables, and what is not printed."""

from contextlib import suppress
from random import Random

import pytest

from pipeline.parse import parse
from pipeline.readers import Refused, rtf
from tests.parse.comparison import EDITION_PAIRS, mismatches
from tests.parse.test_blanks import with_blanks
from tests.planted.figures import distinct
from tests.planted.office import VARIANTS, report, rtf_of, rtf_points


def read(data):
    return parse(rtf.arrange(rtf.extract(data)))


def rows(body, head=""):
    """The rows of a body, each as the texts of its cells."""
    document = rtf.arrange(rtf.extract(rtf_of(body, head)))[0]
    return [[cell.text for cell in row] for row in document.rows()]


def in_a_cell(content, head=""):
    """What a cell with this in it comes out as."""
    return rows(rf"\trowd\cellx1\cellx2\pard\intbl a\cell {content}\cell\row", head)[0][1]


@pytest.mark.parametrize("variant", VARIANTS)
@pytest.mark.parametrize("editions", EDITION_PAIRS)
def test_every_cell_is_the_planted_number(variant, editions):
    figures = distinct(*editions, seed=5)
    reading = read(report("rtf", *editions, figures, variant))
    assert mismatches(reading, figures) == []
    assert (reading.edition("proactive_disclosure"), reading.edition("applications")) == editions


@pytest.mark.parametrize("variant", VARIANTS)
@pytest.mark.parametrize("seed", range(8))
def test_blanks_are_blank_where_they_stand(variant, seed):
    editions = EDITION_PAIRS[seed % 4]
    figures = with_blanks(distinct(*editions, seed), Random(seed))
    assert mismatches(read(report("rtf", *editions, figures, variant)), figures) == []


BIG5 = "".join(f"\\'{byte:02x}" for byte in "規章".encode("big5"))
FONTS = r"{\fonttbl{\f0\fcharset0 A;}{\f1\fcharset136 B;}}"


@pytest.mark.parametrize(
    ("written", "head", "read_as"),
    [
        (r"\'b9\'e6\'d5\'c2", "", "规章"),
        (r"\f0\'b9\'e6\'d5\'c2", FONTS, "规章"),
        (r"\u35268?\u31456?", "", "规章"),
        (r"{\uc2\u35268\'b9\'e6\u31456\'d5\'c2}", "", "规章"),
        (r"{\uc0\u35268\u31456}", "", "规章"),
        (r"\u-32768?", "", "耀"),
        (r"{\upr{??}{\*\ud{\u35268?\u31456?}}}", "", "规章"),
        (r"\f1" + BIG5, FONTS, "規章"),
    ],
)
def test_the_ways_to_write_chinese(written, head, read_as):
    assert in_a_cell(written, head) == read_as


def test_half_a_character_may_be_a_plain_letter():
    assert in_a_cell(r"\'81@") == "丂"  # 0x81 0x40, of which the second is the letter @


def test_a_character_beyond_the_basic_plane_is_two_halves():
    assert in_a_cell(r"\u-10187?\u-9138?") == "\U0001d44e"


def test_merged_cells_and_places():
    body = (
        r"\pard one\par\pard\par\trowd\clvmgf\cellx1\cellx2\cellx3\pard\intbl head\cell a\cell 1\cell\row"
        r"\trowd\clvmrg\cellx1\clmgf\cellx2\clmrg\cellx3\pard\intbl x\cell b\cell\cell\row\pard two\par"
    )
    assert rows(body) == [["one"], ["head", "a", "1"], ["", "b"], ["two"]]
    places = [cell.place for cell in rtf.read(rtf_of(body)).cells]
    assert places[0] == "paragraph 1"
    assert places[3:5] == ["table 1 row 1 cell 3", "table 1 row 2 cell 1"]
    assert places[-1] == "paragraph 3"


def test_a_blank_cell_is_not_the_end_of_the_row():
    body = (
        r"\trowd\cellx1\cellx2\cellx3\pard\intbl a\cell\cell 7\cell\row\trowd\cellx1\cellx2\pard\intbl b\cell\cell\row"
    )
    assert rows(body) == [["a", "", "7"], ["b", ""]]


def test_a_table_without_marks_in_its_paragraphs():
    assert rows(r"\trowd\cellx1\cellx2\pard a\cell\pard 1\par 234\cell\row\pard end\par") == [["a", "1  234"], ["end"]]


def test_a_table_inside_a_cell_comes_as_outside_and_cuts_the_row():
    inner = (
        r"\pard\intbl\itap2 in\nestcell 2\nestcell{\*\nesttableprops\trowd\cellx1\cellx2\nestrow}{\nonesttables\par}"
    )
    body = (
        r"\trowd\cellx1\cellx2\cellx3\pard\intbl left\cell before\par " + inner + r"\pard\intbl after\cell right\cell"
        r"\trowd\cellx1\cellx2\cellx3\row"
    )
    assert rows(body) == [["left"], ["before"], ["in", "2"], ["after"], ["right"]]


@pytest.mark.parametrize(
    ("content", "read_as"),
    [
        (r"5{\super 1}", "5¹"),
        (r"5\super 1\nosupersub 2", "5¹2"),
        (r"5{\up6 1}{\sub 2}", "5¹₂"),
        (r"5{\up2 1}{\up 2}", "51²"),
        (r"5{\super\chftn}{\footnote\pard 9\par}", "5¹"),
        (r"5{\strike 3}", "53\u0336"),
        (r"5{\v 3}{\deleted 4}", "5"),
        (r"5{\super 1}\plain 6", "5¹6"),
        (r"{\field{\*\fldinst = 1 + 6}{\fldrslt 7}}", "7"),
        (r"{\listtext\pard 3.\tab}5", "5"),
        (r"5{\*\shppict{\pict\pngblip 1234}}{\nonshppict{\pict 5678}}", "5\ufffc"),
        (r"5{\pict\bin4 }}{{6}", "5\ufffc"),
        (r"5{\*\unknown 6}{\*\bkmkstart a}", "5"),
        (r"{\info{\title 6}}5{\*\moMath 7}", "5\ufffd"),
        ("5\\line 123", "5  123"),
        ("5\r\n6", "56"),
        (r"\{5\}\_6\~7", "{5}-6\xa07"),
    ],
)
def test_what_stands_beside_a_figure(content, read_as):
    assert in_a_cell(content) == read_as


def test_a_text_box_is_read_once_and_after_its_paragraph():
    box = (
        r"{\shp{\*\shpinst{\sp{\sn a}{\sv 1}}{\shptxt\trowd\cellx1\cellx2\pard\intbl{in}\cell 5\cell\row}}{\shprslt 5}}"
    )
    assert rows(r"\pard up" + box + r"per\par lower\par") == [["upper"], ["in", "5"], ["lower"]]


def test_what_follows_the_document_is_no_part_of_it():
    assert [cell.text for cell in rtf.read(rtf_of(r"{\pard one}\par") + b" 5\\par\0\0").cells] == ["one"]


def test_text_after_the_last_mark_is_kept():
    assert rows(r"\pard " + rtf_points("一、总体情况") + r"\par last") == [["一、总体情况"], ["last"]]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"{\\rtf1 " + b"{" * 2000, "damaged"),
        (rtf_of(r"\pard " + r"{\shptxt " * 20 + "x" + "}" * 20 + r"\par"), "damaged"),
        (rtf_of(r"\pard\intbl\itap900 x\nestcell"), "damaged"),
        (rtf_of(r"\trowd" + r"\cell" * 110_000 + r"\row"), "too_large"),
        (b"{\\rtf1 x\\", "damaged"),
        (b"{\\rtf1 \\pard\\par}", "empty"),
    ],
)
def test_what_cannot_be_read_is_refused(data, code):
    with pytest.raises(Refused) as refused:
        rtf.extract(data)
    assert refused.value.code == code
    assert refused.value.hint


@pytest.mark.parametrize("seed", range(40))
def test_damaged_bytes_are_refused_or_read_and_nothing_else(seed):
    random = Random(seed)
    data = bytearray(report("rtf", "2021", "2021", distinct("2021", "2021"), random.choice(VARIANTS)))
    for _ in range(random.choice([1, 5, 50])):
        data[random.randrange(6, len(data))] = random.choice([*b"{}\\'0u", random.randrange(256)])
    with suppress(Refused):
        rtf.extract(bytes(data[: random.choice([len(data), random.randrange(6, len(data))])]))
