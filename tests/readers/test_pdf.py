"""PDFs: every planted figure in every look, two readings that watch each other, and what is refused."""

import json
import os
import sys
import zlib
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from random import Random

import pyarrow as pa
import pypdfium2 as pdfium
import pytest
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen.canvas import Canvas

from pipeline import checks
from pipeline.parse import parse
from pipeline.readers import READERS, Refused, pdf_guard
from pipeline.readers import pdf as reader
from pipeline.tables import READINGS
from pipeline.warehouse.landing import read_document
from tests.parse.comparison import EDITION_PAIRS, cells, mismatches, wrong_numbers
from tests.planted import form
from tests.planted.figures import consistent, distinct
from tests.planted.pdf import CUT, FONT, LOOKS, RULED, UNRULED, Look, pdf

REPORTS = Path(os.environ.get("GONGKAI_REPORTS", Path(__file__).parents[3] / "shared" / "reports"))

SEED = 5
"""Not one that the reader was written with."""


def read(data):
    return parse(reader.arrange(reader.extract(data)))


def planted(look, seed):
    edition_t2, edition_t3 = EDITION_PAIRS[seed % len(EDITION_PAIRS)]
    figures = distinct(edition_t2, edition_t3, seed)
    return figures, pdf(edition_t2, edition_t3, figures, LOOKS[look], seed)


def draws_chinese():
    def draw(canvas):
        canvas.rotate(90)
        canvas.drawString(100, -100, "年度报告")

    with pdfium.PdfDocument(sheet(draw)) as document:
        return document[0].get_textpage().count_chars() > 0


def test_pdf_is_registered():
    assert reader in READERS


@pytest.mark.parametrize("look", RULED)
def test_every_cell_of_a_ruled_report_is_the_planted_number_and_both_readings_agree(look):
    if LOOKS[look].turned and not draws_chinese():
        pytest.skip("no font of this machine has Chinese characters, and PDFium drops what it cannot draw sideways")
    figures, data = planted(look, SEED)
    reading = read(data)
    assert mismatches(reading, figures) == []
    assert not {note.rule for note in reading.notes} & {"T10", "T6"}


@pytest.mark.parametrize("look", CUT)
@pytest.mark.parametrize("seed", [SEED, SEED + 1])
def test_a_table_cut_by_a_page_is_read_whole(look, seed):
    figures, data = planted(look, seed)
    assert mismatches(read(data), figures) == []


@pytest.mark.parametrize("look", UNRULED)
@pytest.mark.parametrize("seed", [SEED, SEED + 1])
def test_a_report_without_rules_is_read_from_its_characters_alone(look, seed):
    figures, data = planted(look, seed)
    assert len(reader.arrange(reader.extract(data))) == 1
    assert mismatches(read(data), figures) == []


def test_a_blank_cell_stays_blank_in_both_readings():
    figures = distinct("2021", "2021", SEED)
    blanks = [("applications", "denied_third_party", "research"), ("applications", "received_new", "total")]
    figures |= dict.fromkeys(blanks)
    for look in ("merged_cells", "unruled"):
        reading = read(pdf("2021", "2021", figures, LOOKS[look], SEED))
        assert mismatches(reading, figures) == [], look
        assert "T10" not in {note.rule for note in reading.notes}


@pytest.mark.parametrize("look", ["merged_cells", "unruled"])
def test_a_blank_in_the_only_row_of_a_table_has_its_place(look):
    figures = distinct("2021", "2021", SEED) | {("review_litigation", "lit_direct", "other"): None}
    assert mismatches(read(pdf("2021", "2021", figures, LOOKS[look], SEED)), figures) == []


@pytest.mark.parametrize("look", ["merged_cells", "cut_open", "unruled_cut"])
def test_a_row_of_blanks_takes_no_figure_from_its_neighbours(look):
    figures = distinct("2021", "2021", SEED)
    figures |= {keys: None for keys in figures if keys[1] in ("denied_third_party", "rejected_repeat", "penalty")}
    reading = read(pdf("2021", "2021", figures, LOOKS[look], SEED))
    assert mismatches(reading, figures) == []


@pytest.mark.parametrize("look", [*CUT, *UNRULED])
@pytest.mark.parametrize("seed", [100, 101])
def test_a_report_full_of_blanks_has_no_wrong_number(look, seed):
    """Half blank rows on both sides of a page break look like one row cut in two."""
    random = Random(seed)
    figures = {
        keys: None if random.random() < 0.4 else figure for keys, figure in distinct("2021", "2021", seed).items()
    }
    assert wrong_numbers(read(pdf("2021", "2021", figures, LOOKS[look], seed)), figures) == []


@pytest.mark.parametrize("style", ["- {} -", "-{}-", "{}", "第 {} 页", "第{}页 共3页", "{}/3", "— {} —"])
@pytest.mark.parametrize("rules", ["lines", None])
def test_a_page_number_is_no_figure(style, rules):
    figures = dict.fromkeys(form.cells("2021", "2021"), "0")
    look = Look(rules=rules, cut="between", page_number=style)
    data = pdf("2021", "2021", figures, look, SEED)
    for document in reader.arrange(reader.extract(data)):
        numbers = {cell.text for cell in document.cells if cell.text.strip("-—第页 ").isdecimal()}
        assert numbers == {"0"}
    assert mismatches(read(data), figures) == []


def test_a_place_leads_to_the_figure():
    """What a viewer finds in the box of a cell is the figure that was read from it."""
    figures, data = planted("merged_cells", SEED)
    reading = read(data)
    with pdfium.PdfDocument(data) as document:
        for keys, cell in cells(reading).items():
            word, page, _, box = reading.document.cells[cell.cell].place.split()
            assert word == "page"
            left, top, right, bottom = map(int, box.split(","))
            sheet = document[int(page) - 1]
            height = sheet.get_height()
            text = sheet.get_textpage().get_text_bounded(left - 1, height - bottom - 1, right + 1, height - top + 1)
            assert text.strip() == figures[keys]


# Two readings


BROKEN = ("review_litigation", "lit_direct", "upheld")


def report(upheld, total, look="merged_cells"):
    """A report in which all identities hold when the total is the sum: two numbers that stand nowhere else."""
    figures = consistent("2021", "2021", SEED)
    rest = sum(int(figures[("review_litigation", "lit_direct", code)]) for code in ("corrected", "other", "pending"))
    figures |= {BROKEN: str(upheld), ("review_litigation", "lit_direct", "total"): str(total + rest)}
    return reader.extract(pdf("2021", "2021", figures, LOOKS[look], SEED))


def readings(text):
    row = read_document({"report_id": "0" * 16, "source_format": "pdf", "text": text}, "test")
    assert not row.get("code"), row
    return pa.Table.from_pylist([row], schema=READINGS)


def failing(text):
    return [row for row in checks.find(readings(text), 2023, {}) if row["rule"] in {"H1", "H2", "H3", "H4"}]


def tampered(text, number):
    """The extracted readings with a figure changed in one of them."""
    documents = json.loads(text)
    texts, *_ = documents[number]
    assert texts.count("4321") == 1
    texts[texts.index("4321")] = "4327"
    return json.dumps(documents)


@pytest.mark.parametrize("look", [*RULED, *CUT])
def test_a_wrong_total_that_both_readings_see_is_the_agency_s(look):
    assert failing(report(4321, 4321, look)) == []
    (failure,) = failing(report(4321, 4327, look))
    assert failure["rule"] == "H4"
    assert failure["message"].endswith("The source prints it so.")


@pytest.mark.parametrize("look", UNRULED)
def test_a_wrong_total_that_one_reading_alone_sees_may_be_ours(look):
    assert failing(report(4321, 4321, look)) == []
    (failure,) = failing(report(4321, 4327, look))
    assert failure["message"].endswith("the slip may be ours.")


@pytest.mark.parametrize("look", [*RULED, *CUT])
@pytest.mark.parametrize("number", [0, 1])
def test_a_misreading_in_one_reading_is_ours(number, look):
    text = tampered(report(4321, 4321, look), number)
    cell = cells(parse(reader.arrange(text)))[BROKEN]
    assert (cell.figure.state, cell.figure.value) == ("unreadable", None)
    assert failing(text) == []
    (finding,) = [row for row in checks.find(readings(text), 2023, {}) if row["rule"] == "T10"]
    assert "4321" in finding["observed"]
    assert "4327" in finding["observed"]


@pytest.mark.parametrize("number", [0, 1])
def test_a_misreading_that_makes_a_wrong_total_add_up_does_not_pass(number):
    """The source prints 4321 and a total for 4327: reading 4327 would hide the agency's slip."""
    text = tampered(report(4321, 4327), number)
    assert cells(parse(reader.arrange(text)))[BROKEN].figure.state == "unreadable"
    assert failing(text) == []


def test_a_second_reading_that_missed_a_row_confirms_nothing_and_refutes_nothing():
    figures, data = planted("merged_cells", SEED)
    documents = json.loads(reader.extract(data))
    cells = [*zip(*documents[1], strict=True)]
    (row,) = {cell[1] for cell in cells if cell[0] == figures[("applications", "received_new", "total")]}
    documents[1] = [*zip(*(cell for cell in cells if cell[1] != row or not cell[0].isdecimal()), strict=True)]
    reading = parse(reader.arrange(json.dumps(documents)))
    assert mismatches(reading, figures) == []
    (note,) = [note for note in reading.notes if note.rule == "T11"]
    assert "received_new/total" in note.observed


# A published report


def test_every_cell_of_a_published_report():
    file = REPORTS / "hongze-2023.pdf"
    if not file.exists():
        pytest.skip(f"no hongze-2023.pdf in {REPORTS}: set GONGKAI_REPORTS to the folder that has it")
    typed = json.loads(file.with_suffix(".figures.json").read_text("utf-8"))
    values = [figure for row in typed["table2"].values() for figure in row.values()]
    figures = dict(zip(form.proactive_cells("2021"), values, strict=True))
    rows = [figure for row in typed["table3"]["rows"] for figure in row["cells"]]
    figures |= dict(zip(form.application_cells("2019"), rows, strict=True))
    figures |= dict(zip(form.review_cells(), typed["table4"], strict=True))
    assert len(figures) == 186
    text = reader.extract(file.read_bytes())
    reading = parse(reader.arrange(text))
    assert len(reader.arrange(text)) == 2
    assert {keys: cell.figure.value for keys, cell in cells(reading).items()} == {
        keys: Decimal(figure) for keys, figure in figures.items()
    }
    assert reading.notes == []
    findings = checks.find(readings(text), 2023, {})
    assert [(finding["rule"], finding["severity"]) for finding in findings] == [
        ("H4", "error"),
        ("H4", "error"),
        ("M5", "info"),  # its table 3 is of 2019
    ]
    assert all(finding["message"].endswith("The source prints it so.") for finding in findings[:2])


# What is refused


def refusal(data):
    with pytest.raises(Refused) as refused:
        reader.extract(data)
    return refused.value


def sheet(draw, pages=1, **options):
    buffer = BytesIO()
    canvas = Canvas(buffer, invariant=1, **options)
    for _ in range(pages):
        canvas.setFont(FONT, 10)
        draw(canvas)
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def test_pictures_without_text_are_refused_with_the_extra_that_reads_them(monkeypatch):
    monkeypatch.setitem(sys.modules, "rapidocr_onnxruntime", None)
    refused = refusal(sheet(lambda canvas: canvas.rect(100, 100, 300, 300, fill=1)))
    assert refused.code == "no_text_layer"
    assert "gongkai[ocr]" in refused.hint


def test_text_that_is_not_painted_is_not_read():
    def draw(canvas):
        text = canvas.beginText(50, 500)
        text.setTextRenderMode(3)
        for _ in range(20):
            text.textLine("政府信息公开工作年度报告政府信息公开")
        canvas.drawText(text)

    assert refusal(sheet(draw)).code == "no_text_layer"


def test_a_locked_pdf_is_refused():
    data = sheet(lambda canvas: canvas.drawString(50, 500, "报告"), encrypt=StandardEncryption("secret"))
    assert refusal(data).code == "encrypted"


def test_a_huge_number_of_pages_is_refused():
    assert refusal(sheet(lambda canvas: None, pages=301)).code == "too_large"


def test_nothing_and_other_things_are_refused():
    assert refusal(b"").code == "empty"
    assert refusal(b"%PDF-1.4\n%%EOF").code == "damaged"
    assert refusal("一、本年新收政府信息公开申请数量".encode()).code == "damaged"


@pytest.mark.parametrize("part", range(1, 20))
def test_a_pdf_cut_short_is_refused_or_read_without_a_wrong_number(part):
    figures, data = planted("merged_cells", SEED)
    try:
        reading = read(data[: len(data) * part // 20])
    except Refused:
        return
    assert wrong_numbers(reading, figures) == []


def pdf_of(*objects):
    """A PDF of numbered objects, the first one its catalogue, written by hand."""
    data, places = b"%PDF-1.5\n", []
    for number, body in enumerate(objects, start=1):
        places.append(len(data))
        data += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    head = b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    return (
        data + head + table + b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, len(data))
    )


def stream(content, entries=b""):
    return b"<<%s/Length %d>>stream\n%s\nendstream" % (entries, len(content), content)


CATALOGUE = b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[3 0 R]/Count 1>>"


def test_drawings_inside_drawings_do_not_hang(monkeypatch):
    """Thirty forms, each drawing the next one twice: a thousand million drawings in five kilobytes."""
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R/Resources<</XObject<</A 5 0 R>>>>>>"
    entries = b"/Type/XObject/Subtype/Form/BBox[0 0 600 800]/Resources<</XObject<</A %d 0 R>>>>"
    forms = [stream(b"/A Do /A Do", entries % number) for number in range(6, 36)]
    last = stream(b"0 0 m 9 9 l S", b"/Type/XObject/Subtype/Form/BBox[0 0 600 800]")
    data = pdf_of(*CATALOGUE, page, stream(b"/A Do"), *forms, last)
    assert len(data) < 8_000
    monkeypatch.setattr(pdf_guard, "SECONDS", 2)
    assert refusal(data).code == "too_large"


def test_text_that_inflates_a_thousandfold_is_opened_apart():
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R>>"
    content = zlib.compress(b" " * 20_000_000, 9)
    data = pdf_of(*CATALOGUE, page, stream(content, b"/Filter/FlateDecode"))
    assert pdf_guard.is_heavy(data)
    assert refusal(data).code == "no_text_layer"  # in the end it holds nothing
    assert not pdf_guard.is_heavy(planted("merged_cells", SEED)[1])


def test_a_report_reads_alike_in_a_process_of_its_own():
    _, data = planted("merged_cells", SEED)
    assert pdf_guard.extract_apart(data) == reader.extract(data)
