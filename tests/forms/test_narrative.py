"""The wording of figures: patterns written out, and faults of the file named all at once."""

import tomllib
from importlib.resources import files

import pytest

from pipeline.forms import FormError, load_wording, terms
from pipeline.forms.narrative import build_wording, written_out


def source():
    return tomllib.loads(files("pipeline.forms").joinpath("narrative.toml").read_text("utf-8"))


def test_patterns_are_written_out():
    assert [*written_out("(上年|去年)结转[至|到]")] == [
        *("上年结转", "上年结转至", "上年结转到", "去年结转", "去年结转至", "去年结转到"),
    ]
    assert [*written_out("[甲]")] == ["甲"]


def test_sums_of_codes():
    assert [*terms("received_new - carried_out + other")] == [(1, "received_new"), (-1, "carried_out"), (1, "other")]


def test_the_longest_word_is_found():
    wording = load_wording()
    assert wording.at("收到政府信息公开申请12件", 2) == "政府信息公开申请"
    assert wording.at("鲲", 0) is None


def test_every_fault_is_named():
    broken = source()
    broken["words"]["none"].append("维持")
    broken["applications"]["rows"]["answered"]["cells"] = ["processed_total", "anwsered"]
    with pytest.raises(FormError) as error:
        build_wording(broken)
    assert "维持" in str(error.value)
    assert "anwsered is no code and no group" in str(error.value)
