"""What the elements of a page do to the text in them, by their names and styles."""

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache

NOT_SHOWN = frozenset(
    ("script", "style", "noscript", "template", "object", "applet", "iframe", "xml", "rt", "rp", "datalist", "svg")
)
CELLS = frozenset(("td", "th"))
PARTS_OF_TABLES = frozenset(("thead", "tbody", "tfoot"))
TABLES = frozenset(("table", *PARTS_OF_TABLES))
PARAGRAPHS = frozenset(("p", "div", "li", "dd"))
"""Where a table is drawn without one, each of these is a cell: blank ones count."""
_TYPED = frozenset(("pre", "textarea", "xmp", "listing", "plaintext"))
_HEADINGS = frozenset(
    ("title", "h1", "h2", "h3", "h4", "h5", "h6", "caption", "legend", "summary", "figcaption", "center")
)
_LISTS = frozenset(("ul", "ol", "dl", "dt", "dir", "menu", "select", "option", "form", "fieldset", "details"))
_PARTS = frozenset(
    ("html", "head", "body", "main", "section", "article", "header", "footer", "nav", "aside", "address")
)
_LINES = frozenset(("br", "hr", "blockquote", "figure", "tr"))
BLOCKS = CELLS | TABLES | PARAGRAPHS | _TYPED | _HEADINGS | _LISTS | _PARTS | _LINES
"""What stands on lines of its own. Any other element is part of a line, also those that only Word knows."""
NO_STYLES: frozenset[str] = frozenset()
_HIDDEN = frozenset(("hidden",))
TAG_STYLES = {
    **dict.fromkeys(NOT_SHOWN, _HIDDEN),
    **dict.fromkeys(_TYPED, frozenset(("typed",))),
    **dict.fromkeys(("sup", "sub"), frozenset(("raised",))),
    **dict.fromkeys(("del", "s", "strike"), frozenset(("struck",))),
}
_STYLES = {
    "hidden": re.compile(r"display\s*:\s*none|mso-hide\s*:\s*all", re.IGNORECASE),
    "unseen": re.compile(r"visibility\s*:\s*(?:hidden|collapse)", re.IGNORECASE),
    "struck": re.compile(r"text-decoration[\w-]*\s*:[^;]*line-through", re.IGNORECASE),
    "raised": re.compile(r"vertical-align\s*:\s*(?:super|sub)", re.IGNORECASE),
    "typed": re.compile(r"white-space\s*:\s*(?:pre|break-spaces)", re.IGNORECASE),
}
WHITE = re.compile(r"[ \t\n\r\f]+")
_BROKEN = "⏎"
"""Stands where a line ends between two digits of a cell: they are not one number."""
LONGEST_CELL = 300
"""A cell of several lines and more letters than this is a part of the page, not of a table."""
_LONGEST_STYLE = 1000


def styles_of(tag: str, attributes: Mapping[str, str]) -> frozenset[str]:
    """What an element does to the text in it: `hidden`, `unseen`, `struck`, `raised`, `typed`."""
    style = attributes.get("style")
    found = _HIDDEN if "hidden" in attributes else TAG_STYLES.get(tag, NO_STYLES)
    return found | _of_style(style[:_LONGEST_STYLE], tag in BLOCKS) if style else found


@lru_cache(maxsize=4096)
def _of_style(style: str, is_block: bool) -> frozenset[str]:
    found = frozenset(name for name, pattern in _STYLES.items() if pattern.search(style))
    return found - {"raised"} if is_block else found  # only what is part of a line can be raised in it


def span(printed: str) -> int:
    """How many columns or rows an attribute says that a cell covers."""
    if printed == "1":
        return 1
    digits = printed.strip()
    return max(1, min(int(digits), 10**6)) if digits.isdecimal() and len(digits) < 9 else 1


def on_one_line(lines: Iterable[str]) -> str:
    """The lines of a cell as one."""
    whole = ""
    for line in lines:
        parted = _BROKEN if whole[-1:].isdigit() and line[:1].isdigit() else " "
        whole += (parted if whole else "") + WHITE.sub(" ", line)
    return whole
