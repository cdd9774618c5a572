"""Blank cells, lost rows and damaged text: a figure may be given up, but it is never put into another cell."""

import os
from collections import Counter
from random import Random

import pytest

from pipeline.readers import Refused
from tests.parse.comparison import EDITION_PAIRS, LAYOUTS, ODD, cells, mismatches, read, row, without, wrong_numbers
from tests.parse.damage import DAMAGES, split_figures
from tests.planted import form
from tests.planted.dividers import ragged_pipes
from tests.planted.figures import distinct
from tests.planted.render import render, table_text

APPLICANTS = [applicant.code for applicant in form.APPLICANTS]

SEEDS = range(int(os.environ.get("GONGKAI_SEEDS", "12")))
"""Reports made up for each layout and kind of damage. `GONGKAI_SEEDS=1000` is a hunt of an hour's quarter."""


def with_blanks(figures, random):
    """Some cells of one row, of some rows or of all rows blanked."""
    rows = sorted({keys[:2] for keys in figures})
    chosen = set(random.sample(rows, random.choice([1, 2, 5, len(rows)])))
    share = random.choice([0.2, 0.5, 0.9, 1])
    return {
        keys: None if keys[:2] in chosen and random.random() < share else figure for keys, figure in figures.items()
    }


def made_up(layout, seed, *, blanks):
    """A report with an oddity of its own, and its figures."""
    random = Random(seed)
    edition_t2, edition_t3 = random.choice(EDITION_PAIRS)
    oddity = ODD[random.choice([*ODD])]
    figures = distinct(edition_t2, edition_t3, seed)
    if blanks:
        figures = with_blanks(figures, random)
    return render(layout, edition_t2, edition_t3, figures, **oddity), figures, random


def judged(text, figures):
    """Wrong numbers of a text, and the states of its cells; a text that is refused has none."""
    try:
        reading = read(text)
    except Refused:
        return [], Counter()
    return wrong_numbers(reading, figures), Counter(cell.figure.state for cell in cells(reading).values())


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("oddity", ODD)
def test_blanks_stay_where_they_are_or_are_unreadable(layout, oddity):
    states = Counter()
    for seed in SEEDS:
        random = Random(seed)
        edition_t2, edition_t3 = random.choice(EDITION_PAIRS)
        figures = with_blanks(distinct(edition_t2, edition_t3, seed), random)
        printed = without(figures, rows=tuple(ODD[oddity].get("missing", ())))
        reading = read(render(layout, edition_t2, edition_t3, figures, **ODD[oddity]))
        assert wrong_numbers(reading, printed) == []
        for keys, cell in cells(reading).items():
            states[cell.figure.state] += 1
            if cell.figure.state == "unreadable":
                assert cell.text == " ".join(
                    filter(None, (printed[other] or "" for other in printed if other[:2] == keys[:2]))
                )
            elif keys in printed:
                assert cell.figure.state == ("blank" if printed[keys] is None else "number")
            else:
                assert cell.figure.state == "lost"
    print(f"{layout} {oddity}: {states['unreadable']} of {states.total()} cells unreadable")


DAMAGED = [(damage, blanks) for damage in DAMAGES for blanks in (False, True)]
DAMAGED.remove((split_figures, True))
"""A figure cut in two beside a blank is left out: only the arithmetic can tell it from two figures."""


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize(
    ("damage", "blanks"), DAMAGED, ids=[f"{d.__name__}-{'with_blanks' if b else 'complete'}" for d, b in DAMAGED]
)
def test_damage_never_makes_a_wrong_number(damage, layout, blanks):
    wrong, states = {}, Counter()
    for seed in SEEDS:
        text, figures, random = made_up(layout, seed, blanks=blanks)
        found, seen = judged("\n".join(damage(text.split("\n"), random)), figures)
        states += seen
        if found:
            wrong[seed] = found
    print(f"{damage.__name__} {layout}: {states['unreadable']} of {states.total()} cells unreadable")
    assert wrong == {}


SEPARATED = [
    ("denied_statutory_bar", {"natural_person", "company", "total"}),
    ("denied_internal_affairs", {"company", "total"}),
    ("processed_total", {"natural_person", "research", "nonprofit"}),
    ("carried_out", {"nonprofit", "legal_service", "other_org"}),
]


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize(("code", "blanks"), SEPARATED, ids=[code for code, _ in SEPARATED])
def test_no_single_separator_lost_or_doubled_moves_a_figure(layout, code, blanks):
    """A separator is a tab, and with one cell a line the whole line of a cell: doubled, it prints its figure twice."""
    figures = distinct("2021", "2021", 3)
    figures |= {("applications", code, column): None for column in blanks}
    text = render(layout, "2021", "2021", figures)
    last = next(figure for keys, figure in reversed(figures.items()) if keys[1] == code and figure)
    line = next(line for line in text.split("\n") if line.split("\t")[-1] == last or f"\t{last}\t" in line)
    if layout == "one_cell_a_line":
        block = next(block for block in text.split("\n\n") if f"{line}\n" in f"{block}\n")
        cells_of_row = block.split("\n")
        damaged = [
            "\n".join([*cells_of_row[:at], *[cells_of_row[at]] * times, *cells_of_row[at + 1 :]])
            for at in range(1, len(cells_of_row))
            for times in (0, 2)
        ]
        line = block
    else:
        places = [place for place, character in enumerate(line) if character == "\t"]
        damaged = [line[:place] + tabs + line[place + 1 :] for place in places for tabs in ("", "\t\t")]
    assert text.count(line) == 1
    wrong = {row: found for row in damaged if (found := wrong_numbers(read(text.replace(line, row)), figures))}
    assert wrong == {}


@pytest.mark.parametrize("layout", ["tab_rows", "page_broken"])
def test_two_rows_of_a_kind_that_gained_the_same_tab_do_not_vouch_for_each_other(layout):
    figures = distinct("2021", "2021")
    damaged = ("denied_state_secret", "denied_statutory_bar")
    figures |= {("applications", code, "natural_person"): None for code in damaged}
    text = render(layout, "2021", "2021", figures)
    for code in damaged:
        beside = f"\t{figures['applications', code, 'company']}\t"
        assert text.count(beside) == 1
        text = text.replace(beside, f"{beside}\t")
    reading = read(text)
    assert wrong_numbers(reading, figures) == []
    for code in damaged:
        assert {cell.figure.state for cell in row(reading, "applications", code)} == {"unreadable"}


@pytest.mark.parametrize("doubled", ["received_new", "coercion"])
def test_a_figure_printed_on_two_lines_does_not_fill_a_blank(doubled):
    figures = distinct("2019", "2019")
    mine = [keys for keys in figures if keys[1] == doubled]
    figures |= {mine[0]: None, mine[1]: "-77" if doubled == "coercion" else "77"}
    text = render("one_cell_a_line", "2019", "2019", figures)
    line = f"\t{figures[mine[1]]}\n"
    assert text.count(line) == 1
    reading = read(text.replace(line, line * 2))
    assert wrong_numbers(reading, figures) == []


@pytest.mark.parametrize("edition", ["2019", "2021"])
def test_one_cell_a_line_the_blanks_of_rows_alike_are_sure(edition):
    """No rows of their kind stand beside （七） and 四; three or four alike in the table are witnesses enough."""
    figures = distinct(edition, edition)
    for code in ("processed_total", "carried_out"):
        figures |= {("applications", code, column): None for column in ("natural_person", "research", "total")}
    assert mismatches(read(render("one_cell_a_line", edition, edition, figures)), figures) == []


def test_the_blanks_between_the_first_and_the_last_figure_of_a_lone_row_are_sure():
    figures = distinct("2021", "2021")
    slid = {"shifted": {"processed_total": (0, 0)}}
    inner = figures | {("applications", "processed_total", "research"): None}
    assert mismatches(read(render("one_cell_a_line", "2021", "2021", inner, **slid)), inner) == []
    outer = figures | {("applications", "processed_total", "natural_person"): None}
    states = {
        cell.figure.state
        for cell in row(
            read(render("one_cell_a_line", "2021", "2021", outer, **slid)), "applications", "processed_total"
        )
    }
    assert states == {"unreadable"}


def test_figures_alike_side_by_side_hide_no_blank_where_rows_end_anyhow():
    """Rows that end in one to four pipes: two of a kind are often one cell apart, and no line is printed twice."""
    for seed in SEEDS:
        random = Random(seed)
        edition_t2, edition_t3 = random.choice(EDITION_PAIRS)
        figures = {keys: random.choice(["31", "8"]) for keys in distinct(edition_t2, edition_t3)}
        text = ragged_pipes(render("tab_rows", edition_t2, edition_t3, figures), random)
        assert mismatches(read(text), figures) == []


@pytest.mark.parametrize("ends", [[1, 2, 2, 3, 4, 1, 3, 4], [4, 1, 1, 2, 3, 4, 2, 3]])
def test_rows_that_end_anyhow_do_not_vouch_for_a_row_as_wide_as_its_neighbour(ends):
    """Eight rows of a kind end in one to four pipes; the second has lost one, and is as wide as the third by chance."""
    printed = dict(zip(APPLICANTS, [None, "11", "22", "33", "44", "55", None], strict=True))
    figures = distinct("2021", "2021")
    figures |= {("applications", "denied_statutory_bar", code): figure for code, figure in printed.items()}
    lines = render("tab_rows", "2021", "2021", figures).split("\n")
    first = next(number for number, line in enumerate(lines) if "1.属于国家秘密" in line)
    ends = dict(enumerate(ends, start=first)) | {first + 1: ends[2] + 1}
    text = "\n".join(
        " | ".join(line.split("\t")) + " |" * ends.get(number, 1 + number % 4) if "\t" in line else line
        for number, line in enumerate(lines)
    )
    assert text.count("11 | 22") == 1
    reading = read(text.replace("11 | 22", "1122"))
    assert wrong_numbers(reading, figures) == []
    assert {cell.figure.state for cell in row(reading, "applications", "denied_statutory_bar")} == {"unreadable"}


def test_a_figure_cut_in_two_beside_a_blank_does_not_fill_it():
    """The row then has a cell more than the others of its sheet, and the same digit twice, side by side."""
    blank, beside = (("applications", "received_new", code) for code in ("natural_person", "company"))
    figures = distinct("2019", "2019") | {blank: None, beside: "55"}
    text = render("tab_rows", "2019", "2019", figures)
    assert text.count("\t55\t") == 1
    reading = read(text.replace("\t55\t", "\t5\t5\t"))
    assert wrong_numbers(reading, figures) == []
    assert {cell.figure.state for cell in row(reading, "applications", "received_new")} == {"unreadable"}


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("code", ["normdocs", "charges", "received_new", "unable_unclear", "other_misc", "carried_out"])
def test_a_row_that_is_not_printed_is_lost_and_the_others_are_whole(layout, code):
    figures = distinct("2021", "2021")
    reading = read(render(layout, "2021", "2021", figures, missing=(code,)))
    assert mismatches(reading, without(figures, rows=(code,))) == []
    assert code in {note.row for note in reading.notes if note.rule == "T2"}


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("edition", ["2019", "2021"])
def test_a_whole_table_of_blanks_is_blank(layout, edition):
    figures = dict.fromkeys(distinct(edition, edition))
    reading = read(render(layout, edition, edition, figures))
    states = Counter(cell.figure.state for cell in cells(reading).values())
    assert set(states) <= {"blank", "unreadable"}
    assert states["blank"] > 0


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("number", ["- 3 -", "4", "第 4 页"])
def test_a_page_number_after_a_row_with_a_blank_is_not_its_last_figure(layout, number):
    figures = distinct("2021", "2021") | {
        ("applications", "carried_out", "research"): None,
        ("review_litigation", "review", "corrected"): None,
    }
    text = render(layout, "2021", "2021", figures)
    for table in ("applications", "review_litigation"):
        printed = table_text(layout, table, "2021", figures)
        text = text.replace(printed, f"{printed}\n\n{number}\n\n")
    assert wrong_numbers(read(text), figures) == []


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("gone", [True, False], ids=["blank", "printed"])
def test_a_local_row_is_no_row_of_the_form(layout, gone):
    figures = distinct("2021", "2021")
    figures |= {keys: None for keys in figures if keys[1] == "normdocs" and gone}
    text = render(layout, "2021", "2021", figures)
    bar = "\t第二十条第（五）项" if layout == "one_cell_a_line" else "第二十条第（五）项"
    local = "\t其他主动公开文件\n\t5\n\t6\n\t7\n\n" if layout == "one_cell_a_line" else "其他主动公开文件\t5\t6\t7\n"
    assert text.count(bar) == 1
    reading = read(text.replace(bar, local + bar))
    assert wrong_numbers(reading, figures) == []
    if not gone:
        assert mismatches(reading, figures) == []
        assert "T6" in {note.rule for note in reading.notes}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_words_in_the_place_of_a_figure_are_kept_as_words(layout):
    figures = distinct("2021", "2021")
    place = ("proactive_disclosure", "rules", "issued")
    reading = read(render(layout, "2021", "2021", figures | {place: "本单位未制作规章"}))
    assert cells(reading)[place][:2] == (("text", None, None), "本单位未制作规章")
    others = {keys: figure for keys, figure in figures.items() if keys != place}
    assert len(mismatches(reading, others)) == 1


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("printed", ["1 2", "007", "1,13"])
def test_a_figure_that_is_not_certain_is_unreadable_and_the_others_stay(layout, printed):
    figures = distinct("2021", "2021")
    place = ("applications", "received_new", "company")
    reading = read(render(layout, "2021", "2021", figures | {place: printed}))
    assert cells(reading)[place][:2] == (("unreadable", None, None), printed)
    others = {keys: figure for keys, figure in figures.items() if keys != place}
    assert len(mismatches(reading, others)) == 1


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("cut", ["\n", "\n\n", "\n\t", "\n\n\t"])
@pytest.mark.parametrize("stuck", ["17", "１０１２１ ５２３"])
def test_a_figure_that_sticks_to_a_later_line_of_its_label_leaves_no_blank_row(layout, cut, stuck):
    label, code = "5.要求行政机关确认或重新出具已获取信息", "rejected_confirm_reissue"
    printed = f"{label[:-4]}@{label[-4:]}{stuck}"
    figures = distinct("2021", "2021")
    blank = figures | dict.fromkeys(keys for keys in figures if keys[1] == code)
    text = render(layout, "2021", "2021", blank, labels={label: printed})
    reading = read(text.replace("@", cut))
    assert {cell.figure.state for cell in row(reading, "applications", code)} == {"unreadable"}
    assert wrong_numbers(reading, blank) == []


def figures_first(layout, text):
    """Every row's figures on the line above its label, as one tool prints cells that are centred vertically."""
    if layout == "one_cell_a_line":
        blocks = [block.split("\n") for block in text.split("\n\n")]
        return "\n\n".join("\n".join(sorted(block, key=lambda line: not line.strip().isdigit())) for block in blocks)
    lines = []
    for line in text.split("\n"):
        filled = [cell for cell in line.split("\t") if cell]
        labels = [cell for cell in filled if not cell.replace(".", "").isdigit()]
        numbers = filled[len(labels) :]
        lines += ["\t" + "\t".join(numbers), "\t".join(labels)] if labels and numbers else [line]
    return "\n".join(lines)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_figures_above_their_labels_do_not_slip_into_the_row_before(layout):
    figures = distinct("2021", "2021")
    text = render(layout, "2021", "2021", figures)
    moved = figures_first(layout, text)
    assert moved != text
    assert wrong_numbers(read(moved), figures) == []


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("edition", ["2019", "2021"])
@pytest.mark.parametrize("gone", ["received_new", "carried_out"])
def test_the_tables_of_two_years_are_not_mixed(layout, edition, gone):
    """A report that repeats last year's table 3: its own lacks a row, and last year's cannot lend it one."""
    last_year, this_year = distinct(edition, edition, seed=1), distinct(edition, edition, seed=2)
    text = render(layout, edition, edition, this_year, missing=(gone,))
    own = table_text(layout, "applications", edition, this_year, missing=(gone,))
    other = "processed_total" if gone == "carried_out" else "carried_in"
    before = table_text(layout, "applications", edition, last_year, missing=(other,))
    reading = read(text.replace(own, f"{before}\n\n本年度：\n\n{own}"))
    wrong_this_year = {line.split("/")[1] for line in wrong_numbers(reading, this_year)}
    wrong_last_year = {line.split("/")[1] for line in wrong_numbers(reading, last_year) if "applications" in line}
    assert reading.edition("applications") in (None, edition)
    assert wrong_this_year == set() or wrong_last_year == set()


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_row_printed_twice_with_different_figures_is_not_chosen_between(layout):
    figures = distinct("2019", "2019")
    twice = {"其他对外管理服务事项": "行政许可"}
    reading = read(render(layout, "2019", "2019", figures, labels=twice))
    assert wrong_numbers(reading, figures) == []


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_row_under_a_header_without_figures_is_not_called_blank(layout):
    """Table 4 printed down to its header: nothing says that its figures were blank."""
    figures = distinct("2021", "2021")
    text = render(layout, "2021", "2021", figures)
    printed = table_text(layout, "review_litigation", "2021", figures)
    cut = "\n\n".join(printed.split("\n\n")[:3]) if layout == "one_cell_a_line" else "\n".join(printed.split("\n")[:-1])
    reading = read(text.replace(printed, cut + "\n"))
    assert {cell.figure.state for cell in row(reading, "review_litigation", "review")} <= {"lost", "unreadable"}
