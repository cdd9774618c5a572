"""How a printed label is compared with the form's: by its letters and digits alone.

Copies differ in blanks, brackets, quotation marks, dots and width, lose numbers, are converted to traditional
characters or carry readings (`規(guī)章`); none of that tells two labels of the form apart. Everything that compares
labels goes through `key` and `bare`.
"""

import re
import tomllib
import unicodedata
from functools import lru_cache
from importlib.resources import files

_ENUMERATOR = re.compile(r"(?:[一二三四五六七八九十]{1,2}|[0-9]{1,2})(?=\D)")


_READING = re.compile(r"\([a-zA-Z\u00c0-\u024f]+\)")
_CHARACTERS = tomllib.loads(files("pipeline.forms").joinpath("characters.toml").read_text("utf-8"))
_SIMPLIFIED = str.maketrans(_CHARACTERS["traditional"], _CHARACTERS["simplified"])
_TRADITIONAL = re.compile(f"[{_CHARACTERS['traditional']}]")


def simplify(text: str) -> str:
    """A text in simplified characters without inserted readings, as far as labels, titles and dates need it."""
    text = text.translate(_SIMPLIFIED) if _TRADITIONAL.search(text) else text
    return _READING.sub("", text) if "(" in text else text


@lru_cache(maxsize=8192)
def key(text: str) -> str:
    """The letters and digits of `text`, simplified and half-width: `（三） 不予公開` -> `三不予公开`."""
    return "".join(filter(str.isalnum, simplify(unicodedata.normalize("NFKC", text))))


@lru_cache(maxsize=8192)
def bare(label_key: str) -> str:
    """A key without the number it begins with: `三不予公开` -> `不予公开`."""
    match = _ENUMERATOR.match(label_key)
    return label_key[match.end() :] if match else label_key
