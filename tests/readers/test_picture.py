"""Pictures of reports: scanned, saved from a screen, bound into a PDF; and what happens where nothing can read them.

Reading one takes seconds, so few are read here; `benchmarks` reads many."""

import json
import sys
from io import BytesIO
from random import Random

import numpy as np
import pyarrow as pa
import pytest
from PIL import Image, ImageDraw
from reportlab.pdfgen.canvas import Canvas

from pipeline import versions
from pipeline.parse import parse
from pipeline.readers import Refused, pdf, picture, picture_figures, reader_of, recognition
from pipeline.readers.document import Cell, Document
from pipeline.readers.pdf_page import Glyph, Page
from pipeline.tables import DOCUMENT_TEXT, RAW_DOCUMENTS
from pipeline.warehouse import landing
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
    def build(installed, kept):
        monkeypatch.setattr(recognition, "installed", lambda: installed)
        versions._fingerprint.cache_clear()
        return landing.extract_texts(documents, kept, tmp_path, 2023)

    (tmp_path / "report.png").write_bytes(SOURCES["png"])
    file = {"source_path": "report.png", "source_sha256": "ab" * 32, "source_format": "png", "source_bytes": 1}
    documents = pa.Table.from_pylist([file], schema=RAW_DOCUMENTS)
    monkeypatch.setattr(picture, "extract", refuse)
    refused = build("", DOCUMENT_TEXT.empty_table())
    assert refused["code"].to_pylist() == ["no_text_layer"]
    monkeypatch.setattr(picture, "extract", lambda data: "recognised")
    assert build("", refused)["text"].to_pylist() == [None]
    assert build("an extra", refused)["text"].to_pylist() == ["recognised"]
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


def ink(width, sign=0, height=14):
    """A figure's ink; before it, a mark as wide as told and two pixels high."""
    marks = np.zeros((height, width + (sign + 3 if sign else 0)), dtype=np.bool_)
    marks[:, -width:] = True
    marks[6:8, :sign] = True
    return marks


def test_a_figure_must_be_as_wide_as_its_characters():
    """Digits of ten pixels: 8 of ink, for a digit alone, and ten more for each one after it."""
    right = [("45", 18), ("458", 28), ("4583", 38), ("96", 18), ("967", 28), ("9675", 38), ("3.5", 23), ("8", 8)]
    assert picture_figures.misfits([text for text, _ in right], [ink(width) for _, width in right]) == set()
    wrong = [*right, ("45746", 53), ("100", 38), ("22", 28), ("775", 18)]
    found = picture_figures.misfits([text for text, _ in wrong], [ink(width) for _, width in wrong])
    assert found == {8, 9, 10, 11}


def test_a_minus_is_a_mark_and_dirt_is_none():
    texts = ["45", "458", "4583", "96", "967"]
    inks = [ink(18), ink(28), ink(38), ink(18), ink(28)]
    signs = {("-45", 5): True, ("45", 5): False, ("-45", 2): False, ("-458", 6): True}
    for (text, sign), fits in signs.items():
        width = 10 * sum(map(str.isdecimal, text)) - 2
        assert (5 not in picture_figures.misfits([*texts, text], [*inks, ink(width, sign)])) == fits, (text, sign)


def test_figures_are_held_against_those_of_their_own_font():
    """Table 2 is set in a narrow font, table 3 in a wider and taller one."""
    narrow, wide = [("45", 18), ("458", 28), ("967", 28)], [("45", 22), ("96", 22), ("967", 34), ("9675", 46)]
    texts = [text for text, _ in (*narrow, *wide)]
    inks = [*(ink(width) for _, width in narrow), *(ink(width, height=17) for _, width in wide)]
    assert picture_figures.misfits([*texts, "3.5", "35"], [*inks, ink(23), ink(23)]) == {8}


def test_lone_strokes_are_known_by_their_shape():
    dash, one, seven, slash = (np.zeros((20, 20), dtype=np.bool_) for _ in range(4))
    dash[9:11, 5:12] = True
    one[3:17, 8:10] = True
    one[15:17, 5:13] = True
    seven[3:5, 5:13] = True
    for down in range(14):
        slash[3 + down, 12 - down // 2 : 14 - down // 2] = True
        seven[3 + down, 11 - down // 3 : 13 - down // 3] = True
    assert [picture_figures.mark(ink, 18.0) for ink in (dash, one, seven, slash)] == ["-", "", "", "/"]
    dirty = slash.copy()
    dirty[8:11, 10:14] = True
    texts, inks = ["45", "458", "9", "6"], [ink(18), ink(28), ink(8), ink(8)]
    for lone, text, fits in ((one, "1", True), (dirty, "1", False), (seven, "7", True), (slash, "7", False)):
        assert (4 not in picture_figures.misfits([*texts, text], [*inks, lone])) == fits, (text, fits)


def test_words_have_no_width_that_says_anything():
    assert picture_figures.misfits(["无", "（七）总计", "0", "0"], [ink(12), ink(70), ink(8), ink(8)]) == set()


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
    cells_, marked = row(0, 1, "规章", "1"), True
    text = json.dumps({"picture": [[cells_, marked], [cells_, marked]]})
    for reader in (picture, pdf):
        first, second = reader.arrange(text)
        assert first.recognised
        assert first.marked
        assert first == second
