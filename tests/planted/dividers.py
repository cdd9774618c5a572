"""The same tables divided by other marks than tabs: what copying and conversion make of a report's text.

Each function takes a report in `tab_rows` or `page_broken` and a random source, and gives it back in its own layout.
"""

from collections.abc import Callable
from random import Random

Lines = list[str]


def _rows(text: str, write: Callable[[list[str]], Lines]) -> str:
    """The text with every tabbed line written anew; other lines stay."""
    return "\n".join(
        written for line in text.split("\n") for written in (write(line.split("\t")) if "\t" in line else [line])
    )


def pipes(text: str, random: Random) -> str:
    """`规章 | 0 | 0 | 0 |`: one pipe after every cell."""
    return _rows(text, lambda cells: [" | ".join(cells) + " |"])


def pipes_on_both_sides(text: str, random: Random) -> str:
    """`| 规章 | 0 | 0 | 0 |`."""
    return _rows(text, lambda cells: ["| " + " | ".join(cells) + " |"])


def ragged_pipes(text: str, random: Random) -> str:
    """Rows that end in one to four pipes, as if they had more cells."""
    return _rows(text, lambda cells: [" | ".join(cells) + " |" * random.randint(1, 4)])


def collapsed_pipes(text: str, random: Random) -> str:
    """No blanks between pipes: `规章 |2||| `."""
    return _rows(text, lambda cells: ["|".join(cells) + "| "])


def pipes_on_lines_of_their_own(text: str, random: Random) -> str:
    """Every cell and every pipe on a line of its own; blank cells leave two pipes below each other."""
    return _rows(text, lambda cells: [line for cell in cells for line in (cell, "|")])


def cells_with_a_pipe_on_lines(text: str, random: Random) -> str:
    """One cell a line, each ending in ` |`; blank cells are gone."""
    return _rows(text, lambda cells: [f"{cell} |" for cell in cells if cell])


def markdown(text: str, random: Random) -> str:
    """A Markdown table: a rule of dashes below each header row."""

    def write(cells: list[str]) -> Lines:
        row = "| " + " | ".join(cells) + " |"
        header = any("信息内容" in cell or "申请人情况" in cell for cell in cells)
        return [row, "|" + random.choice(["---|", ":---|", "---:|", " --- |"]) * len(cells)] if header else [row]

    return _rows(text, write)


def one_blank(text: str, random: Random) -> str:
    """A single blank between cells; blank cells are gone."""
    return _rows(text, lambda cells: [" ".join(cell for cell in cells if cell)])


def wide_blanks(text: str, random: Random) -> str:
    """Columns set apart by blanks of any kind and number."""
    return _rows(text, lambda cells: [random.choice(["  ", "    ", "\u3000", "\u00a0 "]).join(filter(None, cells))])


def lines_with_blank_lines(text: str, random: Random) -> str:
    """One cell a line with a blank line after each and no other mark; blank cells are gone."""
    return _rows(text, lambda cells: [line for cell in cells if cell for line in (cell, "")])


DIVIDERS = {
    divide.__name__: divide
    for divide in (
        pipes,
        pipes_on_both_sides,
        ragged_pipes,
        collapsed_pipes,
        pipes_on_lines_of_their_own,
        cells_with_a_pipe_on_lines,
        markdown,
        one_blank,
        wide_blanks,
        lines_with_blank_lines,
    )
}
SHOWS_BLANKS = {"pipes", "pipes_on_both_sides", "collapsed_pipes", "markdown"}
"""The layouts in which a blank cell leaves a trace and has a sure place."""

TRADITIONAL = str.maketrans(
    "规发废件处许强费单万数类书机关请业构组织服务总计办结转达办项财产处执复议诉讼维纠审",
    "規發廢件處許強費單萬數類書機關請業構組織服務總計辦結轉達辦項財產處執復議訴訟維糾審",
)


def traditional(text: str, random: Random) -> str:
    """Converted to traditional characters, readings inserted after some: `規(guī)章`."""
    text = text.translate(TRADITIONAL)
    for character, reading in (("規", "(guī)"), ("計", "(jì)"), ("業", "(yè)"), ("請", "(qǐng)")):
        if random.random() < 0.5:
            text = text.replace(character, character + reading)
    return text
