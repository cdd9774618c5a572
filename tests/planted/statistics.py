"""The statistics tables before 2019, typed by hand, and whole reports that print them in every layout and format.

A line is (code, label, unit, number): number is the running number a table prints beside the unit, None where it prints
none; code and unit are None for a section's head, which prints dashes.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from html import escape
from random import Random
from typing import NamedTuple

from . import doc, html, office, pdf

Figures = dict[tuple[str, str], str | None]
"""Indicator and column -> the figure as printed; None: the cell is blank."""


class Line(NamedTuple):
    """A line of a table."""

    code: str | None
    label: str
    unit: str | None
    number: int | None


_NATIONAL = """
- 一、主动公开情况
proactive_total （一）主动公开政府信息数（不同渠道和方式公开相同信息计1条） 条
proactive_normdocs 其中：主动公开规范性文件数 条
normdocs_issued 制发规范性文件总数 件
- （二）通过不同渠道和方式公开政府信息的情况
ch_gazette 1.政府公报公开政府信息数 条
ch_website 2.政府网站公开政府信息数 条
ch_weibo 3.政务微博公开政府信息数 条
ch_wechat 4.政务微信公开政府信息数 条
ch_other 5.其他方式公开政府信息数 条
- 二、回应解读情况
hot_issue_responses （一）回应公众关注热点或重大舆情数（不同方式回应同一热点或舆情计1次） 次
- （二）通过不同渠道和方式回应解读的情况
press_conf 1.参加或举办新闻发布会总次数 次
press_conf_head 其中：主要负责同志参加新闻发布会次数 次
web_interviews 2.政府网站在线访谈次数 次
web_interviews_head 其中：主要负责同志参加政府网站在线访谈次数 次
policy_explainers 3.政策解读稿件发布数 篇
social_responses 4.微博微信回应事件数 次
other_responses 5.其他方式回应事件数 次
- 三、依申请公开情况
received （一）收到申请数 件
recv_in_person 1.当面申请数 件
recv_fax 2.传真申请数 件
recv_online 3.网络申请数 件
recv_letter 4.信函申请数 件
completed （二）申请办结数 件
completed_on_time 1.按时办结数 件
completed_extended 2.延期办结数 件
answered （三）申请答复数 件
ans_already_public 1.属于已主动公开范围数 件
ans_granted 2.同意公开答复数 件
ans_partial 3.同意部分公开答复数 件
ans_denied 4.不同意公开答复数 件
den_state_secret 其中：1.涉及国家秘密 件
den_trade_secret 2.涉及商业秘密 件
den_privacy 3.涉及个人隐私 件
den_security_stability 4.危及国家安全、公共安全、经济安全和社会稳定 件
den_not_gov_info 5.不是《条例》所指政府信息 件
den_other_law 6.法律法规规定的其他情形 件
ans_not_this_organ 5.不属于本行政机关公开数 件
ans_not_exist 6.申请信息不存在数 件
ans_clarify 7.告知作出更改补充数 件
ans_other_channel 8.告知通过其他途径办理数 件
review 四、行政复议数量 件
review_upheld （一）维持具体行政行为数 件
review_corrected （二）被依法纠错数 件
review_other （三）其他情形数 件
litigation 五、行政诉讼数量 件
lit_upheld （一）维持具体行政行为或者驳回原告诉讼请求数 件
lit_corrected （二）被依法纠错数 件
lit_other （三）其他情形数 件
complaints 六、举报投诉数量 件
fees_wan 七、依申请公开信息收取的费用 万元
- 八、机构建设和保障经费情况
units （一）政府信息公开工作专门机构数 个
access_points （二）设置政府信息公开查阅点数 个
staff （三）从事政府信息公开工作人员数 人
staff_ft 1.专职人员数（不包括政府公报及政府网站工作人员数） 人
staff_pt 2.兼职人员数 人
budget_wan （四）政府信息公开专项经费（不包括用于政府公报编辑管理及政府网站建设维护等方面的经费） 万元
- 九、政府信息公开会议和培训情况
meetings （一）召开政府信息公开工作会议或专题会议数 次
trainings （二）举办各类培训班数 次
trainees （三）接受培训人员数 人次
"""


_SHANGHAI = """
sh_proactive_total 主动公开信息数 条 1
sh_proactive_full_text 其中：全文电子化的主动公开信息数 条 2
sh_normdocs_new 新增的行政规范性文件数 条 3
sh_service_info 提供服务类信息数 条 4
sh_page_visits 网站专栏页面访问量 人次 5
sh_visitors 现场接待人数 人次 6
sh_online_inquiries 网上咨询数 人次 7
sh_phone_inquiries 咨询电话接听数 人次 8
sh_catalogue_on_request 依申请公开信息目录数 条 9
sh_received 申请总数 条 10
sh_recv_in_person 其中：1.当面申请数 条 11
sh_recv_fax 2.传真申请数 条 12
sh_recv_email 3.电子邮件申请数 条 13
sh_recv_online 4.网上申请数 条 14
sh_recv_letter 5.信函申请数 条 15
sh_recv_other 6.其他形式申请数 条 16
sh_answered 对申请的答复总数 条 17
sh_ans_granted 其中：1.同意公开答复数 条 18
sh_ans_partial 2.同意部分公开答复数 条 19
sh_ans_denied 3.否决公开答复总数 条 20
sh_den_not_gov_info 其中：(1)“非《规定》所指政府信息”数 条 21
sh_den_not_exist (2)“信息不存在”数 条 22
sh_den_not_held (3)“非本部门掌握”数 条 23
sh_den_unclear (4)“申请内容不明确”数 条 24
sh_den_exempt_1 (5)“免予公开范围1”数 条 25
sh_den_exempt_2 (6)“免予公开范围2”数 条 26
sh_den_exempt_3 (7)“免予公开范围3”数 条 27
sh_den_exempt_4 (8)“免予公开范围4”数 条 28
sh_den_exempt_5 (9)“免予公开范围5”数 条 29
sh_den_exempt_6 (10)“免予公开范围6”数 条 30
sh_den_other (11)其它原因 条 31
sh_review 行政复议数 件 32
sh_litigation 行政诉讼数 件 33
sh_appeals 行政申诉数 件 34
sh_appeals_first 其中：对本部门首次处理不满意的行政申诉数 件 35
sh_fee_search 检索费 元 36
sh_fee_postage 邮寄费 元 37
sh_fee_delivery 递送费 元 38
sh_fee_copying 复制费 元 39
sh_staff_ft 全职人员数 人 40
sh_staff_pt 兼职人员数 人 41
"""
_FUJIAN = """
fj_proactive_total 主动公开信息数 条
fj_proactive_website 其中：1.政府网站 条
fj_proactive_gazette 2.政府公报 条
fj_received 受理依申请公开信息总数 条
fj_recv_in_person 其中：1.当面申请数 条
fj_recv_fax 2.传真申请数 条
fj_recv_email 3.电子邮件申请数 条
fj_recv_online 4.网上申请数 条
fj_recv_letter 5.信函申请数 条
fj_recv_other 6.其它形式申请数 条
fj_answered 本年度对申请的答复总数 条
fj_ans_granted 其中：1.同意公开答复数 条
fj_ans_partial 2.同意部分公开答复数 条
fj_ans_denied 3.否决公开答复总数 条
fj_review 行政复议数 件
fj_litigation 行政诉讼数 件
fj_appeals 行政申诉数 件
"""


def _lines(table: str) -> list[Line]:
    lines = []
    for text in table.strip().splitlines():
        code, label, *rest = text.split(" ")
        number = int(rest[1]) if len(rest) > 1 else None
        lines.append(Line(None, label, None, None) if code == "-" else Line(code, label, rest[0], number))
    return lines


@dataclass(frozen=True)
class Form:
    """A family of tables: its lines, the heads of its columns of labels, units and numbers, its figure columns.

    `sums` are totals and what adds up to them, one that is part of another before it; `parts` are rows that are no more
    than another.
    """

    family: str
    lines: list[Line]
    head: tuple[str, ...]
    columns: tuple[str, ...]
    sums: dict[str, list[str]]
    parts: dict[str, str]
    guide: tuple[str, ...] = ()
    """What stands below the header in a line of its own."""

    @property
    def indicators(self) -> list[str]:
        """The codes in order."""
        return [line.code for line in self.lines if line.code]

    @property
    def units(self) -> dict[str, str | None]:
        """The unit that stands beside each indicator."""
        return {line.code: line.unit for line in self.lines if line.code}


ONE = ("统计数",)
THREE = ("区政府", "区直单位", "乡镇街道")
NATIONAL = Form(
    "national",
    _lines(_NATIONAL),
    ("统计指标", "单位"),
    ONE,
    {
        "received": ["recv_in_person", "recv_fax", "recv_online", "recv_letter"],
        "ans_denied": [
            *("den_state_secret", "den_trade_secret", "den_privacy"),
            *("den_security_stability", "den_not_gov_info", "den_other_law"),
        ],
        "answered": [
            *("ans_already_public", "ans_granted", "ans_partial", "ans_denied"),
            *("ans_not_this_organ", "ans_not_exist", "ans_clarify", "ans_other_channel"),
        ],
        "completed": ["completed_on_time", "completed_extended"],
        "review": ["review_upheld", "review_corrected", "review_other"],
        "litigation": ["lit_upheld", "lit_corrected", "lit_other"],
        "staff": ["staff_ft", "staff_pt"],
    },
    {
        "proactive_normdocs": "normdocs_issued",
        "press_conf_head": "press_conf",
        "web_interviews_head": "web_interviews",
    },
)
SHANGHAI = Form(
    "shanghai",
    _lines(_SHANGHAI),
    ("指标名称", "计量单位", "代码"),
    ("本期实际", "本年累计"),
    {
        "sh_received": [
            *("sh_recv_in_person", "sh_recv_fax", "sh_recv_email"),
            *("sh_recv_online", "sh_recv_letter", "sh_recv_other"),
        ],
        "sh_ans_denied": [
            *("sh_den_not_gov_info", "sh_den_not_exist", "sh_den_not_held", "sh_den_unclear", "sh_den_exempt_1"),
            *("sh_den_exempt_2", "sh_den_exempt_3", "sh_den_exempt_4", "sh_den_exempt_5", "sh_den_exempt_6"),
            "sh_den_other",
        ],
        "sh_answered": ["sh_ans_granted", "sh_ans_partial", "sh_ans_denied"],
    },
    {"sh_proactive_full_text": "sh_proactive_total", "sh_appeals_first": "sh_appeals"},
    guide=("甲", "乙", "丙", "1", "2"),
)
FUJIAN = Form(
    "fujian",
    _lines(_FUJIAN),
    ("指标名称", "计量单位"),
    ("本年度", "历年累计"),
    {
        "fj_received": [
            *("fj_recv_in_person", "fj_recv_fax", "fj_recv_email"),
            *("fj_recv_online", "fj_recv_letter", "fj_recv_other"),
        ],
    },
    {},
)
FORMS = {form.family: form for form in (NATIONAL, SHANGHAI, FUJIAN)}
INDICATORS = NATIONAL.indicators
UNITS = NATIONAL.units
TITLE = "示例县人民政府2016年政府信息公开工作年度报告"
BEFORE = [
    TITLE,
    "本报告由示例县人民政府办公室根据《中华人民共和国政府信息公开条例》编制。",
    "全年收到申请数较上年有所增加，统计数据的时限为2016年1月1日至2016年12月31日。",
    "政府信息公开情况统计表（2016年度）",
]
"""The year is the same for every table: it says nothing of which one it is."""
AFTER = ["单位负责人：张三 审核人：李四", "示例县人民政府办公室", "2017年3月20日"]


def distinct(seed: int, columns: Sequence[str] | None = None, form: Form = NATIONAL) -> Figures:
    """A different number in every cell; sums of money with decimals."""
    cells = [(code, column) for code in form.indicators for column in columns or form.columns]
    numbers = Random(seed).sample(range(1, 99_999), len(cells))
    return {
        cell: f"{number}.25" if form.units[cell[0]] in ("万元", "元") else str(number)
        for cell, number in zip(cells, numbers, strict=True)
    }


def consistent(seed: int, form: Form = NATIONAL) -> Figures:
    """Figures whose arithmetic holds in every column, none of them zero."""
    figures = distinct(seed, form=form)
    for column in form.columns:

        def added(codes: Sequence[str], column: str = column) -> int:
            return sum(int(figures[code, column] or 0) for code in codes)

        if form is NATIONAL:
            figures["proactive_total", column] = str(added([code for code in form.indicators if code[:3] == "ch_"]) - 1)
        for part, whole in form.parts.items():
            smaller, larger = sorted((added([part]), added([whole])))
            figures[part, column], figures[whole, column] = str(smaller), str(larger)
        for total, parts in form.sums.items():
            if total == "completed":  # as many as there are answers
                figures[parts[0], column] = str(added(["answered"]) - added(parts[1:]))
            figures[total, column] = str(added(parts))
    return figures


Row = list[str]


def rows(
    figures: Figures,
    columns: Sequence[str] | None = None,
    without: Sequence[str] = (),
    form: Form = NATIONAL,
    *,
    numbered: bool = True,
) -> list[Row]:
    """The printed rows, header first; `without` are indicators whose row is not printed, `numbered` whether the table
    prints its running numbers.
    """
    columns = columns or form.columns
    has_numbers = numbered and len(form.head) > 2
    stubs = len(form.head) - (len(form.head) > 2 and not numbered)
    printed = [[*form.head[:stubs], *columns]]
    if form.guide and has_numbers:
        printed.append(list(form.guide))
    for code, label, unit, number in form.lines:
        if code is None:
            printed.append([label, "——", *["——"] * len(columns)])
        elif code not in without:
            beside = [f"{number:02}"] if has_numbers else []
            printed.append([label, unit or "", *beside, *(figures[code, column] or "" for column in columns)])
    return printed


# Text


def _text(table: list[str]) -> str:
    return "\n".join([*BEFORE, "", *table, "", *AFTER]) + "\n"


def _broken(printed: list[Row]) -> list[list[Row]]:
    """The rows page by page, the header printed again on each."""
    return [[printed[0], *printed[start : start + 17]] for start in range(1, len(printed), 17)]


def _html(printed: list[Row]) -> str:
    cells = "".join(
        "<tr>" + "".join(f"<td><p>{escape(text) or '&nbsp;'}</p></td>" for text in row) + "</tr>" for row in printed
    )
    before, after = ("".join(f"<p>{line}</p>" for line in lines) for lines in (BEFORE, AFTER))
    return f"<html><head><title>{TITLE}</title></head><body>{before}<table>{cells}</table>{after}</body></html>"


LAYOUTS: dict[str, Callable[[list[Row]], str]] = {
    "tab_rows": lambda printed: _text(["\t".join(row) for row in printed]),
    "page_broken": lambda printed: _text(
        [
            line
            for number, page in enumerate(_broken(printed), start=1)
            for line in [*map("\t".join, page), "", f"- {number} -", ""]
        ]
    ),
    "blanks": lambda printed: _text(["  ".join(filter(None, row)) for row in printed]),
    "one_cell_a_line": lambda printed: _text([f"\t{text}" for row in printed for text in row]),
    "cells_in_rows": lambda printed: _text([line for row in printed for line in [*(f"\t{text}" for text in row), ""]]),
    "bare_lines": lambda printed: _text([text for row in printed for text in row if text]),
    "pipes": lambda printed: _text(["| " + " | ".join(row) + " |" for row in printed]),
    "pipe_lines": lambda printed: _text(
        [line for row in printed for line in [row[0], *(f"| {text}" for text in row[1:]), "|"]]
    ),
    "markdown": lambda printed: _text(
        ["| " + " | ".join(row) + " |" for row in [printed[0], ["---"] * len(printed[0]), *printed[1:]]]
    ),
    "html": _html,
}
SHOWS_BLANKS = ("tab_rows", "page_broken", "one_cell_a_line", "cells_in_rows", "pipes", "markdown", "html")


def render(layout: str, printed: list[Row]) -> tuple[str, str]:
    """A report with the printed rows, and its format."""
    return LAYOUTS[layout](printed), "html" if layout == "html" else "txt"


# Files


def _is_head(row: Row) -> bool:
    return "——" in row


def _page(variant: str, printed: list[Row]) -> bytes:
    """A page in HTML in one of its habits; the row of a section's head is one cell where the habit merges cells."""
    habit, random = html.VARIANTS[variant], Random(f"{variant} {len(printed)}")
    width = len(printed[0])
    merges = variant in ("word", "cms", "split_tables")
    grid = [
        [html.Td(row[0], width)] if merges and _is_head(row) else [html.Td(text) for text in row] for row in printed
    ]
    grid = habit.cells("statistics", grid, random)
    lines = [f"<p>{line}</p>" for line in BEFORE]
    lines += html._tables(grid, habit, random)
    lines += [f"<p>{line}</p>" for line in AFTER]
    body = habit.page.replace("{}", "\n".join(lines))
    declared = f'<meta charset="{habit.declared}">' if habit.declared else ""
    return f"<html><head>{declared}<title>年报</title></head><body>{body}</body></html>".encode(habit.encoding)


def _blocks(variant: str, printed: list[Row]) -> list[office.Block]:
    """The paragraphs and the table of an office document; a section's head is one cell where cells are merged."""
    width = len(printed[0])
    merges = variant in ("merged", "nested")
    table = [
        [office.TableCell(row[0], span=width)] if merges and _is_head(row) else [office.TableCell(text) for text in row]
        for row in printed
    ]
    half = len(table) // 2
    drawn: list[office.Block] = [table[:half], "", table[half:]] if variant == "split" else [table]
    return [*BEFORE, *drawn, *AFTER]


def _print(look: str, printed: list[Row]) -> bytes:
    """A PDF with the table on as many pages as it takes, labels in the first column, broken where it is narrow."""
    press = pdf._Press(pdf.LOOKS[look], Random(f"{look} {len(printed)}"))
    for line in BEFORE:
        press.paragraph(line, 16 if line == TITLE else 12)
    figures = len(printed[0]) - 1
    label = 0.34 if pdf.LOOKS[look].wrapped else 0.55
    boxes = [
        pdf.Box(number, place, text, is_figure=place > 0)
        for number, row in enumerate(printed)
        for place, text in enumerate(row)
    ]
    press.table(pdf.Table(boxes, [label, *[(1 - label) / figures] * figures], header=1))
    for line in AFTER:
        press.paragraph(line, 12)
    return press.bytes()


_OFFICE = {**office.WRITERS, "doc": doc.doc}
_HTML_HABITS = (
    *("clean", "spans_disagree", "word", "cms", "split_tables", "padded", "broken_labels", "unclosed", "gbk"),
    "word_in_cms_gbk",
)
_OFFICE_HABITS = {"docx": office.VARIANTS, "odt": ("merged", "split"), "rtf": ("merged", "split"), "doc": ("merged",)}
FILES: dict[str, Callable[[list[Row]], bytes]] = {
    **{f"html {variant}": partial(_page, variant) for variant in _HTML_HABITS},
    **{
        f"{kind} {variant}": lambda printed, kind=kind, variant=variant: _OFFICE[kind](
            _blocks(variant, printed), variant
        )
        for kind, variants in _OFFICE_HABITS.items()
        for variant in variants
    },
    **{f"pdf {look}": partial(_print, look) for look in pdf.LOOKS},
}
"""`<ending> <habit>` -> a report with the printed rows, as the bytes of a file."""


def file(kind: str, printed: list[Row]) -> tuple[bytes, str]:
    """A report with the printed rows in one of `FILES`, and its format."""
    return FILES[kind](printed), kind.split(" ")[0]
