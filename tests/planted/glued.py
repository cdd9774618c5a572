"""Reports that lost their separators, with the figures they had: realistic ones, many zeros, now and then large.

`figures` draws a report for which the form's arithmetic holds; `spoil` makes one printed number wrong, `blanked` takes
figures away; `glued` prints the report in one of `LAYOUTS`. A figure of None is a blank, which leaves no trace.
"""

from collections.abc import Mapping
from random import Random

from . import form
from .figures import Figures
from .form import Cell

LAYOUTS = ("row_a_line", "paragraphs", "one_line", "digits_only", "cell_a_line")

AGENCY = "示例县青石镇人民政府"
TITLE = "{}2023年政府信息公开工作年度报告"
OPENING = "本报告依照《中华人民共和国政府信息公开条例》编写，所列数据的统计期限为2023年1月1日至12月31日。"
HEADINGS = (
    "一、总体情况",
    "二、主动公开政府信息情况",
    "三、收到和处理政府信息公开申请情况",
    "四、政府信息公开行政复议、行政诉讼情况",
    "五、存在的主要问题及改进情况",
    "六、其他需要报告的事项",
)
NARRATIVE = {
    0: "全年收到申请数量{}件，规章、行政许可、行政处罚、行政强制等信息按时公开。",
    4: "栏目更新还不够快。下一年将定期核对栏目内容，及时补充，全年培训2次。",
    5: "没有其他事项需要说明。",
}
_PARTS = [outcome.code for outcome in form.OUTCOMES if outcome != form.TOTAL]
_PEOPLE = (form.NATURAL_PERSON, *form.ORGANISATIONS)
_SHARES = (0.80, 0.12, 0.02, 0.02, 0.02, 0.02)


def figures(edition: str, seed: int, *, requests: int | None = None) -> Figures:
    """Consistent figures of a report with up to 600 requests, or with just as many as asked for."""
    random = Random(seed)
    asked = requests if requests is not None else random.choice([0, 3, 12, 40, 120, 300, 600])
    number = random.randint(asked // 2, asked) if asked else 0
    return {**_proactive(edition, random), **_applications(edition, number, random), **_review(random)}


def _proactive(edition: str, random: Random) -> Figures:
    found: Figures = {}
    for cell in form.proactive_cells(edition):
        number = str(random.choice([0, 0, 0, random.randint(1, 9), random.randint(10, 3_000)]))
        if cell[2] == "items_change":
            number = random.choice(["0", number, f"-{number}" if number != "0" else "0", "+2"])
        if cell[2] == "amount":
            number = random.choice(["0", number, f"{number}.{random.randint(1, 99):02}"])
        found[cell] = number
    return found


def _applications(edition: str, requests: int, random: Random) -> Figures:
    """Each request is one person's and ends in one row; a few favourite rows take most of them."""
    leaves = [leaf.code for leaf in form.LEAVES[edition]]
    favourites = random.sample(leaves, random.randint(2, 7))
    weights = [random.expovariate(1) * (12 if leaf in favourites else random.choice([0, 0, 0.3])) for leaf in leaves]
    weights[0] += 5
    shares = [share * random.uniform(0.3, 2) for share in _SHARES]
    table = {item.code: [0] * len(_PEOPLE) for item in form.ITEMS[edition]}
    for _ in range(requests):
        table[random.choices(leaves, weights)[0]][random.choices(range(len(_PEOPLE)), shares)[0]] += 1
    for person in range(len(_PEOPLE)):
        processed = sum(table[leaf][person] for leaf in leaves)
        table["processed_total"][person] = processed
        carried_in = random.choice([0, 0, random.randint(0, max(processed // 15, 1))])
        table["carried_in"][person] = min(carried_in, processed)
        table["carried_out"][person] = random.choice(
            [0, 0, random.randint(0, max(requests // 20, 1) if processed else 0)]
        )
        table["received_new"][person] = processed + table["carried_out"][person] - table["carried_in"][person]
    return {
        ("applications", row, applicant.code): str(number)
        for row, numbers in table.items()
        for applicant, number in zip(form.APPLICANTS, [*numbers, sum(numbers)], strict=True)
    }


def _review(random: Random) -> Figures:
    found: Figures = {}
    for channel in form.CHANNEL_CODES:
        much = random.choice([0, 0, 0, 1, 3, 12, 40])
        parts = [random.choice([0, 0, random.randint(0, much)]) for _ in _PARTS]
        for code, number in zip([*_PARTS, form.TOTAL.code], [*parts, sum(parts)], strict=True):
            found["review_litigation", channel, code] = str(number)
    return found


def spoil(planted: Figures, random: Random) -> Figures:
    """One to three numbers of tables 3 and 4 printed otherwise than the arithmetic asks: a total, or any number."""
    totals = [cell for cell in planted if "total" in cell[1:] or cell[1] == "processed_total"]
    wrong = dict(planted)
    for _ in range(random.choice([1, 1, 2, 3])):
        cells = totals if random.random() < 0.6 else [cell for cell in planted if cell[0] != "proactive_disclosure"]
        cell = random.choice(cells)
        number = int(wrong[cell])
        wrong[cell] = str(
            random.choice([0, number + 1, max(number - 1, 0), number + 10, number * 10, random.randint(0, 2 * number)])
        )
    return wrong


def blanked(planted: Figures, random: Random) -> dict[Cell, str | None]:
    """Blanks as agencies leave them: zeros here and there, all zeros, one number, the totals, whole rows."""
    habit = random.choice(["some zeros", "all zeros", "a few zeros", "one", "totals", "rows", "zeros of a table"])
    rows = random.sample(sorted({cell[1] for cell in planted}), 3)
    table = random.choice(sorted({cell[0] for cell in planted}))
    chosen = set(random.sample(sorted(planted), random.randint(1, 2)))
    zeros = [cell for cell, number in planted.items() if number == "0"]
    few = set(random.sample(zeros, min(len(zeros), random.randint(1, 3))))
    blank = {
        "some zeros": lambda cell: planted[cell] == "0" and random.random() < 0.3,
        "all zeros": lambda cell: planted[cell] == "0",
        "a few zeros": lambda cell: cell in few,
        "one": lambda cell: cell in chosen,
        "totals": lambda cell: cell[2] == "total" and cell[1] != "processed_total",
        "rows": lambda cell: cell[1] in rows,
        "zeros of a table": lambda cell: cell[0] == table and planted[cell] == "0" and random.random() < 0.6,
    }[habit]
    return {cell: None if blank(cell) else number for cell, number in planted.items()}


def glued(layout: str, edition: str, planted: Mapping[Cell, str | None], *, agency: str = AGENCY) -> str:
    """The text of a whole report whose tables lost their separators."""
    if layout not in LAYOUTS:
        raise ValueError(f"no layout {layout!r}; there are {', '.join(LAYOUTS)}")
    tables = {1: _proactive_lines(edition, planted), 2: _application_lines(edition, planted), 3: _review_lines(planted)}
    paragraphs = [TITLE.format(agency), OPENING]
    for number, heading in enumerate(HEADINGS):
        paragraphs.append(heading)
        if number in tables:
            paragraphs += _written(layout, tables[number])
        if number in NARRATIVE:
            paragraphs.append(NARRATIVE[number].format(planted["applications", "received_new", "total"] or 0))
    return "".join(paragraphs) + "\n" if layout == "one_line" else "\n".join(paragraphs) + "\n"


def _written(layout: str, lines: list[tuple[str, str]]) -> list[str]:
    if layout in ("row_a_line", "one_line"):
        return [label + digits for label, digits in lines]
    if layout == "paragraphs":
        return ["".join(label + digits for label, digits in lines)]
    if layout == "digits_only":
        return [f"{label} {digits}".strip() for label, digits in lines]
    return [piece for label, digits in lines for piece in (*(f"\t{cell}" for cell in (label, digits) if cell), "")]


def _run(planted: Mapping[Cell, str | None], cells: list[Cell]) -> str:
    return "".join(planted[cell] or "" for cell in cells)


def _proactive_lines(edition: str, planted: Mapping[Cell, str | None]) -> list[tuple[str, str]]:
    lines = []
    for block in form.BLOCKS[edition]:
        lines.append((block.bar, ""))
        lines.append((form.INFORMATION + "".join(measure.label for measure in block.measures), ""))
        for subject in block.subjects:
            cells = [("proactive_disclosure", subject.code, measure.code) for measure in block.measures]
            lines.append((subject.label, _run(planted, cells)))
    return lines


def _application_lines(edition: str, planted: Mapping[Cell, str | None]) -> list[tuple[str, str]]:
    organisations = "".join(organisation.label for organisation in form.ORGANISATIONS)
    lines = [
        (form.IDENTITY_NOTE + form.APPLICANT_HEAD, ""),
        (form.NATURAL_PERSON.label + form.ORGANISATIONS_HEAD + form.TOTAL.label, ""),
        (organisations, ""),
    ]
    above: tuple[str, ...] = ()
    for item in form.ITEMS[edition]:
        heads = "".join(head for head in item.heads if head not in above)
        above = item.heads
        cells = [("applications", item.code, applicant.code) for applicant in form.APPLICANTS]
        lines.append((heads + item.label, _run(planted, cells)))
    return lines


def _review_lines(planted: Mapping[Cell, str | None]) -> list[tuple[str, str]]:
    outcomes = "".join(outcome.label for outcome in form.OUTCOMES)
    direct, after_review = (channel.label for channel in form.LITIGATION_CHANNELS)
    return [
        (form.REVIEW_HEAD + form.LITIGATION_HEAD, ""),
        (outcomes + direct + after_review, ""),
        (outcomes + outcomes, ""),
        ("", _run(planted, form.review_cells())),
    ]
