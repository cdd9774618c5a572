"""The statistics tables before 2019 and the crosswalk as data: what is typed by hand, and every fault named at once."""

import tomllib
from copy import deepcopy
from importlib.resources import files

import pytest

from pipeline.forms import FormError, load_crosswalk, load_statistics
from pipeline.forms.crosswalk import build_crosswalk
from pipeline.forms.statistics import build_statistics
from tests.planted import statistics as planted

NAMES = ("2014", "fujian", "shanghai")


def source(name):
    return tomllib.loads(files("pipeline.forms").joinpath(f"{name}.toml").read_text("utf-8"))


def faults(name, change):
    """What the loader says when a family's file is changed."""
    sources = {each: deepcopy(source(each)) for each in NAMES}
    change(sources[name]["statistics"])
    with pytest.raises(FormError) as error:
        build_statistics(sources)
    return str(error.value)


def row(table, code):
    return next(entry for entry in table["rows"] if entry.get("code") == code)


@pytest.mark.parametrize("form", planted.FORMS.values(), ids=list(planted.FORMS))
def test_a_family_has_the_rows_that_the_official_table_prints(form):
    indicators = load_statistics().families[form.family].indicators
    assert [(each.code, each.label, each.unit) for each in indicators.values()] == [
        (line.code, line.label, line.unit) for line in form.lines if line.code
    ]
    known = {each.code: each.number for each in indicators.values() if each.number}
    assert known == {line.code: line.number for line in form.lines if line.code in known}
    assert len(known) == (35 if form.family == "shanghai" else 0)


@pytest.mark.parametrize("form", planted.FORMS.values(), ids=list(planted.FORMS))
def test_sums_are_those_of_the_official_table(form):
    relations = load_statistics().families[form.family].relations
    sums = {each.left: list(each.right) for each in relations if each.rule in ("H7", "H8")}
    assert sums == form.sums
    assert {each.left: each.right[0] for each in relations if each.rule in ("D4", "D5")} == form.parts
    totals = {each.code for each in load_statistics().families[form.family].indicators.values() if each.total}
    assert totals >= form.sums.keys()


def test_names_are_labels_without_numbers_and_notes():
    indicators = load_statistics().indicators
    assert indicators["proactive_total"].zh == "主动公开政府信息数"
    assert indicators["den_state_secret"].zh == "涉及国家秘密"
    assert indicators["sh_recv_in_person"].zh == "当面申请数"
    assert indicators["sh_den_exempt_6"].zh == "“免予公开范围6”数"
    assert indicators["sh_fee_copying"].section == "收费和人员"
    assert indicators["review_other"].section == "四、行政复议数量"


@pytest.mark.parametrize(
    ("name", "change", "message"),
    [
        ("shanghai", lambda table: row(table, "sh_review").update(code="review"), "review is an indicator of another"),
        ("shanghai", lambda table: row(table, "sh_review").update(code="sh_received"), "sh_received stands twice"),
        ("fujian", lambda table: row(table, "fj_review").update(label="行政诉讼数"), "cannot be told apart"),
        ("fujian", lambda table: row(table, "fj_review").update(also=["申请总数"]), "cannot be told apart"),
        ("fujian", lambda table: table["identities"][0]["right"].append("fj_recv_pigeon"), "fj_recv_pigeon is named"),
        ("2014", lambda table: row(table, "lit_other").update(repeats="lawsuit"), "lawsuit is named, and no indicator"),
    ],
)
def test_a_file_that_does_not_fit_is_refused(name, change, message):
    assert message in faults(name, change)


def test_a_crosswalk_that_does_not_fit_is_refused_with_every_fault():
    broken = deepcopy(source("crosswalk"))
    broken["line"][0] |= {"old": {"sh_received": 1}, "comparable": "somehow"}
    broken["line"][1] |= {"new": {"granted_full/nobody": 2}}
    broken["line"][2] |= {"new": {}}
    broken["line"][3] |= {"concept": "received"}
    with pytest.raises(FormError) as error:
        build_crosswalk(broken)
    for fault in (
        "received: somehow is none of yes, sum, approximate, weak, none",
        "received: sh_received is in no table",
        "granted: granted_full/nobody is in no table",
        "granted: the sign of granted_full is 2, and not 1 or -1",
        "granted_partial: it is comparable to none exactly where one side has no term",
        "received stands twice",
    ):
        assert f"- {fault}" in str(error.value)


def test_lines_of_one_side_alone_are_in_the_crosswalk():
    one_sided = {line.concept for line in load_crosswalk() if not (line.old and line.new)}
    assert one_sided == {line.concept for line in load_crosswalk() if line.comparable == "none"}
    assert {"carried_in", "reviews_pending", "received_natural_person"} <= one_sided
    assert {"received_fax", "completed_on_time"} <= one_sided
