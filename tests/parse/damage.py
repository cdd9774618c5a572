"""What happens to the text of a report on its way: each function does one kind of damage, at random places.

They know what a report looks like (`render`), not how it is read. Local rows and page numbers print figures that
no planted cell has, so a cell that takes one up is a wrong number.
"""

import re
from random import Random

from tests.planted import form
from tests.planted.render import HEADINGS

Lines = list[str]

_BLOCKS = [block for blocks in form.BLOCKS.values() for block in blocks]
_ITEMS = [item for items in form.ITEMS.values() for item in items]
ROW_LABELS = {labelled.label for labelled in (*_ITEMS, *(subject for block in _BLOCKS for subject in block.subjects))}
LABELS = sorted(
    ROW_LABELS
    | {block.bar for block in _BLOCKS}
    | {measure.label for block in _BLOCKS for measure in block.measures}
    | {head for item in _ITEMS for head in item.heads}
    | {labelled.label for labelled in (*form.APPLICANTS, *form.OUTCOMES, *form.LITIGATION_CHANNELS)}
    | {form.REVIEW_HEAD, form.LITIGATION_HEAD, form.APPLICANT_HEAD, form.ORGANISATIONS_HEAD}
)
LOCAL_ROWS = ["其他主动公开文件", "其中：涉企文件", "转交办理", "行政确认", "行政检查", "小计", "本年其他申请", "其他"]
PAGE_NUMBERS = ["- 3 -", "—4—", "4", "第 4 页", "第4页 共9页", "-5-"]
NO_FIGURES = ["本单位未制作规章", "无此项", "不适用", "见附件"]
UNPLANTED = (1_000_000, 9_999_999)
"""Longer than any planted figure."""

_LETTER = re.compile(r"[\u4e00-\u9fff]")
_FIGURE = re.compile(r"-?\d+(?:\.\d+)?")
_FILLERS = "公开信息其他申请处理不予总计结果一二三属于的了行政"


def _table_lines(lines: Lines) -> list[int]:
    return [number for number, line in enumerate(lines) if "\t" in line]


def _one_cell_a_line(lines: Lines) -> bool:
    return sum(line.startswith("\t") and line.count("\t") == 1 for line in lines) > 100


def _between_rows(lines: Lines) -> list[int]:
    """Where a printed row of a table ends and something else may stand before the next one."""
    tables = _table_lines(lines)
    return [number for number in tables if not lines[number - 1]] if _one_cell_a_line(lines) else tables


def page_numbers(lines: Lines, random: Random) -> Lines:
    lines = [*lines]
    for _ in range(random.randint(1, 4)):
        at = random.choice(_between_rows(lines))
        lines[at:at] = [*random.choice([[], [""]]), random.choice(PAGE_NUMBERS), *random.choice([[], [""]])]
    return lines


def page_numbers_inside_rows(lines: Lines, random: Random) -> Lines:
    lines = [*lines]
    for _ in range(random.randint(1, 3)):
        at = random.choice(_table_lines(lines))
        lines[at:at] = [random.choice(PAGE_NUMBERS)]
    return lines


def local_rows(lines: Lines, random: Random) -> Lines:
    lines = [*lines]
    for _ in range(random.randint(1, 2)):
        label = random.choice(LOCAL_ROWS)
        row = [label, *(str(random.randint(*UNPLANTED)) for _ in range(random.choice([1, 2, 3, 3, 7, 7])))]
        at = random.choice(_between_rows(lines))
        lines[at:at] = [*(f"\t{cell}" for cell in row), ""] if _one_cell_a_line(lines) else ["\t".join(row)]
    return lines


def unit_cells(lines: Lines, random: Random) -> Lines:
    """A cell with the unit between label and figures, as in a table with a column 单位."""
    end = "\n\t件" if _one_cell_a_line(lines) else "\t件"
    text = "\n".join("\t".join(cell + end * (cell in ROW_LABELS) for cell in line.split("\t")) for line in lines)
    return text.split("\n")


def words_for_figures(lines: Lines, random: Random) -> Lines:
    lines = [*lines]
    for _ in range(random.randint(1, 3)):
        at = random.choice(_table_lines(lines))
        lines[at] = _FIGURE.sub(lambda _: random.choice(NO_FIGURES), lines[at], count=1)
    return lines


def labels_quoted_before(lines: Lines, random: Random) -> Lines:
    return _quoted(lines, random, range(1, _table_lines(lines)[0]))


def labels_quoted_after(lines: Lines, random: Random) -> Lines:
    return _quoted(lines, random, range(_table_lines(lines)[-1] + 2, len(lines)))


def _quoted(lines: Lines, random: Random, ground: range) -> Lines:
    lines = [*lines]
    for _ in range(random.randint(1, 8)):
        label = random.choice(LABELS)
        at = random.choice(ground)
        lines[at:at] = random.choice([[label], ["", label, ""], [label + str(random.randint(*UNPLANTED))]])
    return lines


def contents_before(lines: Lines, random: Random) -> Lines:
    ends = random.choice(["", "\t{}", "......{}", " {}"])
    contents = [title + ends.format(page) for page, title in enumerate(HEADINGS.values(), start=1)]
    return [lines[0], "", "目录", "", *contents, "", *lines[1:]]


def header_on_each_page(lines: Lines, random: Random) -> Lines:
    """The header of table 3 again at two or three places between its rows."""
    begin = next(number for number, line in enumerate(lines) if "\t" in line and form.APPLICANT_HEAD in line)
    end = next(number for number, line in enumerate(lines) if "\t" in line and "本年新收" in line)
    last = next(number for number, line in enumerate(lines) if "\t" in line and "结转下年度" in line)
    header = lines[begin:end]
    places = [number for number in _between_rows(lines) if end < number <= last]
    lines = [*lines]
    for at in sorted(random.sample(places, random.randint(1, 3)), reverse=True):
        lines[at:at] = header
    return lines


def damaged_labels(lines: Lines, random: Random) -> Lines:
    """One to three letters of some labels deleted, replaced or added."""
    lines = [*lines]
    labelled = [number for number in _table_lines(lines) if _LETTER.search(lines[number])]
    for at in random.sample(labelled, random.randint(1, 4)):
        for _ in range(random.randint(1, 3)):
            letters = [match.start() for match in _LETTER.finditer(lines[at])]
            if letters:
                place = random.choice(letters)
                new, gone = random.choice([("", 1), (random.choice(_FILLERS), 1), (random.choice(_FILLERS), 0)])
                lines[at] = lines[at][:place] + new + lines[at][place + gone :]
    return lines


def broken_labels(lines: Lines, random: Random) -> Lines:
    """Labels cut in two by a blank, a tab or the end of a line."""
    lines = [*lines]
    labelled = [number for number in _table_lines(lines) if re.search(r"[\u4e00-\u9fff]{2}", lines[number])]
    for at in random.sample(labelled, random.randint(1, 4)):
        letters = [match.end() for match in re.finditer(r"[\u4e00-\u9fff](?=[\u4e00-\u9fff])", lines[at])]
        place = random.choice(letters)
        lines[at] = lines[at][:place] + random.choice([" ", "\t", "\n", "\n\t", "\n\n\t"]) + lines[at][place:]
    return "\n".join(lines).split("\n")


def lost_labels(lines: Lines, random: Random) -> Lines:
    """Labels gone, their cell left empty or gone with them."""
    lines = [*lines]
    labelled = [number for number in _table_lines(lines) if _LETTER.search(lines[number])]
    for at in random.sample(labelled, random.randint(1, 2)):
        cells = lines[at].split("\t")
        place = random.choice([number for number, cell in enumerate(cells) if _LETTER.search(cell)])
        cells[place : place + 1] = random.choice([[], [""]])
        lines[at] = "\t".join(cells)
    return lines


def lost_lines(lines: Lines, random: Random) -> Lines:
    gone = set(random.sample(_table_lines(lines), random.randint(1, 2)))
    return [line for number, line in enumerate(lines) if number not in gone]


def doubled_lines(lines: Lines, random: Random) -> Lines:
    at = random.choice(_table_lines(lines))
    return [*lines[:at], lines[at], *lines[at:]]


def blank_lines_lost_or_doubled(lines: Lines, random: Random) -> Lines:
    share = random.random() / 2
    kept = (line for line in lines if line.strip() or "\t" in line or random.random() >= share)
    return [copy for line in kept for copy in [line] * (1 + (not line and random.random() < share))]


def doubled_tabs(lines: Lines, random: Random) -> Lines:
    lines = [*lines]
    for at in random.sample(_table_lines(lines), random.randint(1, 4)):
        place = random.choice([match.start() for match in re.finditer("\t", lines[at])])
        lines[at] = lines[at][:place] + "\t" + lines[at][place:]
    return lines


def lost_separators(lines: Lines, random: Random) -> Lines:
    """Tabs gone, so that a label and a figure, or two figures, are one."""
    lines = [*lines]
    for at in random.sample(_table_lines(lines), random.randint(1, 3)):
        place = random.choice([match.start() for match in re.finditer("\t", lines[at])])
        lines[at] = lines[at][:place] + lines[at][place + 1 :]
    return lines


def split_figures(lines: Lines, random: Random) -> Lines:
    """A number of two digits or more cut in two by a blank or by the separator of cells."""
    lines = [*lines]
    for _ in range(random.randint(1, 2)):
        places = [number for number in _table_lines(lines) if re.search(r"\d\d", lines[number])]
        if not places:
            return lines
        at = random.choice(places)
        place = random.choice([match.end() for match in re.finditer(r"\d(?=\d)", lines[at])])
        cut = "\n\t" if lines[at].startswith("\t") and lines[at].count("\t") == 1 else "\t"
        lines[at : at + 1] = (lines[at][:place] + random.choice([" ", cut]) + lines[at][place:]).split("\n")
    return lines


def cut_off(lines: Lines, random: Random) -> Lines:
    return lines[: random.randint(1, len(lines))]


DAMAGES = (
    page_numbers,
    page_numbers_inside_rows,
    local_rows,
    unit_cells,
    words_for_figures,
    labels_quoted_before,
    labels_quoted_after,
    contents_before,
    header_on_each_page,
    damaged_labels,
    broken_labels,
    lost_labels,
    lost_lines,
    doubled_lines,
    blank_lines_lost_or_doubled,
    doubled_tabs,
    lost_separators,
    split_figures,
    cut_off,
)
