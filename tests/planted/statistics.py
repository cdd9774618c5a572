"""The statistics table of report years 2014-2018, typed by hand, and whole reports that print it in every layout.

A line is (code, label, unit); code and unit are None for a section's head, which prints dashes.
"""

from collections.abc import Callable, Sequence
from html import escape
from random import Random

Line = tuple[str | None, str, str | None]
Figures = dict[tuple[str, str], str | None]
"""Indicator and column -> the figure as printed; None: the cell is blank."""

TABLE = """
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


def _line(text: str) -> Line:
    code, label, *unit = text.split(" ")
    return (None, label, None) if code == "-" else (code, label, unit[0])


LINES: list[Line] = [_line(text) for text in TABLE.strip().splitlines()]
INDICATORS = [code for code, _, _ in LINES if code]
UNITS = {code: unit for code, _, unit in LINES if code}
SUMS = {
    "received": ["recv_in_person", "recv_fax", "recv_online", "recv_letter"],
    "completed": ["completed_on_time", "completed_extended"],
    "ans_denied": [
        *("den_state_secret", "den_trade_secret", "den_privacy"),
        *("den_security_stability", "den_not_gov_info", "den_other_law"),
    ],
    "answered": [
        *("ans_already_public", "ans_granted", "ans_partial", "ans_denied"),
        *("ans_not_this_organ", "ans_not_exist", "ans_clarify", "ans_other_channel"),
    ],
    "review": ["review_upheld", "review_corrected", "review_other"],
    "litigation": ["lit_upheld", "lit_corrected", "lit_other"],
    "staff": ["staff_ft", "staff_pt"],
}
"""Totals and their parts; the denied are a part of the answers, so they come first."""
ONE = ("统计数",)
THREE = ("区政府", "区直单位", "乡镇街道")
TITLE = "示例县人民政府2016年政府信息公开工作年度报告"
BEFORE = [
    TITLE,
    "本报告由示例县人民政府办公室根据《中华人民共和国政府信息公开条例》编制。",
    "全年收到申请数较上年有所增加，统计数据的时限为2016年1月1日至2016年12月31日。",
    "政府信息公开情况统计表（2016年度）",
]
AFTER = ["单位负责人：张三 审核人：李四", "示例县人民政府办公室", "2017年3月20日"]


def distinct(seed: int, columns: Sequence[str] = ONE) -> Figures:
    """A different number in every cell; sums of money with decimals."""
    cells = [(code, column) for code in INDICATORS for column in columns]
    numbers = Random(seed).sample(range(1, 99_999), len(cells))
    return {
        cell: f"{number}.25" if UNITS[cell[0]] == "万元" else str(number)
        for cell, number in zip(cells, numbers, strict=True)
    }


def consistent(seed: int) -> Figures:
    """Figures whose sums hold, none of them zero."""
    figures = distinct(seed)
    for total, parts in SUMS.items():
        figures[total, "统计数"] = str(sum(int(figures[part, "统计数"] or 0) for part in parts))
    return figures


Row = list[str]


def rows(figures: Figures, columns: Sequence[str] = ONE, without: Sequence[str] = ()) -> list[Row]:
    """The printed rows, header first; `without` are indicators whose row is not printed."""
    printed = [["统计指标", "单位", *columns]]
    for code, label, unit in LINES:
        if code is None:
            printed.append([label, "——", *["——"] * len(columns)])
        elif code not in without:
            printed.append([label, unit or "", *(figures[code, column] or "" for column in columns)])
    return printed


def _text(table: list[str]) -> str:
    return "\n".join([*BEFORE, "", *table, "", *AFTER]) + "\n"


def _html(printed: list[Row]) -> str:
    cells = "".join(
        "<tr>" + "".join(f"<td><p>{escape(text) or '&nbsp;'}</p></td>" for text in row) + "</tr>" for row in printed
    )
    before, after = ("".join(f"<p>{line}</p>" for line in lines) for lines in (BEFORE, AFTER))
    return f"<html><head><title>{TITLE}</title></head><body>{before}<table>{cells}</table>{after}</body></html>"


LAYOUTS: dict[str, Callable[[list[Row]], str]] = {
    "tab_rows": lambda printed: _text(["\t".join(row) for row in printed]),
    "one_cell_a_line": lambda printed: _text([f"\t{text}" for row in printed for text in row]),
    "bare_lines": lambda printed: _text([text for row in printed for text in row if text]),
    "pipes": lambda printed: _text(["| " + " | ".join(row) + " |" for row in printed]),
    "markdown": lambda printed: _text(
        ["| " + " | ".join(row) + " |" for row in [printed[0], ["---"] * len(printed[0]), *printed[1:]]]
    ),
    "html": _html,
}
SHOWS_BLANKS = ("tab_rows", "one_cell_a_line", "pipes", "markdown", "html")


def render(layout: str, printed: list[Row]) -> tuple[str, str]:
    """A report with the printed rows, and its format."""
    return LAYOUTS[layout](printed), "html" if layout == "html" else "txt"
