"""DOC: files that LibreOffice wrote, files forged byte by byte, and what becomes of those Word 97 did not write.

`files/report.doc` and `files/marks.doc` are `report_docx` and `marks_docx` below, saved as .doc by LibreOffice 7.4.
Where there is a LibreOffice, the last test has it write such files anew.
"""

import shutil
import struct
import subprocess
from contextlib import suppress
from pathlib import Path
from random import Random

import olefile
import pytest

from pipeline.parse import parse
from pipeline.readers import Refused, doc
from tests.parse.comparison import EDITION_PAIRS, cells, mismatches, wrong_numbers
from tests.parse.test_blanks import with_blanks
from tests.planted.figures import distinct
from tests.planted.office import docx_of, report, rtf_of

FILES = Path(__file__).parent / "files"
EDITIONS = ("2019", "2021")
BLANK = (
    ("proactive_disclosure", "licensing", "items_change"),
    ("proactive_disclosure", "procurement", "amount"),
    ("applications", "received_new", "natural_person"),
    ("applications", "denied_internal_affairs", "company"),
    ("applications", "denied_internal_affairs", "total"),
    *(("applications", "rejected_repeat", code) for code in ("natural_person", "company", "research", "total")),
    ("review_litigation", "lit_direct", "upheld"),
)


def planted():
    return distinct(*EDITIONS, seed=11) | dict.fromkeys(BLANK)


def report_docx():
    return report("docx", *EDITIONS, planted(), "nested")


def _run(text, properties=""):
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def _cell(*lines, properties=""):
    paragraphs = "".join(f"<w:p>{line}</w:p>" for line in lines)
    return f'<w:tc><w:tcPr><w:tcW w:w="2000" w:type="dxa"/>{properties}</w:tcPr>{paragraphs}</w:tc>'


def marks_docx():
    """A table in which every row is something that must not be taken for something else."""
    field = "".join(f'<w:r><w:fldChar w:fldCharType="{turn}"/></w:r>@' for turn in ("begin", "separate", "end"))
    field = field.replace("@", "<w:r><w:instrText>= 1 + 6</w:instrText></w:r>", 1).replace("@", _run("7"), 1)
    rows = [
        _cell(_run("raised")) + _cell(_run("5") + _run("1", '<w:vertAlign w:val="superscript"/>')),
        _cell(_run("struck")) + _cell(_run("5") + _run("3", "<w:strike/>")),
        _cell(_run("hidden")) + _cell(_run("5") + _run("3", "<w:vanish/>")),
        _cell(_run("field")) + _cell(field.replace("@", "")),
        _cell(_run("deleted"))
        + _cell('<w:del w:id="1" w:author="a"><w:r><w:delText>8</w:delText></w:r></w:del>' + _run("9")),
        _cell(_run("break")) + _cell(_run("5") + "<w:r><w:br/></w:r>" + _run("123")),
        _cell(_run("lines")) + _cell(_run("5"), _run("123")),
        _cell(_run("blank")) + _cell(""),
        _cell(_run("head"), properties='<w:vMerge w:val="restart"/>') + _cell(_run("10")),
        _cell("", properties="<w:vMerge/>") + _cell(_run("11")),
        _cell(_run("wide"), properties='<w:gridSpan w:val="2"/>'),
    ]
    grid = '<w:tblPr/><w:tblGrid><w:gridCol w:w="2000"/><w:gridCol w:w="2000"/></w:tblGrid>'
    table = f"<w:tbl>{grid}{''.join(f'<w:tr>{row}</w:tr>' for row in rows)}</w:tbl>"
    tabbed = f"<w:p>{_run('甲')}<w:r><w:tab/></w:r>{_run('5')}</w:p>"
    return docx_of(f"<w:p>{_run('一、“总体”情况')}</w:p>{tabbed}{table}<w:p>{_run('end')}</w:p>")


MARKS = [
    ["一、“总体”情况"], ["甲", "5"], ["raised", "5¹"], ["struck", "53\u0336"], ["hidden", "5"], ["field", "7"],
    ["deleted", "9"], ["break", "5  123"], ["lines", "5  123"], ["blank", ""], ["head", "10"], ["", "11"], ["wide"],
    ["end"],
]  # fmt: skip


def read(data):
    return parse(doc.arrange(doc.extract(data)))


def texts(data):
    return [[cell.text for cell in row] for row in doc.read(data).rows()]


def test_every_figure_and_every_blank_of_a_report_is_in_its_place():
    reading = read((FILES / "report.doc").read_bytes())
    assert mismatches(reading, planted()) == []
    assert (reading.edition("proactive_disclosure"), reading.edition("applications")) == EDITIONS
    assert reading.agency_name == "示例县青石镇人民政府"
    assert reading.document.cells[cells(reading)["applications", "carried_in", "company"].cell].place.startswith(
        "table 3 "
    )


def test_what_stands_beside_a_figure():
    assert texts((FILES / "marks.doc").read_bytes()) == MARKS


# --- forged files: the streams of `marks.doc` written over ---

IN_TABLE = struct.pack("<HB", 0x2416, 1)
ROW_END = IN_TABLE + struct.pack("<HB", 0x2417, 1)


def forged(folder, pieces, *, version=0xC1, flags=0x0200, count=None):
    """A DOC of pieces of text, each with whether it has 8 bits a character, and the properties of its paragraph."""
    word, index, page, at_end, characters = bytearray(0x400), [], bytearray(512), 511, 0
    bounds, places = [0], []
    for text, is_narrow, properties in pieces:
        places.append(len(word) * 2 | 0x40000000 if is_narrow else len(word))
        index.append(len(word))
        word += text.encode("cp1252" if is_narrow else "utf-16-le")
        characters += len(text)
        bounds.append(characters)
        papx = struct.pack("<BBH", 0, (len(properties) + 3) // 2, 0) + properties
        at_end = (at_end - len(papx)) // 2 * 2
        page[at_end : at_end + len(papx)] = papx
        struct.pack_into("<B", page, 4 * (len(pieces) + 1) + 13 * (len(index) - 1), at_end // 2)
    struct.pack_into(f"<{len(index) + 1}I", page, 0, *index, len(word))
    page[511] = len(pieces)
    word += bytes(-len(word) % 512)
    papx_page = struct.pack("<III", index[0], len(word), len(word) // 512)
    word += page
    descriptors = b"".join(struct.pack("<HIH", 0, place, 0) for place in places)
    plc = struct.pack(f"<{len(bounds)}I", *bounds) + descriptors
    table = papx_page + b"\x02" + struct.pack("<I", len(plc)) + plc
    struct.pack_into("<HH", word, 0, 0xA5EC, version)
    struct.pack_into("<H", word, 10, flags)
    struct.pack_into("<i", word, 0x4C, characters if count is None else count)
    struct.pack_into("<II", word, 0x102, 0, len(papx_page))
    struct.pack_into("<II", word, 0x1A2, len(papx_page), len(plc) + 5)
    path = folder / "forged.doc"
    shutil.copy(FILES / "marks.doc", path)
    with olefile.OleFileIO(path, write_mode=True) as file:
        for name, stream in (("WordDocument", bytes(word)), ("1Table", table)):
            file.write_stream(name, stream.ljust(file.get_size(name), b"\0"))
    return path.read_bytes()


ROW = [
    ("规章\x07", False, IN_TABLE),
    ("12\x07", True, IN_TABLE),
    ("\x07", True, IN_TABLE),
    ("3", False, IN_TABLE),
    ("4\x07", True, IN_TABLE),
    ("\x07", True, ROW_END),
]


def test_pieces_of_8_and_of_16_bits_and_an_empty_cell_that_ends_no_row(tmp_path):
    pieces = [("一、总体\r", False, b""), *ROW, ("规\x07", False, IN_TABLE), ("\x07", True, IN_TABLE), *ROW[-1:]]
    assert texts(forged(tmp_path, [*pieces, ("end “5”\r", True, b"")])) == [
        ["一、总体"],
        ["规章", "12", "", "34"],
        ["规", ""],
        ["end “5”"],
    ]


def test_where_nothing_says_what_a_row_is_every_cell_is_one(tmp_path):
    pieces = [(text, is_narrow, b"") for text, is_narrow, _ in ROW]
    assert texts(forged(tmp_path, pieces)) == [["规章"], ["12"], [""], ["34"], [""]]


def test_a_report_without_its_rows_gives_no_wrong_number(tmp_path):
    """As an old reader of the format would see it: a mark after each cell, and one more after the row."""
    stream = bytearray(olefile.OleFileIO(FILES / "report.doc").openstream("WordDocument").read())
    struct.pack_into("<II", stream, 0x102, 0, 0)
    path = tmp_path / "rows_lost.doc"
    shutil.copy(FILES / "report.doc", path)
    with olefile.OleFileIO(path, write_mode=True) as file:
        file.write_stream("WordDocument", bytes(stream))
    reading = read(path.read_bytes())
    assert wrong_numbers(reading, planted()) == []
    right = len(planted()) - len(mismatches(reading, planted()))
    print(f"{right} of {len(planted())} cells read without the rows")
    assert right > len(planted()) / 2


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"flags": 0x0300}, "encrypted"),
        ({"count": 10**6}, "damaged"),
        ({"count": -1}, "damaged"),
        ({"flags": 0x0000}, "damaged"),
        ({"version": 0x65}, "not_readable"),
    ],
)
def test_what_cannot_be_read_is_refused(tmp_path, monkeypatch, changes, code):
    monkeypatch.setenv("PATH", "")
    with pytest.raises(Refused) as refused:
        doc.extract(forged(tmp_path, ROW, **changes))
    assert refused.value.code == code
    assert refused.value.hint


def test_a_document_behind_a_password_is_refused_as_such():
    """Office 2007 and later wrap what they encrypt: a stream of another name, here renamed in the directory."""
    data = bytearray((FILES / "marks.doc").read_bytes())
    entry = data.index("WordDocument".encode("utf-16-le"))
    data[entry : entry + 66] = "EncryptionInfo\0".encode("utf-16-le").ljust(64, b"\0") + struct.pack("<H", 30)
    with pytest.raises(Refused) as refused:
        doc.extract(bytes(data))
    assert refused.value.code == "encrypted"


def test_bytes_that_only_begin_as_a_doc_are_refused():
    with pytest.raises(Refused) as refused:
        doc.extract(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(4000))
    assert refused.value.code == "damaged"


@pytest.mark.parametrize("seed", range(60))
def test_damaged_bytes_are_refused_or_read_and_nothing_else(seed, monkeypatch):
    monkeypatch.setenv("PATH", "")
    random = Random(seed)
    data = bytearray((FILES / random.choice(["report.doc", "marks.doc"])).read_bytes())
    for _ in range(random.choice([1, 20, 500])):
        data[random.randrange(8, len(data))] = random.randrange(256)
    with suppress(Refused):
        doc.extract(bytes(data[: random.choice([len(data), random.randrange(8, len(data))])]))


# --- documents older than Word 97: LibreOffice, where it is on the machine ---


def libreoffice(folder, script):
    """A program that stands in for LibreOffice: it is given `--outdir` as the last but one argument."""
    program = folder / "soffice"
    program.write_text(f'#!/bin/sh\nwhile [ "$1" != --outdir ]; do shift; done\n{script}\n')
    program.chmod(0o755)


def test_an_older_document_is_read_through_libreoffice(tmp_path, monkeypatch):
    (tmp_path / "converted.docx").write_bytes(docx_of(f"<w:p>{_run('一、总体情况')}</w:p>"))
    libreoffice(tmp_path, f'cp {tmp_path}/converted.docx "$2/report.docx"')
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    assert texts(forged(tmp_path, ROW, version=0x65)) == [["一、总体情况"]]


@pytest.mark.parametrize(("script", "said"), [("sleep 60", "in time"), ("exit 1", "can read")])
def test_libreoffice_that_hangs_or_fails_is_a_refusal(tmp_path, monkeypatch, script, said):
    libreoffice(tmp_path, script)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    monkeypatch.setattr(doc, "_SECONDS", 0.5)
    with pytest.raises(Refused, match=said) as refused:
        doc.extract(forged(tmp_path, ROW, version=0x65))
    assert refused.value.code == "not_readable"


# --- a DOC by its name that is something else ---

TABLE = "<table><tr><td>规章</td><td>5</td></tr></table>"
ARCHIVE = (
    'MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary="b"\r\n\r\n--b\r\nContent-Type: text/html; '
    f'charset="utf-8"\r\nContent-Transfer-Encoding: 8bit\r\n\r\n<html><meta charset="utf-8">{TABLE}</html>\r\n--b--\r\n'
)


@pytest.mark.parametrize(
    "data",
    [
        docx_of(f"<w:tbl><w:tr>{_cell(_run('规章'))}{_cell(_run('5'))}</w:tr></w:tbl>"),
        rtf_of(r"\trowd\cellx1\cellx2\pard\intbl\'b9\'e6\'d5\'c2\cell 5\cell\row"),
        f'<html xmlns:w="urn:word"><meta charset="utf-8">{TABLE}</html>'.encode(),
        f"<html>{TABLE}</html>".encode("gb18030"),
        ("\ufeff" + f"<html>{TABLE}</html>").encode("utf-16-le"),
        ARCHIVE.encode(),
        "规章\t5".encode("gb18030"),
    ],
    ids=["docx", "rtf", "html", "html_gbk", "html_utf16", "web_archive", "text"],
)
def test_a_wrong_ending_does_no_harm(data):
    (document,) = doc.arrange(doc.extract(data))
    assert [[cell.text for cell in row] for row in document.rows()] == [["规章", "5"]]


@pytest.mark.parametrize(
    ("data", "code"), [(b"%PDF-1.7", "binary"), (b'<?xml version="1.0"?><w:wordDocument/>', "unsupported_format")]
)
def test_what_is_no_document_of_an_office_is_refused(data, code):
    with pytest.raises(Refused) as refused:
        doc.extract(data)
    assert refused.value.code == code


# --- what LibreOffice writes today ---


def converted(folder, files, kind):
    """The files as LibreOffice saves them in another format."""
    for name, data in files.items():
        (folder / f"{name}.docx").write_bytes(data)
    command = ["soffice", "--headless", f"-env:UserInstallation={(folder / 'user').as_uri()}", "--convert-to", kind]
    sources = [str(folder / f"{name}.docx") for name in files]
    subprocess.run([*command, "--outdir", str(folder), *sources], check=True, capture_output=True, timeout=120)
    return {name: (folder / f"{name}.{kind.split(':')[0]}").read_bytes() for name in files}


@pytest.mark.skipif(not shutil.which("soffice"), reason="there is no LibreOffice here to write documents")
def test_documents_that_libreoffice_writes(tmp_path):
    plans = {}
    for number, variant in enumerate(("merged", "nested")):
        editions = EDITION_PAIRS[number % 4]
        figures = distinct(*editions, seed=number)
        plans[variant] = report("docx", *editions, figures, variant), figures
        blanked = with_blanks(figures, Random(number))
        plans[f"{variant}_blanks"] = report("docx", *editions, blanked, variant), blanked
    for kind in ("doc:MS Word 97", "rtf", "odt"):
        written = converted(tmp_path, {name: data for name, (data, _) in plans.items()}, kind)
        for name, data in written.items():
            reading = read(data)
            assert wrong_numbers(reading, plans[name][1]) == []
            assert name.endswith("_blanks") or mismatches(reading, plans[name][1]) == []
    assert texts(converted(tmp_path, {"marks": marks_docx()}, "doc:MS Word 97")["marks"]) == MARKS
