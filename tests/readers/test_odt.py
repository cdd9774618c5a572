"""ODT: every cell of a whole report, and each thing that can be done to a cell, a line or a character."""

from contextlib import suppress
from random import Random

import pytest

from pipeline.parse import parse
from pipeline.readers import Refused, odt
from tests.parse.comparison import EDITION_PAIRS, mismatches
from tests.parse.test_blanks import with_blanks
from tests.planted.figures import distinct
from tests.planted.office import VARIANTS, odt_of, packed, report


def read(data):
    return parse(odt.arrange(odt.extract(data)))


def rows(body, styles=""):
    """The rows of a body, each as the texts of its cells."""
    document = odt.arrange(odt.extract(odt_of(body, styles)))[0]
    return [[cell.text for cell in row] for row in document.rows()]


def p(content):
    return f"<text:p>{content}</text:p>"


def tc(content, attributes=""):
    return f"<table:table-cell {attributes}>{content}</table:table-cell>"


def table(*table_rows):
    return f"<table:table>{''.join(f'<table:table-row>{row}</table:table-row>' for row in table_rows)}</table:table>"


def in_a_cell(content, styles=""):
    """What a cell with this in its paragraph comes out as."""
    return rows(table(tc(p("行政许可")) + tc(p(content))), styles)[0][1]


@pytest.mark.parametrize("variant", VARIANTS)
@pytest.mark.parametrize("editions", EDITION_PAIRS)
def test_every_cell_is_the_planted_number(variant, editions):
    figures = distinct(*editions, seed=4)
    reading = read(report("odt", *editions, figures, variant))
    assert mismatches(reading, figures) == []
    assert (reading.edition("proactive_disclosure"), reading.edition("applications")) == editions


@pytest.mark.parametrize("variant", VARIANTS)
@pytest.mark.parametrize("seed", range(8))
def test_blanks_are_blank_where_they_stand(variant, seed):
    editions = EDITION_PAIRS[seed % 4]
    figures = with_blanks(distinct(*editions, seed), Random(seed))
    assert mismatches(read(report("odt", *editions, figures, variant)), figures) == []


def test_covered_cells_are_none_beside_and_blank_below():
    covered = "<table:covered-table-cell/>"
    wide = 'table:number-columns-spanned="2" table:number-rows-spanned="2"'
    body = table(
        tc(p("三、"), wide) + covered + tc(p("1")),
        '<table:covered-table-cell table:number-columns-repeated="2"/>' + tc(p("2")),
        tc(p("甲")) + tc("", 'table:number-columns-repeated="2"'),
    )
    assert rows(body) == [["三、", "1"], ["", "", "2"], ["甲", "", ""]]


def test_header_rows_and_groups_are_rows():
    row = "<table:table-row>{}</table:table-row>"
    header = f"<table:table-header-rows>{row.format(tc(p('信息')) + tc(p('数')))}</table:table-header-rows>"
    group = f"<table:table-row-group>{row.format(tc(p('规章')) + tc(p('5')))}</table:table-row-group>"
    assert rows(f"<table:table>{header}{group}</table:table>") == [["信息", "数"], ["规章", "5"]]


def test_a_table_inside_a_cell_comes_as_outside_and_cuts_the_row():
    inner = p("前") + table(tc(p("内")) + tc(p("2"))) + p("后")
    assert rows(table(tc(p("左")) + tc(inner) + tc(p("右")))) == [["左"], ["前"], ["内", "2"], ["后"], ["右"]]


def test_text_outside_tables():
    item = f"<text:list><text:list-item>{p('乙')}</text:list-item></text:list>"
    body = f"<text:section><text:h>一、总体情况</text:h>{item}</text:section>" + p(
        "甲<text:tab/>5<text:tab/><text:tab/>7"
    )
    assert rows(body) == [["一、总体情况"], ["乙"], ["甲", "5", "", "7"]]


def test_deleted_text_and_comments_are_out():
    changes = f"<text:tracked-changes><text:changed-region>{p('旧 8')}</text:changed-region></text:tracked-changes>"
    comment = f"<office:annotation>{p('9')}</office:annotation>"
    assert rows(changes + p(f"新{comment}版")) == [["新版"]]


def style(name, properties):
    return f'<style:style style:name="{name}" style:family="text"><style:text-properties {properties}/></style:style>'


@pytest.mark.parametrize(
    ("properties", "read_as"),
    [
        ('style:text-position="super 58%"', "5¹"),
        ('style:text-position="33% 58%"', "5¹"),
        ('style:text-position="sub 58%"', "5₁"),
        ('style:text-line-through-style="solid"', "51\u0336"),
        ('text:display="none"', "5"),
        ('style:text-position="0% 100%"', "51"),
    ],
)
def test_the_look_of_a_digit_tells_what_it_is(properties, read_as):
    assert in_a_cell('5<text:span text:style-name="T1">1</text:span>', style("T1", properties)) == read_as


@pytest.mark.parametrize(
    ("content", "read_as"),
    [
        ("5<text:note><text:note-citation>1</text:note-citation><text:note-body>9</text:note-body></text:note>", "5¹"),
        ("5<text:line-break/>123", "5  123"),
        ("5<text:s/>6", "5 6"),
        ('5<draw:frame text:anchor-type="as-char"><draw:image/></draw:frame>', "5\ufffc"),
        ('5<draw:frame text:anchor-type="char"><draw:image/></draw:frame>', "5"),
        ("<text:ruby><text:ruby-base>规</text:ruby-base><text:ruby-text>gui</text:ruby-text></text:ruby>章", "规章"),
        ("1\n  2", "1   2"),
    ],
)
def test_what_stands_beside_a_figure(content, read_as):
    assert in_a_cell(content) == read_as


def test_a_text_box_is_read_after_its_paragraph():
    box = f"<draw:frame><draw:text-box>{table(tc(p('规章')) + tc(p('5')))}</draw:text-box></draw:frame>"
    assert rows(p(f"上{box}文") + p("下文")) == [["上文"], ["规章", "5"], ["下文"]]


ENCRYPTED = (
    '<m:manifest xmlns:m="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"><m:file-entry m:full-path="content.xml">'
    "<m:encryption-data/></m:file-entry></m:manifest>"
)


def nested(depth):
    return table(tc(nested(depth - 1))) if depth else p("5")


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (packed({"content.xml": "<a>"}), "damaged"),
        (packed({"content.xml": "\x00\x01", "META-INF/manifest.xml": ENCRYPTED}), "encrypted"),
        (packed({"content.xml": "<a/>"}), "unsupported_format"),
        (packed({"content.xml": "<a>" + " " * 60_000_000}), "too_large"),
        (odt_of(table(*[tc("", 'table:number-columns-repeated="64"') * 9] * 250)), "too_large"),
        (odt_of(nested(95)), "damaged"),
        (odt_of(p("")), "empty"),
        (odt_of(table(tc(p("5"), 'table:number-columns-repeated="x"'))), "damaged"),
    ],
)
def test_what_cannot_be_read_is_refused(data, code):
    with pytest.raises(Refused) as refused:
        odt.extract(data)
    assert refused.value.code == code
    assert refused.value.hint


@pytest.mark.parametrize("seed", range(40))
def test_damaged_bytes_are_refused_or_read_and_nothing_else(seed):
    random = Random(seed)
    data = bytearray(report("odt", "2021", "2021", distinct("2021", "2021")))
    for _ in range(random.choice([1, 5, 50])):
        data[random.randrange(len(data))] = random.randrange(256)
    with suppress(Refused):
        odt.extract(bytes(data))
