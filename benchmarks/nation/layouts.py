"""The text of a report with its figures left out, once for each layout and edition; filling one in takes microseconds.

The layouts are those of `tests.planted`: a report is rendered with a mark in every cell, and the marks become the
places of a `%` format. What a layout does at random is done otherwise in each of several templates.
"""

import re
from functools import cache
from random import Random

from tests.planted import form
from tests.planted.dividers import DIVIDERS
from tests.planted.render import LAYOUTS as RENDERED
from tests.planted.render import render

SHARES = {
    "tab_rows": 0.50,
    "one_cell_a_line": 0.20,
    "pipes": 0.08,
    "page_broken": 0.06,
    "pipes_on_both_sides": 0.05,
    "wide_blanks": 0.04,
    "markdown": 0.03,
    "collapsed_pipes": 0.02,
    "lines_with_blank_lines": 0.02,
}
"""The layouts, and how many of the reports are in each."""
VARIETIES = 5
"""Templates of each layout and edition."""
TITLE, OPENING, OVERVIEW, PROBLEMS, OTHER, BODY, DATE = "标题", "引言", "概述", "问题", "其他", "落款", "日期"
_MARK = re.compile("⟦(.+?)⟧")


@cache
def template(layout: str, edition: str, variety: int) -> str:
    """The text as a `%` format.

    Its places: title, opening, overview, every cell in the form's order, problems, other matters, name, date.
    """
    cells = form.cells(edition, edition)
    text = render(
        layout if layout in RENDERED else "tab_rows",
        edition,
        edition,
        {cell: f"⟦{number}⟧" for number, cell in enumerate(cells)},
        title=f"⟦{TITLE}⟧",
        opening=f"⟦{OPENING}⟧",
        narrative={1: f"⟦{OVERVIEW}⟧", 5: f"⟦{PROBLEMS}⟧", 6: f"⟦{OTHER}⟧"},
        signed_on=f"⟦{DATE}⟧",
        agency=f"⟦{BODY}⟧",
    )
    if layout in DIVIDERS:
        text = DIVIDERS[layout](text, Random(variety))
    order = [TITLE, OPENING, OVERVIEW, *map(str, range(len(cells))), PROBLEMS, OTHER, BODY, DATE]
    if _MARK.findall(text) != order:
        raise AssertionError(f"{layout} prints the cells of the form of {edition} in another order")
    return _MARK.sub("%s", text.replace("%", "%%"))
