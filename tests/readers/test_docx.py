"""DOCX: every cell of a whole report, and each thing Word can do to a cell, a line or a character."""

import zipfile
from contextlib import suppress
from io import BytesIO
from random import Random

import pytest

from pipeline.parse import parse
from pipeline.readers import Refused, docx
from tests.parse.comparison import EDITION_PAIRS, cells, mismatches
from tests.parse.test_blanks import with_blanks
from tests.planted.figures import distinct
from tests.planted.office import VARIANTS, docx_of, packed, report


def read(data):
    return parse(docx.arrange(docx.extract(data)))


def rows(body, **parts):
    """The rows of a body, each as the texts of its cells."""
    document = docx.arrange(docx.extract(docx_of(body, **parts)))[0]
    return [[cell.text for cell in row] for row in document.rows()]


def p(content):
    return f"<w:p>{content}</w:p>"


def r(text, properties=""):
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def turn(kind):
    return f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>'


def tc(content, properties=""):
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{content}</w:tc>"


def tbl(*table_rows):
    return f"<w:tbl>{''.join(f'<w:tr>{row}</w:tr>' for row in table_rows)}</w:tbl>"


def in_a_cell(content):
    """What a cell with this in its paragraph comes out as."""
    return rows(tbl(tc(p(r("行政许可"))) + tc(p(content))))[0][1]


@pytest.mark.parametrize("variant", VARIANTS)
@pytest.mark.parametrize("editions", EDITION_PAIRS)
def test_every_cell_is_the_planted_number(variant, editions):
    figures = distinct(*editions, seed=3)
    reading = read(report("docx", *editions, figures, variant))
    assert mismatches(reading, figures) == []
    assert (reading.edition("proactive_disclosure"), reading.edition("applications")) == editions
    assert reading.agency_name == "示例县青石镇人民政府"


@pytest.mark.parametrize("variant", VARIANTS)
@pytest.mark.parametrize("seed", range(8))
def test_blanks_are_blank_where_they_stand(variant, seed):
    editions = EDITION_PAIRS[seed % 4]
    figures = with_blanks(distinct(*editions, seed), Random(seed))
    assert mismatches(read(report("docx", *editions, figures, variant)), figures) == []


def test_a_place_is_table_row_and_cell_or_paragraph():
    body = p(r("一、总体情况")) + p("") + p(r("甲\t5")) + tbl(tc(p(r("规章"))) + tc(p(r("6")))) + p(r("完"))
    cells_read = docx.read(docx_of(body)).cells
    assert [(cell.text, cell.place) for cell in cells_read] == [
        ("一、总体情况", "paragraph 1"),
        ("甲", "paragraph 3 cell 1"),
        ("5", "paragraph 3 cell 2"),
        ("规章", "table 1 row 1 cell 1"),
        ("6", "table 1 row 1 cell 2"),
        ("完", "paragraph 4"),
    ]


def test_merged_cells():
    table = tbl(
        tc(p(r("三、")), '<w:vMerge w:val="restart"/>') + tc(p(r("甲")), '<w:gridSpan w:val="2"/>') + tc(p(r("1"))),
        tc(p(r("藏")), "<w:vMerge/>")
        + tc(p(r("乙")), '<w:hMerge w:val="restart"/>')
        + tc(p(""), "<w:hMerge/>")
        + tc(p("")),
        '<w:trPr><w:gridBefore w:val="2"/></w:trPr>' + tc(p(r("丙"))) + tc(p(r("3"))),
    )
    assert rows(table) == [["三、", "甲", "1"], ["", "乙", ""], ["", "丙", "3"]]


def test_a_table_inside_a_cell_comes_as_outside_and_cuts_the_row():
    inner = p(r("前")) + tbl(tc(p(r("内"))) + tc(p(r("2")))) + p(r("后"))
    table = tbl(tc(p(r("左"))) + tc(inner) + tc(p(r("右"))) + tc(p(r("1"))))
    assert rows(table) == [["左"], ["前"], ["内", "2"], ["后"], ["右", "1"]]
    assert docx.read(docx_of(table)).cells[-1].place == "table 1 row 1 cell 4"


def test_wrappers_are_seen_through():
    control = "<w:sdt><w:sdtPr><w:alias/></w:sdtPr><w:sdtContent>{}</w:sdtContent></w:sdt>"
    cell = control.format(tc(control.format(p(control.format(r("5"))))))
    row = control.format(f"<w:tr>{tc(p(r('规章')))}{cell}</w:tr>")
    assert rows(control.format(f"<w:tbl>{row}</w:tbl>")) == [["规章", "5"]]


def test_deleted_text_is_out_and_inserted_text_is_in():
    deleted = "<w:del><w:r><w:delText>1</w:delText></w:r></w:del>"
    moved = f"<w:moveFrom>{r('2')}</w:moveFrom><w:moveTo>{r('3')}</w:moveTo>"
    assert in_a_cell(deleted + f"<w:ins>{r('4')}</w:ins>" + moved) == "43"
    struck_row = "<w:trPr><w:del/></w:trPr>" + tc(p(r("旧"))) + tc(p(r("8")))
    assert rows(tbl(struck_row, tc(p(r("新"))) + tc(p(r("9"))))) == [["新", "9"]]


@pytest.mark.parametrize(
    ("content", "read_as"),
    [
        (r("5") + '<w:r><w:footnoteReference w:id="2"/></w:r>', "5¹"),
        (r("5") + r("12", '<w:vertAlign w:val="superscript"/>'), "5¹²"),
        (r("5") + r("2", '<w:vertAlign w:val="subscript"/>'), "5₂"),
        (r("5") + r("1", '<w:position w:val="6"/>'), "5¹"),
        (r("5") + r("3", "<w:strike/>"), "53\u0336"),
        (r("5") + "<w:r><w:sym/></w:r>", "5\ufffd"),
        (r("5") + "<w:r><w:pict><v:shape/><v:imagedata/></w:pict></w:r>", "5\ufffc"),
        (r("5") + "<m:oMath><m:sSup><m:e><m:r><m:t>7</m:t></m:r></m:e></m:sSup></m:oMath>", "5\ufffd"),
        (r("5") + "<w:r><w:br/></w:r>" + r("123"), "5  123"),
        (r("5") + "<w:r><w:tab/></w:r>" + r("123"), "5  123"),
    ],
)
def test_what_stands_beside_a_figure_is_not_taken_for_its_digits(content, read_as):
    assert in_a_cell(content) == read_as
    figures = distinct("2021", "2021")
    place = ("proactive_disclosure", "rules", "issued")
    data = report("docx", "2021", "2021", figures | {place: "@"})
    body = zipfile.ZipFile(BytesIO(data)).read("word/document.xml").decode()
    printed = '<w:r><w:t xml:space="preserve">@</w:t></w:r>'
    tampered = body.replace(printed, content)
    assert tampered != body
    reading = read(packed({"[Content_Types].xml": "", "word/document.xml": tampered}))
    assert cells(reading)[place].figure.state == "unreadable"
    assert len(mismatches(reading, figures)) == 1


def test_two_paragraphs_of_digits_in_a_cell_are_no_thousands():
    assert rows(tbl(tc(p(r("规章"))) + tc(p(r("5")) + p("") + p(r("123"))))) == [["规章", "5  123"]]
    assert rows(tbl(tc(p(r("商业")) + p(r("企业"))) + tc(p(r("5"))))) == [["商业 企业", "5"]]


@pytest.mark.parametrize(
    "content",
    [
        r("7") + r("1", "<w:vanish/>"),
        r("7") + r("1", '<w:rStyle w:val="Secret"/>'),
        r("7", '<w:vertAlign w:val="baseline"/>'),
        r("7", '<w:position w:val="-3"/>'),
        r("7") + turn("begin") + r("9") + turn("end"),
        turn("begin") + r("9") + turn("end").replace("<w:r>", "<w:r><w:rPr><w:vanish/></w:rPr>") + r("7"),
        "<w:fldSimple>" + r("7") + "</w:fldSimple>",
        "<w:ruby><w:rt>" + r("qi") + "</w:rt><w:rubyBase>" + r("7") + "</w:rubyBase></w:ruby>",
        r("7") + "<w:r><w:drawing><anchor/></w:drawing></w:r>",
    ],
)
def test_what_is_not_printed_is_left_out(content):
    styles = (
        '<w:styles xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
        '<w:style w:type="character" w:styleId="Base"><w:rPr><w:vanish/></w:rPr></w:style>'
        '<w:style w:type="character" w:styleId="Secret"><w:basedOn w:val="Base"/><w:rPr><w:b/></w:rPr></w:style>'
        "</w:styles>"
    )
    assert rows(tbl(tc(p(r("规章"))) + tc(p(content))), styles=styles) == [["规章", "7"]]


def test_a_field_shows_its_result():
    inner = turn("begin") + r("8") + turn("separate") + r("9") + turn("end")
    field = turn("begin") + inner + turn("separate") + r("7") + turn("end")
    assert in_a_cell(r("1") + field + r("2")) == "172"


def test_a_text_box_is_read_once_and_after_its_paragraph():
    box = f"<w:txbxContent>{tbl(tc(p(r('规章'))) + tc(p(r('5'))))}</w:txbxContent>"
    choice = f"<mc:Choice><w:drawing><a>{box}</a></w:drawing></mc:Choice>"
    fallback = f"<mc:Fallback><w:pict><v:shape>{box}</v:shape></w:pict></mc:Fallback>"
    both = f"<w:r><mc:AlternateContent>{choice}{fallback}</mc:AlternateContent></w:r>"
    assert rows(p(r("上") + both + r("文")) + p(r("下文"))) == [["上文"], ["规章", "5"], ["下文"]]


def test_a_frame_around_paragraphs_is_no_row():
    long = "本机关按照上级部署做好信息公开，各项工作平稳有序。" * 5
    assert rows(tbl(tc(p(r("一、总体情况")) + p(r(long)) + p(r("二、其他"))))) == [
        ["一、总体情况"],
        [long],
        ["二、其他"],
    ]


def test_tables_typed_with_tabs_in_paragraphs_are_divided_and_indents_are_not():
    body = (
        p(r("\t一、总体情况"))
        + p(r("\t本机关平稳。"))
        + p(r("规章") + "<w:r><w:tab/></w:r>" + r("5") + "<w:r><w:tab/></w:r>")
    )
    assert rows(body) == [["一、总体情况"], ["本机关平稳。"], ["规章", "5", ""]]


def test_the_strict_namespace_is_read_too():
    data = packed(
        {
            "word/document.xml": '<document xmlns="http://purl.oclc.org/ooxml/wordprocessingml/main"><body><tbl><tr><tc><p>'
            "<r><t>规章</t></r></p></tc><tc><p><r><t>5</t></r></p></tc></tr></tbl></body></document>"
        }
    )
    assert [cell.text for cell in docx.read(data).cells] == ["规章", "5"]


BOMB = packed({"word/document.xml": "<w>" + " " * 60_000_000})
ENTITIES = '<!DOCTYPE d [<!ENTITY a "5">]><d><body><p><r><t>&a;</t></r></p></body></d>'


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"PK\x03\x04" + b"x" * 400, "damaged"),
        (packed({"[Content_Types].xml": "", "word/document.xml": "<w:document"}), "damaged"),
        (packed({"[Content_Types].xml": "", "word/document.xml": ENTITIES}), "damaged"),
        (packed({"word/document.xml": "<d><body>" + "<x>" * 230 + "</x>" * 230 + "</body></d>"}), "damaged"),
        (docx_of("".join(f"<w:sdt><w:sdtContent>{tbl('<w:tc><w:p/>')[:-24]}" for _ in range(50))), "damaged"),
        (BOMB, "too_large"),
        (docx_of(tbl(*[tc(p("")) * 500] * 250)), "too_large"),
        (docx_of(p("")), "empty"),
        (docx_of('<w:altChunk r="1"/>'), "not_readable"),
        (packed({"[Content_Types].xml": "", "xl/workbook.xml": "<a/>"}), "unsupported_format"),
        (packed({"photo.txt": "5"}), "unsupported_format"),
    ],
)
def test_what_cannot_be_read_is_refused(data, code):
    with pytest.raises(Refused) as refused:
        docx.extract(data)
    assert refused.value.code == code
    assert refused.value.hint


@pytest.mark.parametrize("seed", range(40))
def test_damaged_bytes_are_refused_or_read_and_nothing_else(seed):
    random = Random(seed)
    data = bytearray(report("docx", "2021", "2021", distinct("2021", "2021")))
    for _ in range(random.choice([1, 5, 50])):
        data[random.randrange(len(data))] = random.randrange(256)
    with suppress(Refused):
        docx.extract(bytes(data[: random.choice([len(data), random.randrange(len(data))])]))
