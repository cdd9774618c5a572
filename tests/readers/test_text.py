"""Plain text: every encoding gives the same text or is refused by name, every habit of tables the same rows."""

import codecs
import pickle
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.readers import Refused, format_of, reader_of
from pipeline.readers import text as text_reader
from pipeline.readers.text import arrange, extract

TEXT = "青石镇2023年政府信息公开工作年度报告\n规章\t0\t12\t3\n"

ENCODINGS = {
    "utf-8": TEXT.encode("utf-8"),
    "utf-8 with a mark": codecs.BOM_UTF8 + TEXT.encode("utf-8"),
    "utf-16 little-endian": codecs.BOM_UTF16_LE + TEXT.encode("utf-16-le"),
    "utf-16 big-endian": codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"),
    "utf-32 little-endian": codecs.BOM_UTF32_LE + TEXT.encode("utf-32-le"),
    "gb18030": TEXT.encode("gb18030"),
    "gbk": TEXT.encode("gbk"),
}


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_a_text_is_the_same_in_every_encoding(encoding):
    assert extract(ENCODINGS[encoding]) == TEXT


def test_ascii_is_text():
    assert extract(b"annual report\n1\t2\n") == "annual report\n1\t2\n"


def test_an_empty_file_is_an_empty_text():
    assert extract(b"") == ""


@pytest.mark.parametrize("ends", ["\r\n", "\r", "\n"])
def test_a_line_ends_in_one_way(ends):
    assert extract("一\n二\n三".replace("\n", ends).encode()) == "一\n二\n三"


def test_a_form_feed_ends_a_line():
    assert extract("一\f二".encode()) == "一\n二"


def test_invisible_characters_are_dropped():
    assert extract("规\u200b章\t1\ufeff2\u00ad".encode()) == "规章\t12"


def test_a_stray_control_character_becomes_a_blank():
    assert extract(("年度报告" * 50 + "规\x07章").encode()) == "年度报告" * 50 + "规 章"


def refusal(data):
    with pytest.raises(Refused) as refused:
        extract(data)
    assert refused.value.message
    assert refused.value.hint
    return refused.value.code


BINARY = {
    "png": b"\x89PNG\r\n\x1a\n" + bytes(range(256)),
    "jpg": b"\xff\xd8\xff\xe0\x00\x10JFIF",
    "pdf": b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n",
    "docx": b"PK\x03\x04\x14\x00\x06\x00",
    "doc": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
    "rtf": b"{\\rtf1\\ansi}",
    "nul bytes in utf-8": TEXT.encode() + b"\x00",
    "nul bytes in gb18030": TEXT.encode("gb18030") + b"\x00",
    "control characters": b"\x01\x02\x03abc" * 20,
    "utf-16 without a mark": TEXT.encode("utf-16-le"),
}


@pytest.mark.parametrize("what", BINARY)
def test_what_is_no_text_is_refused(what):
    assert refusal(BINARY[what]) == "binary"


NOT_DECODABLE = {
    "utf-8 cut inside a letter": TEXT.encode()[:-1] + "章".encode()[:2],
    "utf-8 with a byte lost": (TEXT * 5).encode()[:100] + (TEXT * 5).encode()[101:],
    "utf-8 with a byte changed": (TEXT * 5).encode()[:100] + b"\xff" + (TEXT * 5).encode()[101:],
    "utf-16 cut inside a letter": codecs.BOM_UTF16_LE + TEXT.encode("utf-16-le")[:-1],
    "neither utf-8 nor gb18030": b"\xff\xff\xff\xff",
    "a utf-8 mark on gb18030": codecs.BOM_UTF8 + TEXT.encode("gb18030"),
}


@pytest.mark.parametrize("what", NOT_DECODABLE)
def test_a_damaged_text_is_refused_and_never_guessed(what):
    assert refusal(NOT_DECODABLE[what]) == "not_decodable"


@given(st.binary(max_size=300))
def test_any_bytes_are_a_text_or_refused(data):
    try:
        text = extract(data)
    except Refused as refused:
        text = refused.code
    assert text in ("binary", "not_decodable") or not {"\r", "\f", "\x00"} & {*text}


@given(st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), min_size=2))
def test_chinese_text_survives_both_encodings(text):
    assert extract(text.encode("utf-8")) == text
    assert extract(("年度报告\n" + text).encode("gb18030")) == "年度报告\n" + text


def rows(text):
    (document,) = arrange(text)
    return [[cell.text for cell in row] for row in document.rows()]


def test_a_line_with_tabs_is_a_row_with_its_blanks():
    assert rows("规章\t0\t\t3\n行政规范性文件\t1\t2\t\n") == [["规章", "0", "", "3"], ["行政规范性文件", "1", "2", ""]]


def test_lines_that_begin_with_a_tab_are_one_row_until_a_blank_line():
    assert rows("\t规章\n\t0\n\t\n\t3\n\n\t行政规范性文件\n\t1\n") == [["规章", "0", "", "3"], ["行政规范性文件", "1"]]


def test_a_line_without_a_tab_goes_on_in_the_row_it_interrupts():
    assert rows("\t商业\n企业\n\t科研机构\n") == [["商业", "企业", "科研机构"]]


def test_lines_of_prose_are_rows_of_their_own():
    assert rows("一、总体情况\n没有。\n\n二、\n") == [["一、总体情况"], ["没有。"], ["二、"]]


def test_both_habits_stand_in_one_file():
    assert rows("表\n规章\t1\n\n\t规章\n\t1\n\n完\n") == [["表"], ["规章", "1"], ["规章", "1"], ["完"]]


def test_the_padding_of_a_cell_is_no_part_of_it():
    assert rows("\t\u3000规章 \n\t\u00a012\n") == [["规章", "12"]]


def places(text):
    (document,) = arrange(text)
    return {cell.text: cell.place for cell in document.cells if cell.text}


def test_a_place_is_the_line_and_the_cell_in_it():
    assert places("题目\n\n规章\t7\t\t9\n") == {
        "题目": "line 1",
        "规章": "line 3 cell 1",
        "7": "line 3 cell 2",
        "9": "line 3 cell 4",
    }


def test_a_cell_on_a_line_of_its_own_has_the_line_for_its_place():
    assert places("题目\n\t规章\n\t7\n\n\t9\n") == {"题目": "line 1", "规章": "line 2", "7": "line 3", "9": "line 5"}


LINES = st.lists(st.text("规章0 12\t\u3000", max_size=8), max_size=20)


@given(LINES)
def test_every_printed_word_is_in_a_cell_at_its_place(lines):
    text = "\n".join(lines)
    (document,) = arrange(text)
    assert "".join("".join(cell.text for cell in document.cells).split()) == "".join(text.split())
    for cell in document.cells:
        assert cell.text in lines[int(cell.place.split()[1]) - 1]


@given(LINES)
def test_rows_and_columns_count_up_from_nothing(lines):
    (document,) = arrange("\n".join(lines))
    numbers = [cell.row for cell in document.cells]
    assert numbers[:1] in ([], [0])
    assert all(after - before in (0, 1, 2) for before, after in pairwise(numbers))
    for row in document.rows():
        assert len({cell.row for cell in row}) == 1
        columns = [cell.column for cell in row]
        assert columns[0] == 0
        assert all(after - before in (0, 1) for before, after in pairwise(columns))


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("规章\t0\n收费\t0", [0, 1]),
        ("规章\t0\n\n收费\t0", [0, 2]),
        ("\n\n规章\t0\n\n \n\n收费\t0\n", [0, 2]),
        ("\t规章\n\t0\n\n\t收费\n\t0\n", [0, 1]),
        ("规章\t0\n- 3 -\n收费\t0", [0, 1]),
        ("| 规章 | 0 |\n|---|---|\n| 收费 | 0 |", [0, 1]),
    ],
)
def test_a_blank_line_between_rows_leaves_out_a_number(text, numbers):
    (document,) = arrange(text)
    assert [row[0].row for row in document.rows()] == numbers


@pytest.mark.parametrize(
    ("name", "ending"),
    [("a.txt", "txt"), ("2023/报告.TXT", "txt"), ("a.tar.gz", "gz"), ("报告", ""), (".txt", ""), ("x.PDF", "pdf")],
)
def test_the_format_is_the_ending_of_the_name(name, ending):
    assert format_of(name) == ending


def test_a_text_has_a_reader():
    assert reader_of("txt") is text_reader


@pytest.mark.parametrize("ending", ["xyz", ""])
def test_a_format_without_a_reader_is_refused(ending):
    with pytest.raises(Refused, match="cannot be read yet") as refused:
        reader_of(ending)
    assert refused.value.code == "unsupported_format"
    assert ".txt" in refused.value.hint


def test_a_refusal_survives_a_change_of_process():
    refused = pickle.loads(pickle.dumps(Refused("binary", "No text.", "Look again.")))
    assert (refused.code, refused.message, refused.hint) == ("binary", "No text.", "Look again.")
