"""Pictures of reports: scanned, saved from a screen, bound into a PDF; and what happens where nothing can read them.

Reading one takes seconds, so few are read here; `benchmarks` reads many."""

import json
import sys
from io import BytesIO
from random import Random

import numpy as np
import pytest
from PIL import Image, ImageDraw
from reportlab.pdfgen.canvas import Canvas

from pipeline import versions
from pipeline.parse import parse
from pipeline.readers import Refused, pdf, picture, picture_figures, picture_ink, reader_of, recognition
from pipeline.readers.document import Cell, Document
from pipeline.readers.pdf_page import Glyph, Page
from pipeline.warehouse import steps
from pipeline.warehouse.inventory import scan as scan_raw
from pipeline.warehouse.lake import Lake
from pipeline.warehouse.making import Maker
from pipeline.warehouse.raw import Raw
from tests.parse.comparison import cells, mismatches, wrong_numbers
from tests.planted import scan
from tests.planted.figures import consistent

SEED = 8
"""Not one that the reader was written with."""

with_extra = pytest.mark.skipif(not recognition.installed(), reason="the extra that reads pictures is not installed")
with_font = pytest.mark.skipif(scan.MISSING is not None, reason=str(scan.MISSING))


def quiet(edition, seed):
    """Figures of a quiet body: nearly all noughts, some of them left blank."""
    random, figures = Random(seed), consistent(edition, edition, seed)
    few = {cell: figure if random.random() < 0.15 else "0" for cell, figure in figures.items()}
    return {cell: None if figure == "0" and random.random() < 0.3 else figure for cell, figure in few.items()}


def read(source_format, data):
    reader = reader_of(source_format)
    documents = reader.arrange(reader.extract(data))
    assert all(document.recognised for document in documents)
    return parse(documents)


# Whole reports


@with_extra
@with_font
@pytest.mark.parametrize(("look", "edition"), [("worn", "2021")])
def test_a_scanned_report_is_read_and_what_is_not_sure_is_not_given(look, edition):
    figures = quiet(edition, SEED)
    source_format, data = scan.scan(look, edition, edition, figures, SEED)
    reading = read(source_format, data)
    assert wrong_numbers(reading, figures) == []
    assert len(mismatches(reading, figures)) <= 0.02 * len(figures)
    places = {reading.document.cells[cell.cell].place for cell in cells(reading).values() if cell.cell is not None}
    assert all(place.startswith("page ") and " box " in place for place in places)


# Without the extra


def ruled_page():
    image = Image.new("L", (1240, 1754), "white")
    ImageDraw.Draw(image).rectangle((200, 200, 900, 900), outline="black", width=3)
    return image


def as_file(image, kind):
    file = BytesIO()
    image.save(file, kind)
    return file.getvalue()


def bound(*images):
    file = BytesIO()
    canvas = Canvas(file, invariant=1)
    for image in images:
        canvas.drawInlineImage(image, 0, 0, 595, 842)
        canvas.showPage()
    canvas.save()
    return file.getvalue()


SOURCES = {"png": as_file(ruled_page(), "PNG"), "jpg": as_file(ruled_page(), "JPEG"), "pdf": bound(ruled_page())}


@pytest.mark.parametrize("source_format", SOURCES)
def test_without_the_extra_a_picture_is_refused_with_its_name(source_format, monkeypatch):
    monkeypatch.setitem(sys.modules, "rapidocr_onnxruntime", None)
    with pytest.raises(Refused) as refused:
        reader_of(source_format).extract(SOURCES[source_format])
    assert refused.value.code == "no_text_layer"
    assert "picture" in str(refused.value)
    assert refused.value.hint == "Install the extra that reads pictures: pip install 'gongkai[ocr]'"


@pytest.mark.parametrize("source_format", SOURCES)
def test_an_extra_that_is_half_there_says_what_it_wants(source_format, monkeypatch, tmp_path):
    (tmp_path / "cv2.py").write_text("raise ImportError('libGL.so.1: cannot open shared object file')")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "cv2", raising=False)
    with pytest.raises(Refused) as refused:
        reader_of(source_format).extract(SOURCES[source_format])
    assert refused.value.code == "no_text_layer"
    assert "libGL.so.1" in refused.value.hint
    assert "apt install libgl1" in refused.value.hint


def test_a_file_refused_without_the_extra_is_tried_again_with_it(monkeypatch, tmp_path):
    maker = Maker(Lake(tmp_path / "warehouse"), Raw.of(tmp_path / "raw"))

    def build(installed):
        monkeypatch.setattr(recognition, "installed", lambda: installed)
        versions._fingerprint.cache_clear()
        inventory = scan_raw(maker.raw)
        maker.make_documents(inventory, 2023, inventory.fingerprint(2023))
        maker.make_rows(steps.DOCUMENT_TEXT, 2023, inventory.fingerprint(2023))
        (part,) = maker.parts(2023)
        return maker.lake.load("document_text", 2023, part).to_pylist()

    (tmp_path / "raw" / "2023").mkdir(parents=True)
    (tmp_path / "raw" / "2023" / "report.png").write_bytes(SOURCES["png"])
    monkeypatch.setattr(picture, "extract", refuse)
    assert [row["code"] for row in build("")] == ["no_text_layer"]
    monkeypatch.setattr(picture, "extract", lambda data: "recognised")
    assert [row["text"] for row in build("")] == [None]
    assert [row["text"] for row in build("an extra")] == ["recognised"]
    versions._fingerprint.cache_clear()


def refuse(data):
    raise Refused("no_text_layer", "No extra.", "Install it.")


# Files that are no pictures of reports


@with_extra
@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty"),
        (b"GIF89a", "damaged"),
        (SOURCES["png"][:2_000], "damaged"),
        (as_file(Image.new("1", (9_000, 9_000)), "PNG"), "too_large"),
        (SOURCES["png"], "no_text_layer"),
    ],
)
def test_what_shows_no_report_is_refused(data, code):
    with pytest.raises(Refused) as refused:
        picture.extract(data)
    assert refused.value.code == code


# Pixels


def grid(angle=0.0, noise=0):
    """A ruled table of three columns and four rows, the first row's cells merged, and marks in some cells."""
    image = Image.new("L", (1240, 900), 225)
    draw = ImageDraw.Draw(image)
    for y in (200, 260, 320, 380, 440):
        draw.line((200, y, 1000, y), fill=40, width=2)
    for x, top in ((200, 200), (500, 260), (800, 260), (1000, 200)):
        draw.line((x, top, x, 440), fill=40, width=2)
    draw.rectangle((630, 275, 642, 300), fill=60)
    draw.rectangle((880, 350, 881, 351), fill=60)  # dirt
    image = image.rotate(angle, Image.Resampling.BICUBIC, fillcolor=225)
    pixels = np.asarray(image, dtype=np.float64) + np.random.default_rng(1).normal(0, noise, (900, 1240))
    return np.clip(pixels, 0, 255).astype(np.uint8)


@with_extra
@pytest.mark.parametrize(("angle", "noise"), [(0.0, 0), (1.3, 0), (-1.4, 8)])
def test_ruled_cells_are_found_in_a_page_that_lies_askew(angle, noise):
    from pipeline.readers.picture_cells import cells_of
    from pipeline.readers.picture_page import sheet

    page = sheet(1, grid(angle, noise), 150 / 72)
    found = cells_of(page)
    widths = sorted(round((right - left) / 100) for left, _, right, _ in found)
    assert widths == [2, 2, 2, 3, 3, 3, 3, 3, 3, 8]
    inked = [cell for cell in found if page.ink[cell[1] : cell[3], cell[0] : cell[2]].any()]
    ((left, top, right, bottom),) = inked
    assert left < 636 < right
    assert top < 287 < bottom


# Figures and their ink

FONT = {
    "0": "111 101 101 101 111",
    "1": "010 010 010 010 010",
    "2": "111 001 111 100 111",
    "3": "111 001 111 001 111",
    "4": "101 101 111 001 001",
    "5": "111 100 111 001 111",
    "6": "111 100 111 101 111",
    "7": "111 001 001 001 001",
    "8": "111 101 111 101 111",
    "9": "111 101 111 001 111",
}
DOT = 3
"""Pixels of a dot of the font; a digit is nine wide and fifteen high, and the next one begins after eleven."""
LETTER = 18.0
WIDTH = 11.0


def printed(text, between=2, dirt=()):
    """The ink of a figure; `dirt` are boxes of it: left, top, right, bottom."""
    ink = np.zeros((24, 8 + (9 + between) * len(text)), dtype=np.bool_)
    at = 4
    for character in text:
        if character in ".,-":
            shape = {".": (2, 17, 19), ",": (2, 17, 22), "-": (5, 11, 13)}[character]
            width, top, bottom = shape
            ink[top:bottom, at : at + width] = True
            at += width + between
            continue
        for row, dots in enumerate(FONT[character].split()):
            for column, dot in enumerate(dots):
                ink[4 + DOT * row : 4 + DOT * (row + 1), at + DOT * column : at + DOT * (column + 1)] = dot == "1"
        at += 9 + between
    for left, top, right, bottom in dirt:
        ink[top:bottom, left:right] = True
    return ink


def lies_over(text, ink, width=WIDTH):
    pieces = picture_ink.cut(text, picture_ink.runs_of(ink), width, LETTER)
    assert pieces is None or "".join(piece.text for piece in pieces) == text
    return pieces is not None


@pytest.mark.parametrize(
    ("text", "between"),
    [
        *((text, between) for text in ("4583", "1000", "9", "1", "111", "-37", "100774") for between in (0, 2, 11)),
        ("72.5", 0),
        ("72.5", 2),
        ("45,746", 2),
    ],
)
def test_a_figure_lies_over_its_own_ink_alone(text, between):
    ink, width = printed(text, between), WIDTH if between else 9.0
    assert lies_over(text, ink, width)
    for place in range(len(text)):
        for slip in (text[:place] + text[place + 1 :], text[: place + 1] + text[place:]):
            if picture_ink.FIGURE.fullmatch(slip):
                assert not lies_over(slip, ink, width), slip


def test_a_point_and_a_comma_are_told_apart_or_nothing_is():
    assert lies_over("45,746", printed("45,746"))
    assert not lies_over("45.746", printed("45,746")), "thousands with a faint comma look like decimals"
    assert not lies_over("45.746", printed("45.746"))
    assert not lies_over("45,746", printed("45.746")), "a comma has a tail"
    assert lies_over("45.74", printed("45.74"))


def test_dirt_is_left_out_where_no_mark_can_stand():
    above, beside, inside = (16, 3, 18, 5), (27, 5, 29, 8), (14, 17, 16, 19)
    assert lies_over("45", printed("45", 6, [above]))
    assert lies_over("45", printed("45", 6, [(30, 17, 32, 19)]))
    assert lies_over("45", printed("45", 6, [beside]))
    assert not lies_over("45", printed("45", 6, [inside])), "it may be a point"
    assert not lies_over("45", printed("-45")), "it may be a sign"
    assert not lies_over("9", printed("-")), "a dash is no digit"


def test_digits_are_as_wide_as_the_narrower_ones_of_their_height():
    narrow, full = printed("4583"), printed("967", between=12)
    lines = [picture_ink.runs_of(ink) for ink in (narrow, narrow, full, full, printed("111"))]
    widths = picture_ink.digit_widths(lines, ["4583", "4583", "967", "967", ""])
    assert widths == pytest.approx([WIDTH] * 5, rel=0.02)
    (lone,) = picture_ink.digit_widths(lines[:1], ["4583"])
    assert lone == pytest.approx(9), "no other tells, so its height does"
    eights = [picture_ink.runs_of(printed("8"))] * 9
    width = picture_ink.digit_widths(eights, ["88", "88", *"8888888"])[0]
    assert not picture_ink.cut("88", eights[0], width, LETTER), "slips teach nothing"


@with_extra
def test_a_dot_at_the_foot_of_digits_stays_and_dirt_goes():
    from pipeline.readers.picture_page import sheet

    page = grid()
    for left in (620, 634, 654):
        page[405:425, left : left + 10] = 40
    page[422:425, 648:651] = 40  # a point
    page[408:411, 631:633] = 40  # dirt between digits
    page[414:417, 638:640] = 225  # white inside of a digit
    page[408:411, 668:670] = 40  # dirt behind them
    kept = sheet(1, page, 150 / 72).ink[400:430]
    assert kept[20:28, 646:653].any()
    assert not kept[:, 631:633].any()
    assert not kept[:, 668:670].any()


def boxes(*sizes, at=(40, 10)):
    return [(at[0], at[1], at[0] + width, at[1] + height) for width, height in sizes]


def test_a_short_dash_needs_others_and_dirt_stands_anywhere():
    cells = [(0, 0, 80, 24)] * 4
    assert picture_ink.dashes(boxes((6, 4), (6, 4), (7, 4), (6, 15)), cells, LETTER) == {0, 1, 2}
    assert picture_ink.dashes(boxes((6, 4), (6, 4)), cells[:2], LETTER) == set()
    assert picture_ink.dashes(boxes((12, 3)), cells[:1], LETTER) == {0}
    assert picture_ink.dashes(boxes((72, 3), at=(4, 10)), cells[:1], LETTER) == set(), "a piece of a ruled line"
    scattered = [(4, 2, 10, 6), (40, 10, 46, 14), (63, 18, 69, 22), (25, 10, 31, 14)]
    assert picture_ink.dashes(scattered, cells, LETTER) == set()
    assert picture_ink.dashes([], [], LETTER) == set()


def test_a_slash_leans_and_a_one_and_a_seven_do_not():
    one, seven, slash = (np.zeros((20, 20), dtype=np.bool_) for _ in range(3))
    one[3:17, 8:10] = True
    one[15:17, 5:13] = True
    seven[3:5, 5:13] = True
    for down in range(14):
        slash[3 + down, 12 - down // 2 : 14 - down // 2] = True
        seven[3 + down, 11 - down // 3 : 13 - down // 3] = True
    assert [picture_ink.is_slash(ink, LETTER) for ink in (one, seven, slash)] == [False, False, True]
    nought = printed("0", dirt=[(16, 2, 19, 5)])
    assert not picture_ink.is_slash(nought, LETTER), "a nought with dirt above its shoulder leans over as well"
    dirty = slash.copy()
    dirty[8:11, 10:14] = True
    lone = ((one, "1", False), (dirty, "1", True), (seven, "7", False), (slash, "7", True))
    for ink, text, may_be in lone:
        assert picture_ink.may_be_slash(text, ink) == may_be, (text, may_be)


# What counts as read


def seen(close, far, text, **flaws):
    ink = printed(text, **flaws)
    return picture_figures.Seen(close, far, ink, np.where(ink, 30, 255).astype(np.uint8))


def settled(*lines):
    return picture_figures.settle([seen(*line) for line in lines], LETTER)


PAGE = [(text, text, text) for text in ("407", "74", "170", "41", "704", "17", "2")]


def test_what_was_read_twice_alike_stands():
    assert settled(*PAGE) == [(text, text) for text, _, _ in PAGE]
    ones = [("1", "1", "1")] * 6
    assert settled(*ones) == [("1", "1")] * 6, "a page of nothing but ones"


def test_looks_decide_between_two_strings():
    assert settled(*PAGE, ("7", "4", "4"))[-1] == ("4", "4")
    assert settled(*PAGE, ("4", "7", "4"))[-1] == ("4", "4")
    assert settled(*PAGE, ("4", "+", "4"))[-1] == ("4", "4")
    assert settled(*PAGE, ("\ufffd", "10", "10"))[-1] == ("10", "10")
    assert settled(*PAGE, ("1707", "177", "1707"))[-1] == ("1707", "1707")


def test_looks_decide_nothing_without_others_to_compare():
    assert settled(*PAGE, ("2", "3", "3"))[-1] == ("2", "3"), "the page has no other 3"
    assert settled(*PAGE, ("7", "/", "7"))[-1] == ("7", "/"), "nor a slash"
    assert settled(("7", "4", "4"))[-1] == ("7", "4")


def test_ink_and_looks_speak_against_what_was_read_twice():
    assert settled(*PAGE, ("7", "7", "4"))[-1] == ("7\ufffd", "7")
    assert settled(*PAGE, ("17", "17", "177"))[-1] == ("17\ufffd", "17")
    assert settled(*PAGE, ("9", "9", "-"))[-1] == ("9\ufffd", "9")


def test_two_names_of_one_look_are_one_and_the_rarer_is_a_slip():
    fours, slips = [("4", "4", "4")] * 12, [("9", "9", "4")] * 3
    assert settled(*fours, *slips) == [("4", "4")] * 12 + [("9\ufffd", "9")] * 3


def test_no_figure_comes_of_looks_alone():
    assert settled(*PAGE, ("7", "1", "4"))[-1] == ("7\ufffd", "1\ufffd")


def test_digits_that_are_set_wide_are_one_number():
    wide = seen("17 0", "1 70", "170", between=12)
    assert picture_figures.settle([wide], LETTER) == [("170", "170")]
    apart = seen("1 7", "1 7", "17", between=12)
    assert picture_figures.settle([apart], LETTER) == [("1 7", "1 7")], "they may be two"
    speck = seen("1.70", "1.70", "170", between=12, dirt=[(16, 17, 18, 19)])
    assert picture_figures.settle([speck], LETTER) == [("1.70\ufffd", "1.70")], "a point would part them further"


def test_what_dirt_beside_a_figure_was_taken_for_is_no_part_of_it():
    dirt = [(27, 17, 29, 19)]
    line = seen("'17.", "17、", "17", dirt=dirt)
    assert picture_figures.settle([line], LETTER) == [("17", "17")]
    wrapped = line._replace(close="17", far="17", alone=False)
    assert picture_figures.settle([wrapped], LETTER) == [("17\ufffd", "17")], "it may go on in the next line"


def test_words_are_not_looked_at():
    assert settled(("无", "无", "4"), ("（七）总计", "（七）总计", "74"))[0] == ("无", "无")


# Pages


def row(number, page, *texts):
    return [Cell(text, number, column, f"page {page} box 0,0,9,9") for column, text in enumerate(texts)]


def test_a_row_that_may_go_on_over_the_page_is_not_blank():
    above = [*row(0, 1, "规章", "1", "2"), *row(1, 1, "行政许可", "", "")]
    cut = [*above, *row(2, 2, "", "3", "4"), *row(3, 2, "行政", "", "")]
    texts = [cell.text for cell in picture._cut_off(Document(cut))]
    assert texts == ["规章", "1", "2", "行政许可", "\ufffd", "\ufffd", "", "3", "4", "行政", "", ""]
    whole = [*above, *row(2, 2, "行政处罚", "3", "4")]
    assert picture._cut_off(Document(whole)) == whole


def test_pages_of_text_stay_text_beside_pictures(monkeypatch):
    """A PDF with text on one page and a picture on the other is recognised only where the picture is."""
    glyphs = [Glyph("字", 50 + 10 * place, 60 + 10 * place, 100, 10) for place in range(40)]
    text = Page(1, 595, 842, glyphs * 3, [])
    seen = Page(2, 595, 842, glyphs, [])
    monkeypatch.setattr(pdf, "read_pages", lambda data: [text, seen])
    monkeypatch.setattr(pdf, "drawn_pages", lambda data, pages, whole: {2: np.zeros((9, 9), np.uint8)})
    monkeypatch.setattr(pdf, "recognised_pages", lambda pages, drawn, whole: [(text, text), (seen, seen)])
    documents = pdf.arrange(pdf.extract_here(b""))
    assert len(documents) == 2
    assert all(document.recognised for document in documents)


def test_the_landed_text_says_that_it_was_recognised():
    columns, marked = [*zip(*row(0, 1, "规章", "1"), strict=True)], True
    text = json.dumps({"picture": [[columns, marked], [columns, marked]]})
    for reader in (picture, pdf):
        first, second = reader.arrange(text)
        assert first.recognised
        assert first.marked
        assert first == second
