"""Pages for people: one file each, nothing from a network, in Chinese and English, readable on A4.

What belongs here: templates (`*.html.j2`, all on `base.html.j2`) and the functions that gather what they show.
Everything a report says is escaped: a report cannot bring its own markup or script into a page.
"""

from functools import lru_cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined


@lru_cache(maxsize=1)
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("pipeline.pages", "."),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def render(template: str, **shown: Any) -> str:
    """The page that a template makes of what it is to show."""
    return _environment().get_template(f"{template}.html.j2").render(**shown)
