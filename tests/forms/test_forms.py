"""The forms: as many cells as the printed ones, the codes of the contract, and every fault named at once."""

import tomllib
from copy import deepcopy
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.forms import TABLES, FormError, bare, key, load
from pipeline.forms.loader import build
from tests.planted import form

CODES = {
    "items": """received_new carried_in granted_full granted_partial denied_state_secret denied_statutory_bar
        denied_security_stability denied_third_party denied_internal_affairs denied_deliberative
        denied_enforcement_file denied_registry_inquiry unable_not_held unable_needs_creation unable_unclear
        rejected_petition rejected_repeat rejected_publication rejected_excessive rejected_confirm_reissue
        other_total other_no_clarification other_fee_unpaid other_misc processed_total carried_out""",
    "applicants": "natural_person company research nonprofit legal_service other_org total",
    "channels": "review lit_direct lit_after_review",
    "outcomes": "upheld corrected other pending total",
    "subjects": "rules normdocs licensing other_services penalty coercion charges procurement",
    "measures": """issued repealed in_force decisions amount
        created published public_stock items_prev items_change projects""",
}
"""Typed from the contract."""

TOTALS = {"processed_total", "total"}


@pytest.fixture
def sources():
    """The parsed files of the forms, to be broken."""
    toml = (file for file in files("pipeline.forms").iterdir() if file.name.endswith(".toml"))
    return deepcopy({file.name.removesuffix(".toml"): tomllib.loads(file.read_text("utf-8")) for file in toml})


def faults(sources):
    with pytest.raises(FormError) as error:
        build(sources)
    return str(error.value)


@pytest.mark.parametrize(
    ("edition", "table", "cells"),
    [
        ("2019", "proactive_disclosure", 22),
        ("2019", "applications", 161),
        ("2019", "review_litigation", 15),
        ("2021", "proactive_disclosure", 10),
        ("2021", "applications", 175),
        ("2021", "review_litigation", 15),
    ],
)
def test_a_table_has_as_many_cells_as_the_printed_form(edition, table, cells):
    assert len(load().editions[edition].tables[table].cells) == cells


@pytest.mark.parametrize("edition", form.EDITIONS)
def test_the_cells_are_those_typed_a_second_time_in_the_same_order(edition):
    tables = load().editions[edition].tables
    assert [(name, *keys) for name in TABLES for keys in tables[name].keys] == form.cells(edition, edition)


@pytest.mark.parametrize("edition", form.EDITIONS)
def test_the_row_labels_are_those_typed_a_second_time(edition):
    tables = load().editions[edition].tables
    subjects = {subject.code: subject.label for block in form.BLOCKS[edition] for subject in block.subjects}
    channels = {channel.code: channel.label for channel in form.LITIGATION_CHANNELS} | {"review": form.REVIEW_HEAD}
    assert tables["proactive_disclosure"].row_labels == subjects
    assert tables["applications"].row_labels == {item.code: item.label for item in form.ITEMS[edition]}
    assert tables["review_litigation"].row_labels == channels


@pytest.mark.parametrize("edition", form.EDITIONS)
def test_the_column_labels_are_those_typed_a_second_time(edition):
    tables = load().editions[edition].tables
    printed = {
        "proactive_disclosure": [measure for block in form.BLOCKS[edition] for measure in block.measures],
        "applications": form.APPLICANTS,
        "review_litigation": form.OUTCOMES,
    }
    for name, columns in printed.items():
        found = {(column.code, column.label) for _, column in tables[name].cells}
        assert found == {(column.code, column.label) for column in columns}


@pytest.mark.parametrize("name", CODES)
def test_every_code_of_the_contract_exists_and_no_other(name):
    assert sorted(load().codes[name]) == sorted(CODES[name].split())


@pytest.mark.parametrize("name", CODES)
def test_the_totals_say_that_they_are(name):
    assert {code for code, entry in load().codes[name].items() if entry.total} == TOTALS & set(CODES[name].split())


def test_only_changes_may_be_signed_and_only_amounts_are_money():
    columns = {column for edition in load().editions.values() for t in edition.tables.values() for _, column in t.cells}
    assert {column.code for column in columns if column.kind == "change"} == {"items_change"}
    assert {column.code for column in columns if column.kind == "amount"} == {"amount"}
    assert {(column.label, column.unit) for column in columns if column.kind == "amount"} == {
        ("本年收费金额（单位：万元）", "万元"),
        ("采购总金额", None),
    }


HARD = {  # how often each identity holds in a whole report: forms.md 3.1
    "2019": {"H1": 7, "H2": 7, "H3": 23, "H4": 3, "H6": 5, "D1": 2},
    "2021": {"H1": 7, "H2": 7, "H3": 25, "H4": 3, "D2": 2},
}


@pytest.mark.parametrize("edition", form.EDITIONS)
def test_each_identity_holds_as_often_as_the_form_says(edition):
    forms = load().editions[edition]
    counts = {identity.rule: len([*identity.instances(forms.tables[identity.table])]) for identity in forms.identities}
    assert counts == HARD[edition]


@pytest.mark.parametrize(("edition", "leaves"), [("2019", 19), ("2021", 21)])
def test_the_total_processed_is_the_sum_of_all_outcomes(edition, leaves):
    (identity,) = (identity for identity in load().editions[edition].identities if identity.rule == "H2")
    assert identity.left == ("processed_total",)
    assert identity.right == tuple(item.code for item in form.LEAVES[edition])
    assert len(identity.right) == leaves


def test_no_two_rows_of_a_table_have_a_spelling_in_common():
    for edition in load().editions.values():
        for table in edition.tables.values():
            rows = [label for label in table.script if label.kind == "row"]
            spellings = [spelling for label in rows for spelling in label.keys]
            assert len(spellings) == len(set(spellings))


def test_all_faults_are_named_at_once(sources):
    rows = sources["2021"]["applications"]["block"][0]["rows"]
    rows[1]["code"] = "received_new"
    rows[3]["code"] = "granted_wholly"
    rows[-2]["label"] = "四、结转下年度继续办理"
    sources["2019"]["identity"][0]["left"] = ["received_never"]
    sources["variants"]["applications"]["denied_never"] = [{"text": "9.从不", "seen": "nowhere"}]
    message = faults(sources)
    for fault in (
        "the row received_new stands twice",
        "granted_wholly is not a code of items",
        "cannot be told apart",
        "identity H1 names cells",
        "denied_never names no label",
    ):
        assert fault in message
    assert message.count("\n- ") >= 5


def test_a_code_that_no_list_has_is_a_fault(sources):
    sources["2019"]["proactive_disclosure"]["block"][0]["rows"][0]["code"] = "statutes"
    assert "2019.toml, proactive_disclosure: statutes is not a code of subjects" in faults(sources)


def test_a_row_that_stands_twice_is_a_fault(sources):
    rows = sources["2021"]["proactive_disclosure"]["block"][0]["rows"]
    rows.append(deepcopy(rows[0]))
    assert "2021.toml, proactive_disclosure: the row rules stands twice" in faults(sources)


def test_two_rows_with_one_label_are_a_fault(sources):
    sources["variants"]["applications"]["unable_unclear"] = [{"text": "2.重复申请", "seen": "nowhere"}]
    message = faults(sources)
    assert "3.补正后申请内容仍不明确" in message
    assert "2.重复申请" in message
    assert "cannot be told apart" in message


def test_a_variant_of_no_label_is_a_fault(sources):
    sources["variants"]["review_litigation"]["appealed"] = [{"text": "上诉", "seen": "nowhere"}]
    assert "variants.toml: review_litigation.appealed names no label of any edition" in faults(sources)


def test_unbroken_sources_build_the_forms_that_are_loaded(sources):
    assert build(sources) == load()


@pytest.mark.parametrize(
    ("printed", "compared"),
    [
        ("（三）不予公开", "三不予公开"),
        ("(三) 不予公开", "三不予公开"),
        ("3.危及“三安全一稳定”", "3危及三安全一稳定"),
        ("３．危及三安全一稳定", "3危及三安全一稳定"),
        ("本年收费金额（单位：万元）", "本年收费金额单位万元"),
        ("本年增/减", "本年增减"),
        (" 商业\u3000企业\u00a0", "商业企业"),
    ],
)
def test_a_label_is_compared_by_its_letters_and_digits(printed, compared):
    assert key(printed) == compared


@pytest.mark.parametrize(
    ("compared", "without_number"),
    [("三不予公开", "不予公开"), ("3其他", "其他"), ("规章", "规章"), ("12其他", "其他"), ("七总计", "总计")],
)
def test_a_label_may_lose_its_number(compared, without_number):
    assert bare(compared) == without_number


@given(st.text())
def test_a_key_has_one_form(text):
    assert key(key(text)) == key(text)
    assert bare(key(text)) in key(text)
