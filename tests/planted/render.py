"""Whole report texts, printed the way agencies publish them.

Three layouts, each taken from published texts. What differs from report to report in the same layout is an
oddity: a keyword of `render`. `ODDITIES` names the ones that were seen, for tests to run through.
"""

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import cycle
from typing import Any

from . import form
from .form import Cell

LAYOUTS = ("one_cell_a_line", "tab_rows", "page_broken")

Figures = Mapping[Cell, str | None]
Row = list[str]
Page = list[Row]  # a table is cut at page breaks; each page has a width of its own

HEADINGS = {
    1: "一、总体情况",
    2: "二、主动公开政府信息情况",
    3: "三、收到和处理政府信息公开申请情况",
    4: "四、政府信息公开行政复议、行政诉讼情况",
    5: "五、存在的主要问题及改进情况",
    6: "六、其他需要报告的事项",
}
NARRATIVE = {
    1: "本机关按照上级部署做好信息公开，各项工作平稳有序。",
    5: "栏目更新还不够快。下一年将定期核对栏目内容，及时补充。",
    6: "没有其他事项需要说明。",
}


@dataclass(frozen=True)
class Oddities:
    """What a published report does differently from a clean one of its layout."""

    title: str | None = None
    """The title, where it is not the agency's name and the year on one line."""
    opening: str | None = None
    """The paragraph with the statistic period; empty where a report has none."""
    headings: Mapping[int, str] = field(default_factory=dict)
    """Section number: the heading as printed."""
    repeated: Collection[int] = ()
    """Sections whose heading stands twice."""
    narrative: Mapping[int, str] = field(default_factory=dict)
    """Section number: its text, one paragraph a line. In sections 2-4 it stands above the table."""
    labels: Mapping[str, str] = field(default_factory=dict)
    """Official label: the label as printed. A line feed breaks it in two; in tabbed rows it is a blank."""
    shifted: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    """Item of table 3: how many empty cells stand before and after its label."""
    missing: Collection[str] = ()
    """What is not printed: tables, subjects of table 2 (a block goes with its last), items of table 3."""
    padding: Sequence[str] = ("{}",)
    """Blanks around the figures, as format strings that take turns."""
    signed_on: str = ""
    """The date under the agency's name at the end; without one there is no signature."""


ODDITIES: dict[str, dict[str, Any]] = {
    "arabic_heading": {"headings": {2: "2、 主动公开政府信息情况"}},
    "headings_without_number": {"headings": {1: "总体情况", 2: "主动公开政府信息情况"}},
    "repeated_heading": {"repeated": (1,)},
    "short_heading": {"headings": {4: "四、行政复议、行政诉讼情况"}},
    "padded_cells": {"padding": ("\u3000\u3000{}", "\u00a0{}", "\u3000{}", "{}\u00a0", "{}\u3000")},
    "half_width_brackets": {
        "labels": {
            form.IDENTITY_NOTE: f"({form.IDENTITY_NOTE[1:-1]})",
            "（一）予以公开": "(一) 予以公开",
            "（二）部分公开（区分处理的，只计这一情形，不计其他情形）": (
                "(二) 部分公开（区分处理的，只计这一情形，不计其他情形）"
            ),
            "（三）不予公开": "(三) 不予公开",
            "（四）无法提供": "(四) 无法提供",
            "（五）不予处理": "(五) 不予处理",
            "（六）其他处理": "(六) 其他处理",
            "（七）总计": "(七) 总计",
        }
    },
    "split_headers": {
        "labels": {
            "本年新制作数量": "本年新\n制作数量",
            "本年新公开数量": "本年新\n公开数量",
            "结果维持": "结果\n维持",
            "结果纠正": "结果\n纠正",
            "其他结果": "其他\n结果",
            "尚未审结": "尚未\n审结",
        }
    },
    "headers_split_by_blank_lines": {
        "labels": {
            "自然人": "自然\n\n人",
            "商业企业": "商业\n\n企业",
            "科研机构": "科研\n\n机构",
            "社会公益组织": "社会公\n\n益组织",
            "法律服务机构": "法律服\n\n务机构",
        }
    },
    "group_label_lost_its_tab": {"labels": {"（五）不予处理": "\n（五）不予处理"}},
    "shifted_rows": {"shifted": {"other_misc": (0, 1), "processed_total": (0, 0)}},
    "no_procurement_block": {"missing": ("procurement",)},
    "signed": {"signed_on": "2024年1月25日"},
}

# The page_broken layout damages labels by itself, like a PDF whose table columns were too narrow.
_CUT_ITEM = "denied_internal_affairs"  # a page break cuts its label; its figures stay on the first page
_CUT_LABEL_REST = "部事务信息"
_LAST_OF_SECOND_PAGE = ("other_total", "other_no_clarification")  # whichever of the two the edition has
_FIRST_ON_SECOND_PAGE_OF_T2 = "第二十条第（六）项"  # its bar stays behind on the first page
_PAGE_BROKEN_SHIFTS = {_CUT_ITEM: (0, 1), "processed_total": (1, 1)}
_PAGE_BROKEN_LABELS = {
    "商业企业": "企业",
    "社会公益组织": "社会组织",
    "1.属于国家秘密": "1. 属于国家秘密",
    "2.其他法律行政法规禁止公开": "2. 其他法律行政法规禁止公开",
    "3.危及“三安全一稳定”": "3. 危害国家安全及“三稳”",
    "4.保护第三方合法权益": "4. 保护第三方合法权益",
    "5.属于三类内部事务信息": "5. 属于三类内",
    "6.属于四类过程性信息": "6. 属于四类过 程性信息",
    "7.属于行政执法案卷": "7. 属于行政执 法案卷",
    "8.属于行政查询事项": "8. 属于行政查 询事项",
    "（四）无法提供": "四) 无法提供",
    "1.本机关不掌握相关政府信息": "1. 本机关不掌握相 关政府信息",
    "2.没有现成信息需要另行制作": "2. 没有现成信 息需要另行制 作",
    "3.补正后申请内容仍不明确": "3. 补正后申 请内容仍不 明确",
    "（五）不予处理": "五) 不予处理",
    "1.信访举报投诉类申请": "1. 信访举 报投诉类申 请",
    "2.重复申请": "2. 重复申 请",
    "3.要求提供公开出版物": "3. 要求提供 出版物",
    "4.无正当理由大量反复申请": "4. 正当理 由大量反 复申请",
    "5.要求行政机关确认或重新出具已获取信息": "5. 要求行政机 关确认或具 重新出具信 息",
    "（六）其他处理": "六) 其他处理",
    "1.申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请": (
        "1. 申请人无正 当理由逾期 不申请、行 政机关不其 处理其信息 公开申请"
    ),
    "2.申请人逾期未按收费通知要求缴纳费用、行政机关不再处理其政府信息公开申请": (
        "2. 逾期 申请人 未按收 通知要 求缴纳 费用、 行政机 关不再 处理其 信息公开 申请"
    ),
    "3.其他": "3. 其他",
    "（七）总计": "(七) 总计",
    "四、结转下年度继续办理": "四、\t结转下年度继续办 理",
    **ODDITIES["split_headers"]["labels"],
}


def render(
    layout: str,
    edition_t2: str,
    edition_t3: str,
    figures: Figures,
    *,
    agency: str = "示例县青石镇人民政府",
    year: int = 2023,
    **oddities: Any,
) -> str:
    """The text of a whole report; a figure of None prints a blank cell. Keywords: fields of `Oddities`."""
    odd = Oddities(**oddities)
    tables = {
        2: ("proactive_disclosure", edition_t2),
        3: ("applications", edition_t3),
        4: ("review_litigation", edition_t3),
    }
    opening = (
        f"本报告依照《中华人民共和国政府信息公开条例》编写，所列数据的统计期限为{year}年1月1日至12月31日。"
        if odd.opening is None
        else odd.opening
    )
    blocks = [odd.title or f"{agency}{year}年政府信息公开工作年度报告", opening]
    for number, official in HEADINGS.items():
        blocks += [odd.headings.get(number, official)] * (2 if number in odd.repeated else 1)
        blocks += odd.narrative.get(number, NARRATIVE.get(number, "")).split("\n")
        if number in tables and tables[number][0] not in odd.missing:
            name, edition = tables[number]
            blocks.append(table_text(layout, name, edition, figures, **oddities))
    if odd.signed_on:
        blocks += [agency, odd.signed_on]
    between = "\n" if layout == "one_cell_a_line" else "\n\n"
    return between.join(block for block in blocks if block) + "\n"


def table_text(layout: str, table: str, edition: str, figures: Figures, **oddities: Any) -> str:
    """One table as its lines stand in the report, without its heading."""
    if layout not in LAYOUTS:
        raise ValueError(f"no layout {layout!r}; there are {', '.join(LAYOUTS)}")
    odd = Oddities(**oddities)
    if layout == "page_broken":
        odd = replace(
            odd,
            labels={**_PAGE_BROKEN_LABELS, **odd.labels},
            shifted={**_PAGE_BROKEN_SHIFTS, **odd.shifted},
        )
    printed = {
        cell: "" if figure is None else blanks.format(figure)
        for (cell, figure), blanks in zip(figures.items(), cycle(odd.padding), strict=False)
    }
    pages = _PAGES[table](layout, edition, printed, odd)
    write = _one_cell_a_line if layout == "one_cell_a_line" else _tab_rows
    return write([[_labelled(row, odd.labels) for row in page] for page in pages])


def _labelled(row: Row, labels: Mapping[str, str]) -> Row:
    """The row with its labels as printed. A tab inside a printed label makes two cells of it."""
    return "\t".join(labels.get(cell, cell) for cell in row).split("\t")


def _one_cell_a_line(pages: list[Page]) -> str:
    """A tab before every cell, a blank line after every row, one more after the table."""
    return "".join("".join(f"\t{cell}\n" for cell in row) + "\n" for page in pages for row in page)


def _tab_rows(pages: list[Page]) -> str:
    """Rows filled up with empty cells to the widest of their page; a blank line where the page ends."""
    return "\n\n".join("\n".join(_filled(row, max(map(len, page))) for row in page) for page in pages)


def _filled(row: Row, width: int) -> str:
    cells = [re.sub(r"\n+", " ", cell).strip(" ") for cell in row]
    return "\t".join(cells + [""] * (width - len(cells)))


def _proactive_pages(layout: str, edition: str, printed: Mapping[Cell, str], odd: Oddities) -> list[Page]:
    pages: list[Page] = [[]]
    for block in form.BLOCKS[edition]:
        subjects = [subject for subject in block.subjects if subject.code not in odd.missing]
        if not subjects:
            continue
        pages[-1].append([block.bar])
        if layout == "page_broken" and block.bar == _FIRST_ON_SECOND_PAGE_OF_T2:
            pages.append([])
        pages[-1].append([form.INFORMATION, *(measure.label for measure in block.measures)])
        for subject in subjects:
            cells = [("proactive_disclosure", subject.code, measure.code) for measure in block.measures]
            pages[-1].append([subject.label, *(printed[cell] for cell in cells)])
    return pages


def _application_pages(layout: str, edition: str, printed: Mapping[Cell, str], odd: Oddities) -> list[Page]:
    pages = [_application_header(layout)]
    above: tuple[str, ...] = ()
    for item in form.ITEMS[edition]:
        if item.code not in odd.missing:
            # a merged cell is printed in the first row it spans and empty in the others
            stubs = [*("" if head in above else head for head in item.heads), item.label]
            above = item.heads
            if len(pages) == 2:  # the column of the outermost merged cell is lost on the second page
                stubs = stubs[1:]
            if layout != "one_cell_a_line" and len(stubs) == 1:  # a label alone is as wide as two
                stubs = [*stubs, ""]
            if item.code in odd.shifted:
                before, after = odd.shifted[item.code]
                stubs = [""] * before + [stub for stub in stubs if stub] + [""] * after
            pages[-1].append(stubs + [printed["applications", item.code, column.code] for column in form.APPLICANTS])
        if layout == "page_broken" and item.code == _CUT_ITEM:
            pages.append([["", _CUT_LABEL_REST]])
        if layout == "page_broken" and item.code in _LAST_OF_SECOND_PAGE:
            pages.append([])
    return pages


def _application_header(layout: str) -> Page:
    organisations = [organisation.label for organisation in form.ORGANISATIONS]
    if layout == "one_cell_a_line":
        return [
            [form.IDENTITY_NOTE, form.APPLICANT_HEAD],
            ["", form.NATURAL_PERSON.label, form.ORGANISATIONS_HEAD, form.TOTAL.label],
            ["", "", *organisations, ""],
        ]
    columns = ["", form.APPLICANT_HEAD, *[""] * 5, form.TOTAL.label]
    below = [["", "", form.NATURAL_PERSON.label, form.ORGANISATIONS_HEAD], ["", "", "", *organisations]]
    if layout == "tab_rows":
        return [[form.IDENTITY_NOTE, *columns], *below]
    return [["", *columns], *below, [form.IDENTITY_NOTE]]  # the note slid below the header it stands in


def _review_pages(layout: str, edition: str, printed: Mapping[Cell, str], odd: Oddities) -> list[Page]:
    outcomes = [outcome.label for outcome in form.OUTCOMES]
    spanned = [] if layout == "one_cell_a_line" else [""] * (len(outcomes) - 1)
    direct, after_review = (channel.label for channel in form.LITIGATION_CHANNELS)
    return [
        [
            [form.REVIEW_HEAD, *spanned, form.LITIGATION_HEAD],
            [*outcomes, direct, *spanned, after_review],
            [*[""] * len(outcomes), *outcomes, *outcomes],
            [printed[cell] for cell in form.review_cells()],
        ]
    ]


_PAGES: dict[str, Callable[[str, str, Mapping[Cell, str], Oddities], list[Page]]] = {
    "proactive_disclosure": _proactive_pages,
    "applications": _application_pages,
    "review_litigation": _review_pages,
}
