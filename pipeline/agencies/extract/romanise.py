"""Names in Latin letters: pinyin of the stem, and English for what the place is."""

import importlib
import re
import tomllib
from functools import lru_cache
from importlib.resources import files

from pipeline.agencies import names


def english(name: str, level: str, *, zone: bool = False) -> str:
    """A name in English: `孟村回族自治县` is Mengcun Hui Autonomous County. A zone is no division whatever its name."""
    known = _source()["english"].get(name)
    if known:
        return known
    stem, peoples, _ = names.split(name, level)
    kind = names.kind_of(name, level)
    if kind is None or zone:
        word, what = next(((w, e) for w, e in _source()["zones"].items() if name.endswith(w) and name != w), ("", ""))
        return " ".join(filter(None, [_pinyin(name, len(name) - len(word)), what]))
    if stem == name and name not in kind.suffixes:  # 易县, 东街道: one character alone is no stem, but is read alone
        stem = name.removesuffix(next(suffix for suffix in kind.suffixes if name.endswith(suffix)))
    return " ".join([_pinyin(name, len(stem)), *_peoples(peoples), *([kind.en] if kind.en else [])])


def _peoples(text: str) -> list[str]:
    """`藏族羌族` is Tibetan and Qiang; no people is no word."""
    found = [names.peoples()[people] for people in re.findall("|".join(names.peoples()), text)]
    return [" and ".join([", ".join(found[:-1])] * (len(found) > 1) + found[-1:])] if found else []


def _pinyin(name: str, length: int) -> str:
    """The first characters of a name as one word without tones, an apostrophe before a vowel that opens a syllable.

    They are read within the whole name: 单 is shan in 单县.
    """
    syllables = _syllables(name)
    syllables = syllables[:length] if len(syllables) == len(name) else _syllables(name[:length])
    joined = "".join(f"'{s}" if number and s[:1] in "aoe" else s for number, s in enumerate(syllables))
    return joined[:1].upper() + joined[1:]


def _syllables(text: str) -> list[str]:
    readings = _source()["readings"]
    for known in sorted(readings, key=len, reverse=True):
        before, found, after = text.partition(known)
        if found:
            return [*_syllables(before), *readings[known].split(), *_syllables(after)]
    read = importlib.import_module("pypinyin").lazy_pinyin
    spoken: list[str] = read(text, v_to_u=True) if text else []
    characters = _source()["characters"]
    if len(spoken) != len(text):
        return spoken
    return [characters.get(character, syllable) for character, syllable in zip(text, spoken, strict=True)]


@lru_cache(maxsize=1)
def _source() -> dict[str, dict[str, str]]:
    return tomllib.loads(files("pipeline.agencies.extract").joinpath("pinyin.toml").read_text("utf-8"))
