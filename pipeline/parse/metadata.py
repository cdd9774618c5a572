"""Who reported, for which year and period, and when: read from title, signature, page fields and body, in that order.

Nothing is inferred from a folder or file name here. What is not printed stays None.
"""

import re
from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from itertools import islice
from typing import NamedTuple

from pipeline.forms import simplify

AGENCY_ENDINGS = (
    "人民政府|政府办|政府|委员会|管委会|办事处|街道办事处|街道办|街道|办公室|办公厅|镇|乡|苏木|局|厅|部|委|院|处|中心|大队|支队|总队|所|站|公司|"
    "大学|学校|学院|医院|银行|署|社|联合会|协会|县|市|区|州|盟|旗|省|农场|林场|兵团"
)
_NAME = re.compile(rf"[\u4e00-\u9fff·（）()]{{1,38}}(?:{AGENCY_ENDINGS})")
_NOT_NAMES = re.compile(r"公开|报告|首页|位置|栏目|目录|年报|附件|[，。；：、？！“”]")
_DIGITS = str.maketrans("〇零○一二三四五六七八九", "000123456789")
_YEAR = r"(?P<year>(?:19|20)\d\d|[一二]\s*[〇零○九]\s*[〇零○一二三四五六七八九]\s*[〇零○一二三四五六七八九])年"
_SUBJECT = r"(?:政府|政务)?信息公开(?:工作)?(?:的)?(?:情况)?(?:年度工作报告|年度报告|工作报告|年报|报告)"
_TITLE_YEAR_FIRST = re.compile(rf"(?P<before>.*?)(?:关于)?{_YEAR}度?(?P<after>.*?){_SUBJECT}")
_TITLE_YEAR_LAST = re.compile(rf"(?P<before>.*?)(?P<after>){_SUBJECT}[（(]?{_YEAR}度?[)）]?")
_TITLE_LINES = 3
_RANGE = re.compile(
    r"(?P<y1>\d{4})年(?P<m1>\d{1,2})月(?P<d1>\d{1,2})日(?:起|开始)?(?:至|到|[-—–~～]+)"
    r"(?:(?P<y2>\d{4})年|当年|同年|本年)?(?P<m2>\d{1,2})月(?P<d2>\d{1,2})日"
)
_ABOUT_PERIOD = "统计"
_DATE = re.compile(r"(\d{4})[年\-/.](\d{1,2})[月\-/.](\d{1,2})日?")
_CHINESE_DATE = re.compile(
    r"([一二][〇零○九][〇零○一二三四五六七八九]{2})年([一二三四五六七八九十]{1,2})月([一二三四五六七八九十]{1,3})日"
)
_FIELD = re.compile(r"(?:发布日期|发布时间|公开日期|发文日期|成文日期|信息时间)[:：](.{6,12})")
_CLOSING_LINES = 12
_PLACE = "[\u4e00-\u9fff]{2,8}?[省市县区州盟旗]"
_BODY_NAME = re.compile(
    rf"(?:^|[，。；：,;:])(?P<year>(?:(?:19|20)\d\d年度?|现公布|现将)[，,]?)?"
    rf"(?P<name>(?:{_PLACE}){{0,2}}[\u4e00-\u9fff]{{1,12}}?(?:{AGENCY_ENDINGS})(?:人民政府|政府|办事处)?)"
    r"(?P<verb>根据|按照|严格|认真|坚持|始终|积极|深入|全面|贯彻|结合|高度|围绕|依照|紧紧|持续|切实|主动|对照)?"
)
_COMMON_NAMES = re.compile(
    "^(?:我|本|全|各|该|县|市|区|省|国务院|上级|党|镇|乡|街道|政府|局|在|年)|县委|市委|区委|党委|领导|部门|单位"
)


class Metadata(NamedTuple):
    """What a report says of itself; `signature` is the number of the first closing line, or None."""

    agency_name: str | None
    stated_year: int | None
    period_start: date | None
    period_end: date | None
    published_on: date | None
    signature: int | None


def read_metadata(lines: Sequence[str], opening: int) -> Metadata:
    """Read a report's metadata from its lines of prose; `opening` of them stand before the first table."""
    compact = [_compact(line) for line in lines]
    name, year = _title(compact[:opening])
    signed_by, signed_on, signature = _signature(compact)
    start, end = _period(compact[:opening])
    return Metadata(
        agency_name=name or signed_by or _named_in_body(compact[:opening]),
        stated_year=year or (end.year if end else None),
        period_start=start,
        period_end=end,
        published_on=_published(compact) or signed_on,
        signature=signature,
    )


@lru_cache(maxsize=4096)
def _compact(line: str) -> str:
    return simplify("".join(line.split()))


def _title(lines: Sequence[str]) -> tuple[str | None, int | None]:
    """Agency and year of the title, which may run over up to three lines with the agency above them."""
    for length in range(1, _TITLE_LINES + 1):
        for first in range(len(lines) - length + 1):
            last = first + length
            title = "".join(lines[first:last]).strip("《》")
            if len(title) > 70 or "。" in title or "信息公开" not in title:
                continue
            match = _TITLE_YEAR_FIRST.fullmatch(title) or _TITLE_YEAR_LAST.fullmatch(title)
            if match:
                name = _agency(match["before"]) or _agency(match["after"]) or _above(lines[:first])
                return name, int(match["year"].translate(_DIGITS))
    return None, None


def _agency(text: str) -> str | None:
    text = re.sub(r"^附件\d*[:：]?|关于$|^《", "", text)
    if text.endswith("人民"):  # 人民政府信息公开: the word is shared between the name and the subject
        text += "政府"
    return text if _NAME.fullmatch(text) and not _NOT_NAMES.search(text) else None


def _above(lines: Sequence[str]) -> str | None:
    """The agency printed on the line above the title, with its county or city on the line above that."""
    names: list[str] = []
    for line in reversed(lines[-3:]):
        name = _agency(line)
        if name is None or (names and not re.search("[省市县区州盟旗]$", name)):
            break
        names.insert(0, name)
    return "".join(names) or None


def _signature(lines: Sequence[str]) -> tuple[str | None, date | None, int | None]:
    """Agency, date and first line of the signature: a date on the last lines, the agency before it."""
    first_line = max(len(lines) - _CLOSING_LINES, 0)
    for number in range(len(lines) - 1, first_line - 1, -1):
        signed_on, before = _closing_date(lines[number])
        if signed_on is None:
            continue
        name = _agency(before)
        if before and name is None:
            continue
        if before:
            return name, signed_on, number
        name = _agency(lines[number - 1]) if number else None
        return name, signed_on, number - 1 if name else number
    last = len(lines) - 1
    name = _agency(lines[last]) if lines and len(lines[last]) <= 30 else None
    return name, None, last if name else None


def _closing_date(line: str) -> tuple[date | None, str]:
    """The date that ends a short line, and what stands before it."""
    if len(line) > 50:
        return None, line
    for pattern in (_DATE, _CHINESE_DATE):
        for match in pattern.finditer(line):
            if match.end() == len(line) or line[match.end() :] in ")）":
                return _date(*match.groups()), line[: match.start()].strip("（(，,：:")
    return None, line


def _published(lines: Sequence[str]) -> date | None:
    """The publication date in a page's fields."""
    for line in lines:
        if (
            len(line) <= 200
            and (":" in line or "：" in line)
            and (field := _FIELD.search(line))
            and (match := _DATE.match(field[1]))
        ):
            return _date(*match.groups())
    return None


def _period(lines: Sequence[str]) -> tuple[date | None, date | None]:
    """The statistics period: the first range of dates in a sentence that speaks of one."""
    for sentence in "\n".join(lines).replace("\n", "。").split("。"):
        match = _RANGE.search(sentence) if _ABOUT_PERIOD in sentence else None
        if match:
            start = _date(match["y1"], match["m1"], match["d1"])
            end = _date(match["y2"] or match["y1"], match["m2"], match["d2"])
            return (start, end) if start and end and start < end else (None, None)
    return None, None


def _named_in_body(lines: Sequence[str]) -> str | None:
    """The agency as subject of a sentence: `2024年，巨鹿镇…`, `巨鹿镇严格…`; the first that is a name of its own."""
    for line in islice(lines, 30):
        for match in _BODY_NAME.finditer(line):
            name = match["name"]
            if (match["year"] or match["verb"]) and not _COMMON_NAMES.search(name) and not _NOT_NAMES.search(name):
                return name
    return None


def _date(year: str, month: str, day: str) -> date | None:
    try:
        return date(int(year.translate(_DIGITS)), _number(month), _number(day))
    except ValueError:
        return None


def _number(text: str) -> int:
    """A day or month in digits or Chinese numerals up to 三十一."""
    if text.isdecimal():
        return int(text)
    tens, _, ones = text.rpartition("十") if "十" in text else ("", "", text)
    value = (int(tens.translate(_DIGITS)) if tens else 1) * 10 if "十" in text else 0
    return value + (int(ones.translate(_DIGITS)) if ones else 0)
