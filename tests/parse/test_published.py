"""The samples of data/raw and the published texts they come from, against what a person read in them."""

import json
import os
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from pipeline.readers.text import extract
from tests.parse.comparison import cells, read
from tests.planted import form

ROOT = Path(__file__).parents[2]
RAW = ROOT / "data" / "raw"
REPORTS = Path(os.environ.get("GONGKAI_REPORTS", ROOT.parent / "shared" / "reports"))
SAMPLES = {sample["path"]: sample for sample in json.loads((ROOT / "tests/planted/samples.json").read_text("utf-8"))}

_NO_VALUE = str.maketrans("", "", ",+万元")
"""What is printed beside the digits: separators of thousands, the sign of an increase, the unit of money."""

every_sample = pytest.mark.parametrize("path", SAMPLES)


def read_file(path):
    return read(extract(path.read_bytes()))


def expected(sample):
    """State and text of every cell of a sample."""
    states = {}
    for keys in form.cells(sample["edition_t2"], sample["edition_t3"]):
        name = "/".join(keys)
        printed = sample["nonzero"].get(name, sample["default"])
        if name in sample["lost"]:
            states[keys] = ("lost", None)
        elif name in sample["na"]:
            states[keys] = ("na", "/")
        elif name in sample["blank"] or not printed:
            states[keys] = ("blank", "")
        else:
            states[keys] = ("number", printed)
    return states


def test_every_sample_is_described_and_every_description_has_its_sample():
    assert sorted(SAMPLES) == sorted(str(path.relative_to(RAW)) for path in RAW.rglob("*") if path.is_file())


@every_sample
def test_every_cell_of_a_sample_is_read_as_printed(path):
    found = {keys: (cell.figure.state, cell.text) for keys, cell in cells(read_file(RAW / path)).items()}
    assert found == expected(SAMPLES[path])


@every_sample
def test_the_value_of_a_sample_s_cell_is_the_number_printed(path):
    sample = SAMPLES[path]
    values = {
        "/".join(keys): str(cell.figure.value)
        for keys, cell in cells(read_file(RAW / path)).items()
        if cell.figure.value is not None and cell.figure.value != 0
    }
    printed = {name: text.translate(_NO_VALUE) for name, text in sample["nonzero"].items()}
    assert values == {name: text for name, text in printed.items() if text != "0"}


@every_sample
def test_who_reported_and_for_when(path):
    sample, reading = SAMPLES[path], read_file(RAW / path)
    found = {
        "agency_name": reading.agency_name,
        "stated_year": reading.stated_year,
        "period_start": reading.period_start and str(reading.period_start),
        "period_end": reading.period_end and str(reading.period_end),
        "published_on": reading.published_on and str(reading.published_on),
        "edition_t2": reading.edition("proactive_disclosure"),
        "edition_t3": reading.edition("applications"),
    }
    assert found == {name: sample[name] for name in found}


PUBLISHED = {
    # number: agency, stated year, period, edition of all its tables
    "000": ("张王疃乡", 2023, (date(2023, 1, 1), date(2023, 12, 31)), "2019"),
    "001": ("瓦岗寨乡", 2023, (None, None), "2021"),
    "002": ("王家庄乡", 2024, (None, None), "2021"),
    "003": ("白家庄镇", 2023, (date(2023, 1, 1), date(2023, 12, 29)), "2019"),
    "004": ("巨鹿镇", 2024, (date(2024, 1, 1), date(2024, 12, 31)), "2019"),
}
NOT_PRINTED = {("proactive_disclosure", "procurement", "projects"), ("proactive_disclosure", "procurement", "amount")}
NOT_ZERO = {
    "002": {
        ("proactive_disclosure", "licensing", "decisions"): 920,
        ("proactive_disclosure", "penalty", "decisions"): 15,
    }
}

HEADINGS = {
    # where the headings of section two and section one are not the official ones
    "000": ("2、 主动公开政府信息情况", "一、总体情况"),
    "003": ("主动公开政府信息情况", "总体情况"),
}


@pytest.fixture(params=PUBLISHED)
def published(request):
    """Number, text and reading of a published report."""
    files = [*REPORTS.glob(f"{request.param}_*.txt")]
    if not files:
        pytest.skip(f"no published report {request.param} in {REPORTS}: set GONGKAI_REPORTS to the folder that has it")
    text = extract(files[0].read_bytes())
    return request.param, text, read(text)


def test_every_cell_of_a_published_report(published):
    number, _, reading = published
    _, _, _, edition = PUBLISHED[number]
    lost = NOT_PRINTED if number == "003" else set()
    values = {
        keys: None if keys in lost else NOT_ZERO.get(number, {}).get(keys, 0) for keys in form.cells(edition, edition)
    }
    found = cells(reading)
    assert {keys: cell.figure.value for keys, cell in found.items()} == values
    states = Counter(cell.figure.state for cell in found.values())
    assert states == Counter(number=len(values) - len(lost), lost=len(lost))
    assert {keys for keys, cell in found.items() if cell.figure.state == "lost"} == lost


def test_the_editions_of_a_published_report(published):
    number, _, reading = published
    edition = PUBLISHED[number][3]
    assert (reading.edition("proactive_disclosure"), reading.edition("applications")) == (edition, edition)


def test_who_published_a_report_and_for_when(published):
    number, _, reading = published
    agency, year, period, _ = PUBLISHED[number]
    assert agency in reading.agency_name
    assert reading.stated_year == year
    assert (reading.period_start, reading.period_end) == period


def test_the_sections_of_a_published_report_are_its_own_lines(published):
    """Nothing is added, and between two headings nothing but tables is left out."""
    number, text, reading = published
    lines = [line.strip() for line in text.split("\n")]
    bodies = {section.section: section.text.split("\n") for section in reading.sections}
    for body in bodies.values():
        assert all(any(line in original for original in lines) for line in body if line)
    tables, *headings = HEADINGS.get(number, ("二、主动公开政府信息情况", "一、总体情况"))
    for code, begin, end in (
        ("overview", headings[0], tables),
        ("problems", "五、存在的主要问题及改进情况", "六、其他需要报告的事项"),
    ):
        first = len(lines) - 1 - lines[::-1].index(begin)
        assert bodies[code] == [line for line in lines[first + 1 : lines.index(end)] if line]


def test_the_tables_of_a_published_report_are_in_no_section(published):
    _, _, reading = published
    for section in reading.sections:
        assert "结转下年度继续办理" not in section.text
        assert "结果维持" not in section.text
