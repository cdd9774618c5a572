"""How a printed label is compared with the form's: by its letters and digits alone.

Copies differ in blanks, brackets, quotation marks, dots and width, and lose numbers; none of that tells two labels
of the form apart. Everything that compares labels goes through `key` and `bare`.
"""

import re
import unicodedata
from functools import lru_cache

_ENUMERATOR = re.compile(r"(?:[一二三四五六七八九十]{1,2}|[0-9]{1,2})(?=\D)")


@lru_cache(maxsize=65536)
def key(text: str) -> str:
    """The letters and digits of `text`, half-width, nothing between them: `（三） 不予公开` -> `三不予公开`."""
    return "".join(filter(str.isalnum, unicodedata.normalize("NFKC", text)))


@lru_cache(maxsize=65536)
def bare(label_key: str) -> str:
    """A key without the number it begins with: `三不予公开` -> `不予公开`."""
    match = _ENUMERATOR.match(label_key)
    return label_key[match.end() :] if match else label_key
