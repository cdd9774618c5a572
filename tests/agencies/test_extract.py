"""How the divisions were extracted: lives through lists, and the same bytes from the same packages."""

import os
from pathlib import Path

import pytest

from pipeline.agencies.extract.__main__ import extract
from pipeline.agencies.extract.history import Body, HistoryError, Spell, lives
from pipeline.agencies.extract.towns import Entry, follow

CARRIED = Path(__file__).resolve().parents[2] / "pipeline" / "agencies"
SOURCES = os.environ.get("GONGKAI_REGION_SOURCES")

COUNTY = Body([Spell("990101", "甲县")])
OTHER = Body([Spell("990102", "乙县")])


def test_towns_are_followed_through_new_kinds_codes_names_and_counties() -> None:
    lists = {
        2015: [
            Entry("990101200", "东乡", COUNTY),
            Entry("990101201", "南山乡", COUNTY),
            Entry("990101100", "西河镇", COUNTY),
            Entry("990101202", "北岭乡", COUNTY),
            Entry("990101203", "老庄乡", COUNTY),
        ],
        2016: [
            Entry("990101200", "东乡", COUNTY),  # as it was
            Entry("990101101", "南山镇", COUNTY),  # a town now
            Entry("990101100", "新河镇", COUNTY),  # renamed
            Entry("990102202", "北岭乡", OTHER),  # in another county
            Entry("990102300", "新庄镇", OTHER),  # new; 老庄乡 is gone
        ],
    }
    found = {tuple((spell.code, spell.name) for spell in body.spells): body.seen for body in follow(lists, "township")}
    assert found == {
        (("990101200", "东乡"),): [2015, 2016],
        (("990101201", "南山乡"), ("990101101", "南山镇")): [2015, 2016],
        (("990101100", "西河镇"), ("990101100", "新河镇")): [2015, 2016],
        (("990101202", "北岭乡"), ("990102202", "北岭乡")): [2015, 2016],
        (("990101203", "老庄乡"),): [2015],
        (("990102300", "新庄镇"),): [2016],
    }


def test_two_towns_that_change_codes_with_each_other_keep_their_names() -> None:
    lists = {
        2021: [Entry("990101100", "越河镇", COUNTY), Entry("990101101", "洼里镇", COUNTY)],
        2022: [Entry("990101100", "洼里镇", COUNTY), Entry("990101101", "越河镇", COUNTY)],
    }
    assert [[spell.name for spell in body.spells] for body in follow(lists, "township")] == [
        ["越河镇"] * 2,
        ["洼里镇"] * 2,
    ]


def test_lists_that_the_changes_do_not_explain_are_refused() -> None:
    with pytest.raises(HistoryError, match="320829 洪泽县 does not stand"):
        lives({2008: {"990000": "某省"}, 2024: {"990000": "某省"}}, {})


@pytest.mark.skipif(SOURCES is None, reason="GONGKAI_REGION_SOURCES does not name the folder of unpacked packages")
def test_the_same_packages_give_the_files_that_are_carried(tmp_path) -> None:
    extract(Path(SOURCES), tmp_path)
    for name in ("regions.parquet", "former_names.parquet"):
        assert (tmp_path / name).read_bytes() == (CARRIED / name).read_bytes()
