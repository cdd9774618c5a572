"""Lives laid out as rows: the two tables that are committed, in the order of their codes."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from pipeline.agencies import names
from pipeline.agencies.extract.history import FIRST, Body, Spell
from pipeline.agencies.extract.lists import LATEST, TOWN_LISTS, corrections
from pipeline.agencies.extract.romanise import english

COUNTRY = "000000"
_CHINA = "中华人民共和国"

_YEARS = [(name, pa.int16()) for name in ("valid_from", "valid_to", "known_from", "known_to")]
REGIONS = pa.schema(
    [
        *((name, pa.string()) for name in ("region_code", "parent_code", "level", "kind", "name_zh", "name_en")),
        ("stem_length", pa.int8()),
        *((name, pa.string()) for name in ("area_code", "postcode_prefix")),
        *_YEARS,
        ("is_current", pa.bool_()),
        ("successor_code", pa.string()),
    ]
)
FORMER_NAMES = pa.schema(
    [
        *((name, pa.string()) for name in ("region_code", "code", "name_zh", "parent_code")),
        ("stem_length", pa.int8()),
        *_YEARS,
    ]
)


@dataclass(frozen=True)
class Lives:
    """All bodies: provinces, prefectures and counties; development zones; towns."""

    counties: list[Body]
    zones: list[Body]
    towns: list[Body]

    def all(self) -> list[Body]:
        """All of them, the upper levels first."""
        return [*self.counties, *self.zones, *self.towns]


def tables(lives: Lives, areas: dict[str, str]) -> tuple[pa.Table, pa.Table]:
    """`regions` and `former_names`; `areas` are the places that each telephone area code serves."""
    levels = {body: _level(body.last.code) for body in lives.counties}
    levels |= dict.fromkeys(lives.zones, "county") | dict.fromkeys(lives.towns, "township")
    current = {body for body in levels if _is_current(body)}
    codes = _region_codes(list(levels), current)
    places = {spell.code: body for body in lives.counties for spell in body.spells}
    zones = set(lives.zones)
    rows = [_country()]
    for body, level in levels.items():
        first, last = _years(body.spells[0]), _years(body.last)
        kind = names.kind_of(body.last.name, level)
        zone = kind is None or body in zones
        rows.append(
            {
                "region_code": codes[body],
                "parent_code": _parent(body.last, places, codes),
                "level": level,
                "kind": names.ZONE if kind is None or zone else kind.code,
                "name_zh": body.last.name,
                "name_en": english(body.last.name, level, zone=zone),
                "stem_length": len(names.stem(body.last.name, level)),
                "is_current": body in current,
                "successor_code": codes[body.successor] if body.successor else None,
                "postcode_prefix": ", ".join(corrections()["postcodes"].get(codes[body], [])) or None,
            }
            | {name: (first if name.endswith("from") else last)[name] for name in first}
        )
    served = _served(areas, [row for row in rows if row["is_current"]])
    for row in rows:
        if row["is_current"] and row["level"] != "township":
            row["area_code"] = served.get(row["region_code"]) or served.get(row["parent_code"])
    former = [
        {
            "region_code": codes[body],
            "code": spell.code,
            "name_zh": spell.name,
            "parent_code": _parent(spell, places, codes),
            "stem_length": len(names.stem(spell.name, level)),
        }
        | _years(spell)
        for body, level in levels.items()
        for spell in body.spells[:-1]
    ]
    rows.sort(key=lambda row: str(row["region_code"]))
    former.sort(key=lambda row: (str(row["region_code"]), row["known_to"], str(row["code"])))
    return pa.Table.from_pylist(rows, REGIONS), pa.Table.from_pylist(former, FORMER_NAMES)


def _country() -> dict[str, Any]:
    row: dict[str, Any] = {
        "region_code": COUNTRY,
        "parent_code": None,
        "level": "central",
        "kind": "country",
        "name_zh": _CHINA,
    }
    row |= {"name_en": "China", "stem_length": len(_CHINA), "is_current": True}
    return row | {"known_from": FIRST, "known_to": LATEST}


def _is_current(body: Body) -> bool:
    """Whether a body still stands: counties by the changes, towns and zones by the last list."""
    return body.seen[-1] == max(TOWN_LISTS) if body.last.parent else body.last.until is None


def _parent(spell: Spell, places: dict[str, Body], codes: dict[Body, str]) -> str:
    """Code of the region a body lay in at the time of a spell: the country, its province, prefecture or county."""
    if spell.parent:
        return codes[spell.parent]
    if _level(spell.code) == "province":
        return COUNTRY
    province = places[f"{spell.code[:2]}0000"]
    return codes[province if _level(spell.code) == "prefecture" else places.get(f"{spell.code[:4]}00", province)]


def _years(spell: Spell) -> dict[str, int | None]:
    years = (*spell.seen, spell.since, spell.until)
    known = [year for year in years if year and (spell.since or 0) <= year <= (spell.until or year)]
    return {
        "valid_from": spell.since,
        "valid_to": spell.until,
        "known_from": min(known, default=None),
        "known_to": max(known, default=None),
    }


def _level(code: str) -> str:
    return "province" if code.endswith("0000") else "prefecture" if code.endswith("00") else "county"


def _region_codes(bodies: list[Body], current: set[Body]) -> dict[Body, str]:
    """The code of each body: its last one; with the year in which it ended where another body has that code, too."""
    uses = Counter(body.last.code for body in bodies)
    codes = {
        body: body.last.code
        if body in current or uses[body.last.code] == 1
        else f"{body.last.code}-{_years(body.last)['known_to']}"
        for body in bodies
    }
    twice = [code for code, count in Counter(codes.values()).items() if count > 1]
    if twice:
        raise ValueError(f"Codes that name two bodies: {', '.join(twice)}")
    return codes


def _served(areas: dict[str, str], rows: list[dict[str, Any]]) -> dict[str, str]:
    """Region -> area code: from the places the phone library names, and the corrections; no prefecture lacks one."""
    provinces = {row["region_code"]: row["name_zh"] for row in rows if row["level"] == "province"}
    spellings: dict[str, str] = {}
    for row in rows:
        if row["level"] in ("province", "prefecture"):
            name, province = row["name_zh"], provinces[f"{row['region_code'][:2]}0000"]
            stem = names.stem(name, row["level"])
            for prefix in ("", province, names.stem(province, "province")):
                spellings |= dict.fromkeys((prefix + end for end in (name, stem, f"{stem}地区")), row["region_code"])
    served: dict[str, str] = {}
    for area, places in areas.items():
        for place in places.split("、"):
            if place in spellings:
                served.setdefault(spellings[place], area)
    for area, codes in corrections()["area_codes"].items():
        served |= dict.fromkeys(codes, area)
    lacking = [row["name_zh"] for row in rows if row["level"] == "prefecture" and row["region_code"] not in served]
    if lacking:
        raise ValueError(f"Prefectures without an area code: {', '.join(lacking)}")
    return served
