"""Sentences that state a report's figures, in many wordings, between others whose numbers are of something else.

What is planted is known: `Statement` says which cells a sentence speaks of and with which number. The wordings follow
how such reports speak: verbs before and after the figure, subjects left out, lists, brackets, Chinese numerals.
"""

from collections.abc import Callable, Mapping
from random import Random
from typing import NamedTuple

from . import form

Figures = Mapping[form.Cell, str]


class Statement(NamedTuple):
    """A number a text states: the table, the rows that are added up, the column, and what stands in the text."""

    table: str
    rows: tuple[str, ...]
    column: str
    value: int


_DIGITS = "零一二三四五六七八九"


def chinese(number: int) -> str:
    """A number below 100 million in words: 一千二百零八, 十五, 二十."""
    if number >= 10_000:
        rest = number % 10_000
        below = "" if not rest else chinese(rest) if rest >= 1_000 else "零" + _below(rest)
        return chinese(number // 10_000) + "万" + below
    words = _below(number)
    return words[1:] if words.startswith("一十") else words


def _below(number: int) -> str:
    if number < 10:
        return _DIGITS[number]
    for size, unit in ((1_000, "千"), (100, "百"), (10, "十")):
        if number >= size:
            rest = number % size
            gap = "零" if rest and rest < size // 10 else ""
            return _DIGITS[number // size] + unit + gap + (_below(rest) if rest else "")
    raise AssertionError(number)


def _full_width(text: str) -> str:
    return "".join(chr(ord(character) + 0xFEE0) if character in "0123456789," else character for character in text)


SPELLINGS: dict[str, Callable[[int], str]] = {
    "arabic": str,
    "thousands": lambda number: f"{number:,}",
    "full width": lambda number: _full_width(str(number)),
    "full-width thousands": lambda number: _full_width(f"{number:,}"),
    "spaced": lambda number: f" {number} ",
    "words": lambda number: "两" if number == 2 else chinese(number),
}

_LITIGATION = ("lit_direct", "lit_after_review")


def _group(prefix: str) -> tuple[str, ...]:
    return tuple(leaf.code for leaf in form.LEAVES["2021"] if leaf.code.startswith(prefix))


def of(figures: Figures, table: str, rows: tuple[str, ...], column: str) -> Statement:
    """A true statement: the sum of the cells."""
    return Statement(table, rows, column, sum(int(figures[table, row, column]) for row in rows))


# what a sentence states, and the ways to say it; {n} the number, {y} the year
REQUESTS: dict[tuple[tuple[str, ...], str], tuple[str, ...]] = {
    (("received_new",), "total"): (
        "全年共收到政府信息公开申请{n}件",
        "本机关新收政府信息公开申请{n}件",
        "{y}年，我局受理依申请公开事项{n}件",
        "本年度共接收各类政府信息公开申请{n}份",
        "依申请公开方面，全年收到申请{n}件",
        "收到公民、法人和其他组织提出的政府信息公开申请共{n}件",
        "年内新收申请公开政府信息事项{n}宗",
        "政府信息公开申请新收数量为{n}件",
        "通过各种渠道收到{n}件政府信息公开申请",
        "{y}年度收到的政府信息公开申请为{n}件",
        "自{y}年1月1日至12月31日，共收到信息公开申请{n}件",
    ),
    (("carried_in",), "total"): (
        "依申请公开方面，上年结转{n}件",
        "上年度结转政府信息公开申请{n}件",
        "办理上年结转的政府信息公开申请{n}件",
        "{p}年结转的政府信息公开申请{n}件",
        "依申请公开工作中，上一年度结转办理{n}件",
        "政府信息公开申请上年遗留{n}件",
        "依申请公开情况：去年结转至本年{n}件",
        "另有上年结转依申请公开件{n}件",
    ),
    (("carried_out",), "total"): (
        "结转下年度继续办理的政府信息公开申请{n}件",
        "依申请公开方面，结转{q}年继续办理{n}件",
        "政府信息公开申请结转至下一年度{n}件",
        "依申请公开事项中尚未办结{n}件",
        "{n}件政府信息公开申请结转下年",
        "正在办理中的政府信息公开申请{n}件",
        "依申请公开情况：结转次年继续办理{n}件",
        "政府信息公开申请结转下年继续处理的有{n}件",
    ),
    (("processed_total",), "total"): (
        "全年办结政府信息公开申请{n}件",
        "依法答复政府信息公开申请{n}件",
        "政府信息公开申请按时办结{n}件",
        "{y}年共答复依申请公开事项{n}件",
        "在法定期限内答复政府信息公开申请{n}件",
        "办结{n}件政府信息公开申请",
        "依申请公开工作全年共办理完毕{n}件",
        "本年度已办复的政府信息公开申请为{n}件",
    ),
    (("granted_full",), "total"): (
        "政府信息公开申请办理结果中，予以公开{n}件",
        "依申请公开事项予以公开{n}件",
        "政府信息公开申请答复中，同意公开的{n}件",
        "对{n}件政府信息公开申请予以公开",
        "政府信息公开申请全部公开{n}件",
        "作出予以公开答复的政府信息公开申请{n}件",
        "依申请公开方面：予以公开的有{n}件",
        "政府信息公开申请中{n}件予以公开",
    ),
    (("granted_partial",), "total"): (
        "政府信息公开申请办理结果中，部分公开{n}件",
        "依申请公开事项部分公开{n}件",
        "对{n}件政府信息公开申请予以部分公开",
        "政府信息公开申请区分处理{n}件",
        "政府信息公开申请中{n}件部分公开",
        "依申请公开方面：部分公开的有{n}件",
        "作出部分公开答复的政府信息公开申请{n}件",
        "政府信息公开申请予以部分公开的为{n}件",
    ),
    (_group("denied_"), "total"): (
        "政府信息公开申请办理结果中，不予公开{n}件",
        "依法对{n}件政府信息公开申请不予公开",
        "依申请公开事项决定不予公开{n}件",
        "政府信息公开申请中{n}件不予公开",
        "作出不予公开答复的政府信息公开申请{n}件",
        "依申请公开方面：不予公开的有{n}件",
        "政府信息公开申请不予公开共计{n}件",
        "不予公开的政府信息公开申请{n}件",
    ),
    (_group("unable_"), "total"): (
        "政府信息公开申请办理结果中，无法提供{n}件",
        "政府信息公开申请中{n}件无法提供",
        "依申请公开事项无法提供{n}件",
        "因各类情形无法提供的政府信息公开申请{n}件",
        "依申请公开方面：无法提供的有{n}件",
        "政府信息公开申请无法提供共计{n}件",
        "无法提供的政府信息公开申请{n}件",
        "作出无法提供答复的政府信息公开申请{n}件",
    ),
    (_group("rejected_"), "total"): (
        "政府信息公开申请办理结果中，不予处理{n}件",
        "政府信息公开申请中{n}件不予处理",
        "依申请公开事项不予处理{n}件",
        "依法不予处理政府信息公开申请{n}件",
        "依申请公开方面：不予处理的有{n}件",
        "政府信息公开申请不予处理共计{n}件",
        "不予处理的政府信息公开申请{n}件",
        "作出不予处理答复的政府信息公开申请{n}件",
    ),
    (("received_new",), "natural_person"): (
        "收到自然人提出的政府信息公开申请{n}件",
        "收到政府信息公开申请，其中自然人{n}件",
        "自然人政府信息公开申请收到{n}件",
        "从申请人类型看，收到自然人政府信息公开申请{n}件",
        "收到个人政府信息公开申请{n}件",
        "新收政府信息公开申请中自然人申请{n}件",
        "由自然人提出的依申请公开事项收到{n}件",
        "收到的政府信息公开申请中，自然人提交{n}件",
    ),
}
REVIEWS: dict[tuple[tuple[str, ...], str], tuple[str, ...]] = {
    (("review",), "total"): (
        "因政府信息公开被申请行政复议{n}件",
        "全年发生政府信息公开行政复议案件{n}件",
        "由政府信息公开申请引发的行政复议{n}起",
        "政府信息公开行政复议案件共{n}件",
        "涉及政府信息公开的行政复议有{n}件",
        "本年度因政府信息公开工作引起行政复议{n}宗",
        "政府信息公开方面，收到行政复议申请{n}件",
        "{y}年有关政府信息公开的行政复议{n}件",
    ),
    (_LITIGATION, "total"): (
        "因政府信息公开被提起行政诉讼{n}件",
        "全年发生政府信息公开行政诉讼案件{n}件",
        "由政府信息公开申请引发的行政诉讼{n}起",
        "政府信息公开行政诉讼案件共{n}件",
        "涉及政府信息公开的行政诉讼有{n}件",
        "本年度因政府信息公开工作引起行政诉讼{n}宗",
        "政府信息公开方面，新增行政诉讼{n}件",
        "{y}年有关政府信息公开的诉讼案件{n}件",
    ),
}
RESULTS: dict[str, tuple[str, ...]] = {
    "upheld": (
        "维持{n}件",
        "结果维持{n}件",
        "予以维持的{n}件",
        "{n}件维持",
        "被维持{n}件",
        "维持原行政行为{n}件",
        "结果维持的有{n}件",
        "维持的为{n}件",
    ),
    "corrected": (
        "纠正{n}件",
        "结果纠正{n}件",
        "予以纠正的{n}件",
        "{n}件被纠正",
        "被纠正{n}件",
        "结果纠正的有{n}件",
        "纠正的为{n}件",
        "{n}件纠正",
    ),
    "other": (
        "其他结果{n}件",
        "其他{n}件",
        "{n}件为其他结果",
        "其它结果{n}件",
        "其他结果的有{n}件",
        "其他结果为{n}件",
        "其他情形{n}件",
        "{n}件其他结果",
    ),
    "pending": (
        "尚未审结{n}件",
        "未审结{n}件",
        "{n}件尚未审结",
        "正在审理{n}件",
        "尚在审理中的{n}件",
        "尚未审结的有{n}件",
        "待审结{n}件",
        "审理中{n}件",
    ),
}
DISCLOSURE: dict[tuple[str, str], tuple[str, ...]] = {
    ("rules", "issued"): (
        "全年制定规章{n}件",
        "制发规章{n}件",
        "出台政府规章{n}部",
        "新制定规章{n}件",
        "印发规章{n}件",
        "{y}年共制定出台规章{n}件",
        "本年制发的规章为{n}件",
        "规章制发{n}件",
    ),
    ("rules", "repealed"): (
        "废止规章{n}件",
        "全年废止规章{n}件",
        "宣布废止规章{n}部",
        "废止的规章有{n}件",
        "规章废止{n}件",
        "{y}年共废止规章{n}件",
        "本年废止的规章为{n}件",
        "明令废止规章{n}件",
    ),
    ("normdocs", "issued"): (
        "制发行政规范性文件{n}件",
        "全年制定规范性文件{n}件",
        "出台行政规范性文件{n}份",
        "新制定行政规范性文件{n}件",
        "印发规范性文件{n}件",
        "{y}年制定印发行政规范性文件{n}件",
        "行政规范性文件制发{n}件",
        "本年制发的规范性文件为{n}件",
    ),
    ("normdocs", "repealed"): (
        "废止行政规范性文件{n}件",
        "全年废止规范性文件{n}件",
        "宣布废止行政规范性文件{n}份",
        "行政规范性文件废止{n}件",
        "予以废止的规范性文件{n}件",
        "{y}年废止规范性文件{n}件",
        "废止的行政规范性文件有{n}件",
        "本年废止规范性文件共{n}件",
    ),
    ("normdocs", "in_force"): (
        "现行有效行政规范性文件{n}件",
        "现行有效的规范性文件{n}件",
        "截至{y}年底，现行有效规范性文件{n}件",
        "行政规范性文件现行有效{n}件",
        "现行有效的行政规范性文件共{n}件",
        "规范性文件现行有效件数为{n}件",
        "继续有效的规范性文件{n}件",
        "本级现行有效规范性文件{n}份",
    ),
    ("licensing", "decisions"): (
        "作出行政许可决定{n}件",
        "全年作出行政许可决定{n}件",
        "本年行政许可处理决定{n}件",
        "做出行政许可决定共{n}件",
        "作出的行政许可决定为{n}件",
        "{y}年作出行政许可决定{n}项",
        "行政许可决定{n}件",
        "依法作出行政许可决定{n}件",
    ),
    ("penalty", "decisions"): (
        "作出行政处罚决定{n}件",
        "全年作出行政处罚决定{n}件",
        "本年行政处罚处理决定{n}件",
        "做出行政处罚决定共{n}件",
        "作出的行政处罚决定为{n}件",
        "{y}年作出行政处罚决定{n}宗",
        "行政处罚决定{n}件",
        "依法作出行政处罚决定{n}起",
    ),
    ("coercion", "decisions"): (
        "作出行政强制决定{n}件",
        "全年作出行政强制决定{n}件",
        "本年行政强制处理决定{n}件",
        "做出行政强制决定共{n}件",
        "作出的行政强制决定为{n}件",
        "{y}年作出行政强制决定{n}件",
        "行政强制决定{n}件",
        "依法作出行政强制决定{n}起",
    ),
}

NOISE = (
    "全年通过门户网站发布各类信息{n}条",
    "主动公开政府信息{n}条，其中工作动态{m}条、通知公告{n}条",
    "办理人大代表建议和政协提案{n}件，答复率100%",
    "举办政务公开业务培训{n}场，{m}人次参加",
    "热线受理群众诉求{n}件，办结{m}件，满意率99.2%",
    "办理信访事项{n}件，答复{m}件，重复信访下降12.5%",
    "区长信箱收到来信{n}封，回复{m}件",
    "联系电话：0517-8722{n}，邮编223100",
    "按照国办公开办函〔2021〕30号文件要求，于1月25日前完成编制",
    "申请量比上年增加{n}件，增长8.3%",
    "较上年减少{n}件，下降{m}%",
    "公开行政处罚信息{n}条、行政许可信息{m}条",
    "审核拟发布稿件{n}篇，退回修改{m}篇",
    "清理规章制度{n}项",
    "受理不动产登记申请{n}件，办结{m}件",
    "市司法局全年办理行政复议案件{n}件，其中维持{m}件、纠正{n}件",
    "收到涉及征地补偿的政府信息公开申请{n}件",
    "上半年收到政府信息公开申请{n}件",
    "政策解读{n}篇，回应社会关切{m}次",
    "行政许可事项清单共{n}项，压减{m}项",
    "政府信息公开申请平均办理时间缩短{n}天",
    "累计收到政府信息公开申请{n}件",
    "{p}年收到政府信息公开申请{n}件",
    "去年答复政府信息公开申请{n}件",
    "政府网站集约化平台运行平稳，访问量{n}万次",
    "收到低保申请{n}件，结转下年度{m}件",
    "约有{n}件政府信息公开申请通过网络提交",
    "公开财政预决算{n}份，政府采购公告{m}份",
)
"""Sentences none of whose numbers a table of the report holds."""

APPROXIMATE = (
    "收到政府信息公开申请约{n}件",
    "收到政府信息公开申请{n}余件",
    "共收到政府信息公开申请近{n}件",
    "收到政府信息公开申请{n}多件",
    "收到政府信息公开申请{n}件以上",
    "收到政府信息公开申请{n}至{m}件",
    "答复政府信息公开申请{n}件左右",
    "收到政府信息公开申请超过{n}件",
)

NONE = {
    ("received_new",): (
        "全年未收到政府信息公开申请",
        "本年度没有收到依申请公开事项",
        "我单位无政府信息公开申请",
        "依申请公开方面，本年为零申请",
        "{y}年未接到信息公开申请",
        "未收到任何公民、法人和其他组织的政府信息公开申请",
        "政府信息公开申请：无",
        "没有收到一件政府信息公开申请",
    ),
    ("review",): (
        "未发生因政府信息公开引发的行政复议",
        "没有因政府信息公开申请提起的行政复议",
        "无行政复议案件",
        "未发生行政复议",
        "全年没有发生一起行政复议案件",
        "不存在被申请行政复议的情况",
        "政府信息公开方面未收到行政复议申请",
        "未产生政府信息公开行政复议",
    ),
    _LITIGATION: (
        "未发生因政府信息公开引发的行政诉讼",
        "没有因政府信息公开申请提起的行政诉讼",
        "无行政诉讼案件",
        "未发生行政诉讼情况",
        "全年没有发生一起行政诉讼案件",
        "不存在被提起行政诉讼的情况",
        "政府信息公开方面未引起行政诉讼",
        "未产生政府信息公开行政诉讼",
    ),
}


def sentence(wording: str, value: int, random: Random, year: int = 2023, spelling: str | None = None) -> str:
    """A wording with its number printed in some way."""
    spell = SPELLINGS[spelling or random.choice([*SPELLINGS])]
    other = random.randint(3, 90)
    return wording.format(n=spell(value), m=other, y=year, p=year - 1, q=year + 1) + "。"


def single(figures: Figures, random: Random, spelling: str | None = None) -> list[tuple[str, Statement]]:
    """Every wording as a sentence of its own, true to the figures."""
    said = [
        (wording, of(figures, table, rows, column))
        for table, wordings in (("applications", REQUESTS), ("review_litigation", REVIEWS))
        for (rows, column), texts in wordings.items()
        for wording in texts
    ]
    said += [
        (wording, of(figures, "proactive_disclosure", (row,), column))
        for (row, column), texts in DISCLOSURE.items()
        for wording in texts
    ]
    return [(sentence(wording, statement.value, random, spelling=spelling), statement) for wording, statement in said]


def results(figures: Figures, rows: tuple[str, ...], random: Random) -> tuple[str, list[Statement]]:
    """A sentence with a total and its four results: `行政复议3件，其中维持1件、…`."""
    head = random.choice(REVIEWS[rows, "total"])
    said = [of(figures, "review_litigation", rows, code) for code in ("total", *RESULTS)]
    spell = SPELLINGS[random.choice([*SPELLINGS])]
    parts = [random.choice(RESULTS[statement.column]).format(n=spell(statement.value)) for statement in said[1:]]
    head = head.format(n=spell(said[0].value), y=2023)
    link, divider = random.choice(["，其中", "，其中：", "，", "（其中", "。其中，"]), random.choice(["、", "，", "；"])
    return head + link + divider.join(parts) + ("）。" if "（" in link else "。"), said


def noise(random: Random, *, of_this_year: bool = False) -> str:
    """A sentence whose numbers are of something else; `of_this_year`: that speaks of no other year, either."""
    wordings = [wording for wording in NOISE if not (of_this_year and wording.startswith(("{p}", "去年")))]
    return sentence(random.choice(wordings), random.randint(3, 2_000), random)
