"""Whole reports as office documents, with the figures of `render`: DOCX, ODT and RTF written by hand, tag by tag.

A table is a list of rows of cells, and a cell says how it is merged, as a person drawing the form would: `above` for
the cell under a merged one, `span` for the columns it covers. Each writer puts that down in its format's own way.
"""

import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from random import Random
from xml.sax.saxutils import escape

from . import form
from .render import HEADINGS, NARRATIVE, Figures

VARIANTS = ("merged", "unmerged", "split", "nested", "runs")
"""How the tables lie: cells merged; repeated blanks instead; each cut in two; inside a layout table; text in pieces."""

AGENCY = "示例县青石镇人民政府"
YEAR = 2023


@dataclass(frozen=True)
class TableCell:
    """A cell of a drawn table. `above`: it continues the merged cell over it; `below`: cells continue it."""

    text: str = ""
    span: int = 1
    above: bool = False
    below: bool = False


Row = list[TableCell]
Table = list[Row]
Block = str | Table


def tables(edition_t2: str, edition_t3: str, figures: Figures) -> dict[int, Table]:
    """The three tables by the number of their section, merged as the official form draws them."""
    return {
        2: _proactive(edition_t2, figures),
        3: _applications(edition_t3, figures),
        4: _review(figures),
    }


def _printed(figures: Figures, keys: form.Cell) -> TableCell:
    return TableCell(figures[keys] or "")


def _proactive(edition: str, figures: Figures) -> Table:
    table: Table = []
    for block in form.BLOCKS[edition]:
        table.append([TableCell(block.bar, span=12)])
        span = 9 // len(block.measures)
        table.append([TableCell(form.INFORMATION, 3), *(TableCell(measure.label, span) for measure in block.measures)])
        for subject in block.subjects:
            cells = [("proactive_disclosure", subject.code, measure.code) for measure in block.measures]
            table.append([TableCell(subject.label, 3), *(TableCell(figures[cell] or "", span) for cell in cells)])
    return table


def _applications(edition: str, figures: Figures) -> Table:
    organisations = [TableCell(organisation.label) for organisation in form.ORGANISATIONS]
    table: Table = [
        [TableCell(form.IDENTITY_NOTE, 3, below=True), TableCell(form.APPLICANT_HEAD, 7)],
        [
            TableCell(span=3, above=True, below=True),
            TableCell(form.NATURAL_PERSON.label, below=True),
            TableCell(form.ORGANISATIONS_HEAD, 5),
            TableCell(form.TOTAL.label, below=True),
        ],
        [TableCell(span=3, above=True), TableCell(above=True), *organisations, TableCell(above=True)],
    ]
    items = form.ITEMS[edition]
    for place, item in enumerate(items):
        before = items[place - 1].heads if place else ()
        after = items[place + 1].heads if place + 1 < len(items) else ()
        stubs = [
            TableCell(
                "" if item.heads[: level + 1] == before[: level + 1] else head,
                above=item.heads[: level + 1] == before[: level + 1],
                below=item.heads[: level + 1] == after[: level + 1],
            )
            for level, head in enumerate(item.heads)
        ]
        stubs.append(TableCell(item.label, 3 - len(stubs)))
        cells = [_printed(figures, ("applications", item.code, column.code)) for column in form.APPLICANTS]
        table.append(stubs + cells)
    return table


def _review(figures: Figures) -> Table:
    outcomes = [outcome.label for outcome in form.OUTCOMES]
    direct, after_review = (channel.label for channel in form.LITIGATION_CHANNELS)
    return [
        [TableCell(form.REVIEW_HEAD, 5, below=True), TableCell(form.LITIGATION_HEAD, 10)],
        [TableCell(span=5, above=True), TableCell(direct, 5), TableCell(after_review, 5)],
        [TableCell(label) for label in outcomes * 3],
        [_printed(figures, cell) for cell in form.review_cells()],
    ]


def blocks(
    edition_t2: str, edition_t3: str, figures: Figures, variant: str = "merged", *, agency: str = AGENCY
) -> list[Block]:
    """The paragraphs and tables of a report. `unmerged`: every cell spans one column, blanks stand for the rest."""
    drawn = tables(edition_t2, edition_t3, figures)
    opening = f"本报告依照《中华人民共和国政府信息公开条例》编写，所列数据的统计期限为{YEAR}年1月1日至12月31日。"
    listed: list[Block] = [f"{agency}{YEAR}年政府信息公开工作年度报告", opening]
    for number, heading in HEADINGS.items():
        listed.append(heading)
        if number in NARRATIVE:
            listed.append(NARRATIVE[number])
        if number in drawn:
            table = _unmerged(drawn[number]) if variant == "unmerged" else drawn[number]
            half = {2: 5, 3: 12, 4: 2}[number]
            listed += [table[:half], "", table[half:]] if variant == "split" else [table]
    return listed


def _unmerged(table: Table) -> Table:
    """A table drawn without merging: blank cells where a merged one would reach."""
    return [
        [cell for merged in row for cell in (TableCell(merged.text), *[TableCell()] * _extra(merged, row))]
        for row in table
    ]


def _extra(cell: TableCell, row: Row) -> int:
    """Blank cells after a label; figures have none after them, whatever they spanned."""
    return cell.span - 1 if row.index(cell) == 0 and len(row) > 7 else 0


# --- DOCX ---

_DOCX_NAMES = " ".join(
    f'xmlns:{prefix}="{name}"'
    for prefix, name in {
        "w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
        "m": "http://schemas.openxmlformats.org/officeDocument/2006/math",
        "mc": "http://schemas.openxmlformats.org/markup-compatibility/2006",
        "v": "urn:schemas-microsoft-com:vml",
    }.items()
)
_TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Override PartName="/word/document.xml" ContentType='
    '"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
)
_RELATIONS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type='
    '"http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/>'
    "</Relationships>"
)


def packed(parts: dict[str, str]) -> bytes:
    """A zip of text files, without a time in it."""
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(zipfile.ZipInfo(name, (2024, 1, 1, 0, 0, 0)), content, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def docx_of(body: str, **parts: str) -> bytes:
    """A DOCX with this body; further parts by their name in the folder `word`, without the ending."""
    files = {"[Content_Types].xml": _TYPES, "_rels/.rels": _RELATIONS}
    document = f"<w:document {_DOCX_NAMES}><w:body>{body}</w:body></w:document>"
    files["word/document.xml"] = f'<?xml version="1.0" encoding="UTF-8"?>{document}'
    files |= {f"word/{name}.xml": content for name, content in parts.items()}
    return packed(files)


def docx(listed: Sequence[Block], variant: str = "merged") -> bytes:
    """A report as Word writes it. `nested`: all of it in the only cell of a table; `runs`: cut up as by editing."""
    random = Random(len(listed))
    run: Callable[[str], str] = (lambda words: _docx_runs(words, random)) if variant == "runs" else _docx_run
    body = "".join(
        _docx_table(block, run) if isinstance(block, list) else f"<w:p>{run(block)}</w:p>" for block in listed
    )
    if variant == "nested":
        grid = '<w:tblGrid><w:gridCol w:w="9000"/></w:tblGrid>'
        body = f"<w:tbl><w:tblPr/>{grid}<w:tr><w:tc>{body}<w:p/></w:tc></w:tr></w:tbl>"
    return docx_of(body)


def _docx_run(words: str) -> str:
    return f'<w:r><w:t xml:space="preserve">{escape(words)}</w:t></w:r>' if words else ""


def _docx_runs(words: str, random: Random) -> str:
    """A run for each one or two characters, with marks of spelling and bookmarks between them."""
    runs, at = [], 0
    while at < len(words):
        size = random.choice([1, 1, 2])
        runs.append(_docx_run(words[at : at + size]))
        runs.append(random.choice(["", '<w:proofErr w:type="spellStart"/>', '<w:bookmarkStart w:id="1" w:name="a"/>']))
        at += size
    return '<w:pPr><w:jc w:val="center"/></w:pPr>' + "".join(runs)


def _docx_table(table: Table, run: Callable[[str], str]) -> str:
    columns = max(sum(cell.span for cell in row) for row in table)
    grid = '<w:gridCol w:w="700"/>' * columns
    rows = ("".join(_docx_cell(cell, run) for cell in row) for row in table)
    return f"<w:tbl><w:tblPr/><w:tblGrid>{grid}</w:tblGrid>{''.join(f'<w:tr>{row}</w:tr>' for row in rows)}</w:tbl>"


def _docx_cell(cell: TableCell, run: Callable[[str], str]) -> str:
    span = f'<w:gridSpan w:val="{cell.span}"/>' if cell.span > 1 else ""
    merge = "<w:vMerge/>" if cell.above else '<w:vMerge w:val="restart"/>' if cell.below else ""
    properties = f'<w:tcPr><w:tcW w:w="{700 * cell.span}" w:type="dxa"/>{span}{merge}</w:tcPr>'
    return f"<w:tc>{properties}<w:p>{run(cell.text)}</w:p></w:tc>"


# --- ODT ---

_ODT_PREFIXES = {"office": "office", "text": "text", "table": "table", "style": "style", "draw": "drawing"}
_ODT_NAMES = " ".join(
    f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for prefix, name in _ODT_PREFIXES.items()
)


def odt_of(body: str, styles: str = "") -> bytes:
    """An ODT with this text and these automatic styles."""
    head = f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {_ODT_NAMES} office:version="1.2">'
    styles = f"<office:automatic-styles>{styles}</office:automatic-styles>"
    content = f"{head}{styles}<office:body><office:text>{body}</office:text></office:body></office:document-content>"
    manifest = (
        '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
        '<manifest:file-entry manifest:full-path="/" manifest:media-type="application/vnd.oasis.opendocument.text"/>'
        '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>'
    )
    mimetype = "application/vnd.oasis.opendocument.text"
    return packed({"mimetype": mimetype, "content.xml": content, "META-INF/manifest.xml": manifest})


def odt(listed: Sequence[Block], variant: str = "merged") -> bytes:
    """A report as an OpenDocument text."""
    random = Random(len(listed))
    run: Callable[[str], str] = (lambda words: _odt_runs(words, random)) if variant == "runs" else escape
    body = "".join(
        _odt_table(block, run) if isinstance(block, list) else f"<text:p>{run(block)}</text:p>" for block in listed
    )
    if variant == "nested":
        cell = f"<table:table-cell>{body}</table:table-cell>"
        body = f"<table:table><table:table-column/><table:table-row>{cell}</table:table-row></table:table>"
    return odt_of(body)


def _odt_runs(words: str, random: Random) -> str:
    cut = random.randint(0, len(words))
    return f"{escape(words[:cut])}<text:span>{escape(words[cut:])}</text:span>"


def _odt_table(table: Table, run: Callable[[str], str]) -> str:
    """Cells that cover others are followed, and undercut, by covered cells."""
    columns = max(sum(cell.span for cell in row) for row in table)
    rows = "".join(
        f"<table:table-row>{''.join(_odt_cells(table, number, run))}</table:table-row>" for number in range(len(table))
    )
    return f'<table:table><table:table-column table:number-columns-repeated="{columns}"/>{rows}</table:table>'


def _odt_cells(table: Table, number: int, run: Callable[[str], str]) -> Iterator[str]:
    column = 0
    for cell in table[number]:
        covered = "<table:covered-table-cell/>"
        if cell.above:
            yield covered * cell.span
        else:
            height = _height(table, number, column)
            span = f'table:number-columns-spanned="{cell.span}" table:number-rows-spanned="{height}"'
            yield f"<table:table-cell {span}><text:p>{run(cell.text)}</text:p></table:table-cell>"
            yield covered * (cell.span - 1)
        column += cell.span


def _height(table: Table, number: int, column: int) -> int:
    """How many rows the cell covers that begins at a grid column of a row."""
    rows = 1
    while number + rows < len(table) and _is_above(table[number + rows], column):
        rows += 1
    return rows


def _is_above(row: Row, column: int) -> bool:
    at = 0
    for cell in row:
        if at == column:
            return cell.above
        at += cell.span
    return False


# --- RTF ---


def rtf_of(body: str, head: str = "") -> bytes:
    """An RTF with this body, its code page that of simplified Chinese."""
    return ("{\\rtf1\\ansi\\ansicpg936\\uc1" + head + "\n" + body + "}").encode("ascii")


def rtf(listed: Sequence[Block], variant: str = "merged") -> bytes:
    """A report as RTF: code points in paragraphs, bytes of GBK in tables; `runs` has a group a character."""
    run = _rtf_groups if variant == "runs" else _rtf_bytes
    depth = 1 if variant == "nested" else 0
    body = "".join(
        _rtf_table(block, run, depth + 1)
        if isinstance(block, list)
        else "\\pard" + _rtf_depth(depth) + " " + rtf_points(block) + "\\par\n"
        for block in listed
    )
    if depth:
        body = "\\trowd\\cellx9000\n" + body + "\\pard\\intbl\\cell\\trowd\\cellx9000\\row\n\\pard\\par\n"
    font = "{\\fonttbl{\\f0\\froman\\fcharset0 Times New Roman;}{\\f1\\fnil\\fcharset134 \\'cb\\'ce\\'cc\\'e5;}}\\f1 "
    return rtf_of(body, font)


def rtf_points(words: str) -> str:
    """Characters as code points with a substitute each."""
    return "".join(c if c.isascii() else f"\\u{ord(c) - 65536 * (ord(c) > 32767)}?" for c in words)


def _rtf_bytes(words: str) -> str:
    return "".join(chr(b) if b < 128 else f"\\'{b:02x}" for c in words for b in c.encode("gb18030"))


def _rtf_groups(words: str) -> str:
    return "".join("{\\rtlch\\f1 " + _rtf_bytes(c) + "}" for c in words)


def _rtf_depth(depth: int) -> str:
    return ("\\intbl" if depth else "") + (f"\\itap{depth}" if depth > 1 else "")


def _rtf_table(table: Table, run: Callable[[str], str], depth: int) -> str:
    cell_mark, row_mark = ("\\cell", "\\row") if depth == 1 else ("\\nestcell", "\\nestrow")
    rows = []
    for row in table:
        definition, edge = "\\trowd", 0
        for cell in row:
            edge += 700 * cell.span
            definition += ("\\clvmrg" if cell.above else "\\clvmgf" if cell.below else "") + f"\\cellx{edge}"
        cells = "".join(f"\\pard{_rtf_depth(depth)} {run(cell.text)}{cell_mark}\n" for cell in row)
        if depth == 1:
            rows.append(f"{definition}\n{cells}{row_mark}\n")
        else:
            rows.append(f"{cells}{{\\*\\nesttableprops{definition}{row_mark}}}{{\\nonesttables\\par}}\n")
    return "".join(rows)


WRITERS: dict[str, Callable[[Sequence[Block], str], bytes]] = {"docx": docx, "odt": odt, "rtf": rtf}


def report(
    kind: str,
    edition_t2: str,
    edition_t3: str,
    figures: Figures,
    variant: str = "merged",
    *,
    agency: str = AGENCY,
) -> bytes:
    """The bytes of a whole report: one of `WRITERS`, one of `VARIANTS`. A figure of None prints a blank cell."""
    return WRITERS[kind](blocks(edition_t2, edition_t3, figures, variant, agency=agency), variant)
