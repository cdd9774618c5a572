"""The official forms of 2019 and 2021, typed by hand: labels as printed, codes as the dataset names them.

The program has its own description of the same forms. This one is separate on purpose: were it shared, a row
missing or swapped there would be missing or swapped in the expected values too, and no test would see it.
"""

from typing import NamedTuple

EDITIONS = ("2019", "2021")

Cell = tuple[str, str, str]  # table, row code, column code


class Labelled(NamedTuple):
    """A row or column: its code in the dataset and the label the form prints."""

    code: str
    label: str


class Block(NamedTuple):
    """One item of article 20 in table 2: a bar, a header of its own, and the rows under it."""

    numeral: str
    measures: tuple[Labelled, ...]
    subjects: tuple[Labelled, ...]

    @property
    def bar(self) -> str:
        """The line above the block, which names the item of the Regulations."""
        return f"第二十条第（{self.numeral}）项"


class Item(NamedTuple):
    """A row of table 3, with the merged cells it stands under, outermost first."""

    code: str
    label: str
    heads: tuple[str, ...] = ()


# --- table 2: 主动公开政府信息情况 ---

INFORMATION = "信息内容"  # the header cell above the row labels, repeated in every block

_DOCUMENTS_2019 = (
    Labelled("created", "本年新制作数量"),
    Labelled("published", "本年新公开数量"),
    Labelled("public_stock", "对外公开总数量"),
)
_ITEMS_2019 = (
    Labelled("items_prev", "上一年项目数量"),
    Labelled("items_change", "本年增/减"),
)
_DECISIONS_2019 = (*_ITEMS_2019, Labelled("decisions", "处理决定数量"))
_DOCUMENTS_2021 = (
    Labelled("issued", "本年制发件数"),
    Labelled("repealed", "本年废止件数"),
    Labelled("in_force", "现行有效件数"),
)
_DECISIONS_2021 = (Labelled("decisions", "本年处理决定数量"),)

BLOCKS: dict[str, tuple[Block, ...]] = {
    "2019": (
        Block("一", _DOCUMENTS_2019, (Labelled("rules", "规章"), Labelled("normdocs", "规范性文件"))),
        Block(
            "五",
            _DECISIONS_2019,
            (Labelled("licensing", "行政许可"), Labelled("other_services", "其他对外管理服务事项")),
        ),
        Block("六", _DECISIONS_2019, (Labelled("penalty", "行政处罚"), Labelled("coercion", "行政强制"))),
        Block("八", _ITEMS_2019, (Labelled("charges", "行政事业性收费"),)),
        Block(
            "九",
            (Labelled("projects", "采购项目数量"), Labelled("amount", "采购总金额")),
            (Labelled("procurement", "政府集中采购"),),
        ),
    ),
    "2021": (
        Block("一", _DOCUMENTS_2021, (Labelled("rules", "规章"), Labelled("normdocs", "行政规范性文件"))),
        Block("五", _DECISIONS_2021, (Labelled("licensing", "行政许可"),)),
        Block("六", _DECISIONS_2021, (Labelled("penalty", "行政处罚"), Labelled("coercion", "行政强制"))),
        Block(
            "八",
            (Labelled("amount", "本年收费金额（单位：万元）"),),
            (Labelled("charges", "行政事业性收费"),),
        ),
    ),
}

# --- table 3: 收到和处理政府信息公开申请情况 ---

IDENTITY_NOTE = "（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）"
APPLICANT_HEAD = "申请人情况"
ORGANISATIONS_HEAD = "法人或其他组织"

NATURAL_PERSON = Labelled("natural_person", "自然人")
ORGANISATIONS = (
    Labelled("company", "商业企业"),
    Labelled("research", "科研机构"),
    Labelled("nonprofit", "社会公益组织"),
    Labelled("legal_service", "法律服务机构"),
    Labelled("other_org", "其他"),
)
TOTAL = Labelled("total", "总计")
APPLICANTS = (NATURAL_PERSON, *ORGANISATIONS, TOTAL)

OUTCOMES_HEAD = "三、本年度办理结果"
_DENIED = (OUTCOMES_HEAD, "（三）不予公开")
_UNABLE = (OUTCOMES_HEAD, "（四）无法提供")
_REJECTED = (OUTCOMES_HEAD, "（五）不予处理")
_OTHER = (OUTCOMES_HEAD, "（六）其他处理")

RECEIVED = (
    Item("received_new", "一、本年新收政府信息公开申请数量"),
    Item("carried_in", "二、上年结转政府信息公开申请数量"),
)
_LEAVES_BOTH = (
    Item("granted_full", "（一）予以公开", (OUTCOMES_HEAD,)),
    Item("granted_partial", "（二）部分公开（区分处理的，只计这一情形，不计其他情形）", (OUTCOMES_HEAD,)),
    Item("denied_state_secret", "1.属于国家秘密", _DENIED),
    Item("denied_statutory_bar", "2.其他法律行政法规禁止公开", _DENIED),
    Item("denied_security_stability", "3.危及“三安全一稳定”", _DENIED),
    Item("denied_third_party", "4.保护第三方合法权益", _DENIED),
    Item("denied_internal_affairs", "5.属于三类内部事务信息", _DENIED),
    Item("denied_deliberative", "6.属于四类过程性信息", _DENIED),
    Item("denied_enforcement_file", "7.属于行政执法案卷", _DENIED),
    Item("denied_registry_inquiry", "8.属于行政查询事项", _DENIED),
    Item("unable_not_held", "1.本机关不掌握相关政府信息", _UNABLE),
    Item("unable_needs_creation", "2.没有现成信息需要另行制作", _UNABLE),
    Item("unable_unclear", "3.补正后申请内容仍不明确", _UNABLE),
    Item("rejected_petition", "1.信访举报投诉类申请", _REJECTED),
    Item("rejected_repeat", "2.重复申请", _REJECTED),
    Item("rejected_publication", "3.要求提供公开出版物", _REJECTED),
    Item("rejected_excessive", "4.无正当理由大量反复申请", _REJECTED),
    Item("rejected_confirm_reissue", "5.要求行政机关确认或重新出具已获取信息", _REJECTED),
)
LEAVES: dict[str, tuple[Item, ...]] = {
    "2019": (*_LEAVES_BOTH, Item("other_total", "（六）其他处理", (OUTCOMES_HEAD,))),
    "2021": (
        *_LEAVES_BOTH,
        Item(
            "other_no_clarification",
            "1.申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请",
            _OTHER,
        ),
        Item(
            "other_fee_unpaid",
            "2.申请人逾期未按收费通知要求缴纳费用、行政机关不再处理其政府信息公开申请",
            _OTHER,
        ),
        Item("other_misc", "3.其他", _OTHER),
    ),
}
PROCESSED_TOTAL = Item("processed_total", "（七）总计", (OUTCOMES_HEAD,))
CARRIED_OUT = Item("carried_out", "四、结转下年度继续办理")

ITEMS: dict[str, tuple[Item, ...]] = {
    edition: (*RECEIVED, *leaves, PROCESSED_TOTAL, CARRIED_OUT) for edition, leaves in LEAVES.items()
}

# --- table 4: 政府信息公开行政复议、行政诉讼情况 (the same in both editions) ---

REVIEW_HEAD = "行政复议"
LITIGATION_HEAD = "行政诉讼"
LITIGATION_CHANNELS = (
    Labelled("lit_direct", "未经复议直接起诉"),
    Labelled("lit_after_review", "复议后起诉"),
)
CHANNEL_CODES = ("review", "lit_direct", "lit_after_review")
OUTCOMES = (
    Labelled("upheld", "结果维持"),
    Labelled("corrected", "结果纠正"),
    Labelled("other", "其他结果"),
    Labelled("pending", "尚未审结"),
    Labelled("total", "总计"),
)


def proactive_cells(edition: str) -> list[Cell]:
    """Every cell of table 2, in printed order: 22 in the form of 2019, 10 in that of 2021."""
    return [
        ("proactive_disclosure", subject.code, measure.code)
        for block in BLOCKS[edition]
        for subject in block.subjects
        for measure in block.measures
    ]


def application_cells(edition: str) -> list[Cell]:
    """Every cell of table 3, row by row: 161 in the form of 2019, 175 in that of 2021."""
    return [("applications", item.code, column.code) for item in ITEMS[edition] for column in APPLICANTS]


def review_cells() -> list[Cell]:
    """The 15 cells of table 4's only row, from left to right."""
    return [("review_litigation", channel, outcome.code) for channel in CHANNEL_CODES for outcome in OUTCOMES]


def cells(edition_t2: str, edition_t3: str) -> list[Cell]:
    """Every cell of a report; its tables may be of different editions, as published ones are."""
    return proactive_cells(edition_t2) + application_cells(edition_t3) + review_cells()
