"""Whole report pages in HTML, the way sites publish them.

The rows are those of `render`, one cell a `<td>`; what a merged cell spans is worked out here from the form, so that a
clean page has the spans a browser needs. A variant is a habit of writing pages, with noise from a seed.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from html import escape
from random import Random

from . import form
from .render import _PAGES, HEADINGS, NARRATIVE, Figures, Oddities, Row


@dataclass(frozen=True)
class Td:
    """A table cell: its text, and how many columns and rows it spans."""

    text: str
    columns: int = 1
    rows: int = 1


Grid = list[list[Td]]
TABLES = {2: "proactive_disclosure", 3: "applications", 4: "review_litigation"}


def grid(table: str, edition: str, figures: Figures) -> Grid:
    """The cells of a table with the spans that the official form has."""
    printed = {cell: figure or "" for cell, figure in figures.items()}
    (rows,) = _PAGES[table]("one_cell_a_line", edition, printed, Oddities())
    return _SPANNED[table](rows, edition)


def _proactive(rows: list[Row], edition: str) -> Grid:
    width = max(map(len, rows))
    spanned = []
    for row in rows:
        share = (width - 1) // (len(row) - 1) if len(row) > 1 else 0
        last = width - 1 - share * (len(row) - 2)  # the last cell fills what is left
        cells = [Td(row[0], 1 if share else width), *(Td(text, share) for text in row[1:-1])]
        spanned.append([*cells, Td(row[-1], last)] if share else cells)
    return spanned


def _applications(rows: list[Row], edition: str) -> Grid:
    header, people, organisations = rows[:3]
    spanned = [
        [Td(header[0], 3, 3), Td(header[1], 7)],
        [Td(people[1], 1, 2), Td(people[2], 5), Td(people[3], 1, 2)],
        [Td(text) for text in organisations[2:-1]],
    ]
    items = form.ITEMS[edition]
    above: tuple[str, ...] = ()
    for number, (item, row) in enumerate(zip(items, rows[3:], strict=True)):
        stubs = []
        for depth, head in enumerate(item.heads):
            if head not in above:
                below = [other.heads[: depth + 1] == item.heads[: depth + 1] for other in items[number:]]
                stubs.append(Td(head, 1, below.index(False) if False in below else len(below)))
        above = item.heads
        spanned.append([*stubs, Td(item.label, 3 - len(item.heads)), *map(Td, row[-7:])])
    return spanned


def _review(rows: list[Row], edition: str) -> Grid:
    outcomes = [outcome.label for outcome in form.OUTCOMES]
    direct, after_review = (channel.label for channel in form.LITIGATION_CHANNELS)
    return [
        [Td(form.REVIEW_HEAD, 5), Td(form.LITIGATION_HEAD, 10)],
        [*(Td(label, 1, 2) for label in outcomes), Td(direct, 5), Td(after_review, 5)],
        [Td(label) for label in outcomes * 2],
        [Td(text) for text in rows[-1]],
    ]


_SPANNED: dict[str, Callable[[list[Row], str], Grid]] = {
    "proactive_disclosure": _proactive,
    "applications": _applications,
    "review_litigation": _review,
}


# What a variant does to the cells


def _as_is(table: str, cells: Grid, random: Random) -> Grid:
    return cells


def _spans_disagree(table: str, cells: Grid, random: Random) -> Grid:
    """About every third span is one off, as editors leave it when rows and columns were added."""

    def off(span: int) -> int:
        return max(1, span + random.choice((-1, 1))) if random.random() < 0.35 else span

    return [[replace(td, columns=off(td.columns), rows=off(td.rows)) for td in row] for row in cells]


def _no_spans(table: str, cells: Grid, random: Random) -> Grid:
    """A merged cell is written as one cell and empty ones, so that all rows are equally wide."""
    width = sum(td.columns for td in cells[0])
    covered: dict[tuple[int, int], bool] = {}
    filled = []
    for number, row in enumerate(cells):
        texts: list[str] = []
        waiting = iter(row)
        while len(texts) < width:
            if covered.get((number, len(texts))):
                texts.append("")
                continue
            td = next(waiting)
            for below in range(1, td.rows):
                for beside in range(td.columns):
                    covered[number + below, len(texts) + beside] = True
            texts += [td.text, *[""] * (td.columns - 1)]
        filled.append([Td(text) for text in texts])
    return filled


def _group_twice(table: str, cells: Grid, random: Random) -> Grid:
    """The group cell of table 3 is cut in two of ten rows and more, and printed in both."""
    if table != "applications":
        return cells
    twice = [list(row) for row in cells]
    start = next(number for number, row in enumerate(cells) if row[0].text == form.OUTCOMES_HEAD)
    rows = cells[start][0].rows
    # at a row where no group begins or goes on: the cell has to come first in it
    twice[start][0] = Td(form.OUTCOMES_HEAD, 1, 10)
    twice[start + 10].insert(0, Td(form.OUTCOMES_HEAD, 1, rows - 10))
    return twice


def _extra_cell(table: str, cells: Grid, random: Random) -> Grid:
    """An empty cell stands before the first figure of rows （六） and （七）; the label spans one column less."""
    return [
        [replace(row[-8], columns=row[-8].columns - 1), Td(""), *row[-7:]]
        if len(row) > 7 and row[-8].text.startswith(("（六）", "（七）"))
        else row
        for row in cells
    ]


def _header_split(table: str, cells: Grid, random: Random) -> Grid:
    """The header cell 行政诉讼 is two cells, the first of them empty."""
    return [
        [part for td in row for part in ([Td("", 5), Td(td.text, 5)] if td.text == form.LITIGATION_HEAD else [td])]
        for row in cells
    ]


# How a variant writes a cell's text, and the page around the tables


def _plain(text: str, random: Random) -> str:
    return escape(text, quote=False)


def _word(text: str, random: Random) -> str:
    """Word's export: a paragraph, spans that cut the text anywhere, a hard blank where there is nothing."""
    if not text:
        inner = "<span lang=EN-US>&nbsp;</span><span lang=EN-US><o:p></o:p></span>"
    else:
        cut = random.randrange(len(text))
        inner = "".join(
            f"<span style='font-size:9.0pt;\nfont-family:宋体'>{escape(piece, quote=False)}</span>"
            for piece in (text[:cut], text[cut:])
            if piece
        )
    return f"<p class=MsoNormal align=center\n  style='text-align:center'>{inner}<o:p></o:p></p>"


def _padded(text: str, random: Random) -> str:
    before, after = (random.choice(("", "&nbsp;", "\u3000", "\n\t\t\t", "&ensp; ")) for _ in range(2))
    return f"\n<p><span>{before}{escape(text, quote=False)}{after}</span></p>\n" if text else before


def _broken_labels(text: str, random: Random) -> str:
    """A label of several letters is broken in two lines or paragraphs."""
    if len(text) < 4 or not text.isalpha() or random.random() < 0.5:
        return escape(text, quote=False)
    return f"{text[:2]}{random.choice(('<br>', '<br/>', '</p><p>'))}{text[2:]}"


@dataclass(frozen=True)
class Variant:
    """A habit of writing pages."""

    cells: Callable[[str, Grid, Random], Grid] = _as_is
    text: Callable[[str, Random], str] = _plain
    pieces: int = 1
    """How many `<table>` a table is cut into."""
    page: str = "{}"
    encoding: str = "utf-8"
    declared: str | None = "utf-8"
    close: bool = True
    """Whether `</td>`, `</tr>` and `</p>` are written."""


_NAVIGATION = "".join(
    f"<li><a href='/col/{number}'>{title}</a></li>"
    for number, title in enumerate(
        [
            *("首页", "政务公开", "办事服务", "互动交流", "走进青石", "政府信息公开指南", "政府信息公开制度"),
            *(
                "法定主动公开内容",
                "政府信息公开年报",
                "依申请公开",
                "部门信息公开年度报告",
                "2023年",
                "2022年",
                "2021年",
            ),
            *("主动公开政府信息情况", "收到和处理政府信息公开申请情况", "其他", "总计", "行政许可", "行政处罚"),
        ]
        * 3
    )
)
_CMS = (
    "<table width=1000><tr><td colspan=2><img src=top.jpg></td></tr><tr><td width=200 valign=top>"
    f"<ul>{_NAVIGATION}</ul></td><td><table class=fields><tr><td>索引号：</td><td>11320000/2024-00012</td>"
    "<td>发布机构：</td><td>青石镇人民政府</td></tr><tr><td>发布日期：2024-01-26</td><td>浏览次数：<script>hits(12)</script>"
    "</td><td>字体：</td><td>大 中 小</td></tr></table><div id=zoom>{}</div>"
    "<p>附件下载：<a href=a.doc>2023年年报.doc</a></p><div>相关链接</div>"
    "<select><option>市政府网站<option>省政府网站</select>"
    "</td></tr></table><div class=footer>主办：示例县人民政府办公室 备案号：苏ICP备05000000号 邮编：223100</div>"
)

VARIANTS: dict[str, Variant] = {
    "clean": Variant(),
    "spans_disagree": Variant(cells=_spans_disagree),
    "no_spans": Variant(cells=_no_spans),
    "word": Variant(text=_word, page="<div class=WordSection1><div align=center>{}</div></div>"),
    "cms": Variant(page=_CMS),
    "split_tables": Variant(pieces=2),
    "group_twice": Variant(cells=_group_twice),
    "extra_cell": Variant(cells=_extra_cell),
    "header_split": Variant(cells=_header_split),
    "padded": Variant(text=_padded),
    "broken_labels": Variant(text=_broken_labels),
    "unclosed": Variant(close=False),
    "gbk": Variant(encoding="gbk", declared="gb2312"),
    "gbk_says_utf8": Variant(encoding="gbk", declared="utf-8"),
    "utf8_says_gb2312": Variant(declared="gb2312", text=_padded),
    "word_in_cms_gbk": Variant(text=_word, page=_CMS, encoding="gb18030", declared=None),
}


def page(
    variant: str,
    edition_t2: str,
    edition_t3: str,
    figures: Figures,
    seed: int = 0,
    *,
    agency: str = "示例县青石镇人民政府",
    year: int = 2023,
) -> bytes:
    """The bytes of a report page; a figure of None is a blank cell."""
    habit, random = VARIANTS[variant], Random(f"{variant} {seed}")
    lines = [
        f"<h1>{agency}{year}年政府信息公开工作年度报告</h1>",
        f"<p>本报告依照《中华人民共和国政府信息公开条例》编写，所列数据的统计期限为{year}年1月1日至12月31日。</p>",
    ]
    for number, heading in HEADINGS.items():
        lines.append(f"<p><strong>{heading}</strong></p>")
        if number in TABLES:
            edition = edition_t2 if number == 2 else edition_t3
            cells = habit.cells(TABLES[number], grid(TABLES[number], edition, figures), random)
            lines += _tables(cells, habit, random)
        else:
            lines.append(f"<p>\u3000\u3000{NARRATIVE[number]}</p>")
    lines += [f"<p align=right>{agency}</p>", f"<p align=right>{year + 1}年1月25日</p>"]
    declared = (
        f'<meta http-equiv="Content-Type" content="text/html; charset={habit.declared}">' if habit.declared else ""
    )
    body = habit.page.replace("{}", "\n".join(lines))
    source = f"<!DOCTYPE html><html><head>{declared}<title>年报</title></head><body>{body}</body></html>"
    return source.encode(habit.encoding)


def _tables(cells: Grid, habit: Variant, random: Random) -> list[str]:
    """The tables that a table is cut into; what hangs down over a cut is cut with it."""
    cut = len(cells) // habit.pieces + 1
    pieces = [cells[start : start + cut] for start in range(0, len(cells), cut)]
    return [f"<table border=1>{''.join(_tr(row, habit, random) for row in piece)}</table>" for piece in pieces]


def _tr(row: list[Td], habit: Variant, random: Random) -> str:
    closing = ("</td>", "</tr>\n") if habit.close else ("", "\n")
    return f"<tr>{''.join(_td(td, habit, random) + closing[0] for td in row)}{closing[1]}"


def _td(td: Td, habit: Variant, random: Random) -> str:
    spans = "".join(f' {name}="{span}"' for name, span in (("colspan", td.columns), ("rowspan", td.rows)) if span != 1)
    return f"<td{spans}>{habit.text(td.text, random)}"
