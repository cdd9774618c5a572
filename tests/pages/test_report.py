"""The page of a report as a person meets it: both sides, every doubt, nothing from a network."""

import re
import shutil
import subprocess
from html.parser import HTMLParser
from pathlib import Path

import pytest

from pipeline.pages.report import report_page
from pipeline.pages.review import INDEX, write_review
from pipeline.warehouse import Lake, Raw
from pipeline.warehouse.reports import of_file
from tests.conftest import SAMPLES
from tests.planted.figures import distinct
from tests.planted.render import render

HONGZE = "2023/huaian-hongze.txt"


class Page(HTMLParser):
    """The texts of a page by the id they stand under, and the links of each id."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.texts: dict[str, str] = {}
        self.links: dict[str, str] = {}
        self.classes: dict[str, set[str]] = {}
        self._open: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        name = given.get("id")
        if name:
            assert name not in self.classes, f"id {name} twice"
            self.classes[name] = set((given.get("class") or "").split())
            self.texts[name] = ""
        if tag in ("td", "p"):
            self._open = [name] if name else []
        if tag == "a" and self._open:
            self.links[self._open[0]] = (given.get("href") or "").removeprefix("#")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "p"):
            self._open = []

    def handle_data(self, data: str) -> None:
        if self._open:
            self.texts[self._open[0]] += data


@pytest.mark.parametrize("layout", ["tab_rows", "one_cell_a_line", "page_broken"])
def test_every_figure_leads_to_its_place_and_back(layout: str, tmp_path: Path) -> None:
    figures = distinct("2021", "2019", 5)
    path = tmp_path / "report.txt"
    path.write_text(render(layout, "2021", "2019", figures), encoding="utf-8")
    page = Page(report_page(of_file(path)))
    for (table, row, column), figure in figures.items():
        cell = f"{table}.{row}.{column}"
        assert page.texts[cell] == figure
        assert page.texts[page.links[cell]] == figure
        assert page.links[page.links[cell]] == cell


def test_doubts_are_marked_on_both_sides_and_explained_in_both_languages() -> None:
    text = report_page(of_file(SAMPLES / HONGZE))
    page = Page(text)
    for cell in ("review_litigation.review.total", "review_litigation.lit_after_review.upheld"):
        assert "error" in page.classes[cell]
        assert "error" in page.classes[page.links[cell]]
    assert "error" not in page.classes["review_litigation.lit_direct.total"]
    assert "行政复议、行政诉讼各项结果之和等于总计" in text
    assert "the outcomes of reviews and lawsuits add up to their totals" in text
    assert "The source prints it so." in text


def test_a_report_cannot_bring_markup_into_the_page(tmp_path: Path) -> None:
    path = tmp_path / "report.txt"
    text = (SAMPLES / HONGZE).read_text("utf-8").replace("一、总体情况", "一、总体情况\n<script>alert(1)</script>")
    path.write_text(text, encoding="utf-8")
    page = report_page(of_file(path))
    assert "<script" not in page
    assert "&lt;script&gt;" in page


def test_the_review_lists_the_worst_first_and_links_to_their_pages(sample_warehouse: Lake, tmp_path: Path) -> None:
    written = write_review(sample_warehouse, Raw.of(SAMPLES), tmp_path / "review")
    index = written.start.read_text("utf-8")
    pages = re.findall(r'<a href="([^"]+\.html)">', index)
    assert len(pages) == written.pages
    assert written.pages + written.fine == len(list(SAMPLES.rglob("*.txt")))
    assert "淮安市洪泽区人民政府" in pages[0]
    assert all((tmp_path / "review" / page).is_file() for page in pages)
    grades = re.findall(r'<td class="grade">(\w)', index)
    assert grades == sorted(grades, reverse=True)


def test_the_review_of_one_year_has_only_its_reports(sample_warehouse: Lake, tmp_path: Path) -> None:
    written = write_review(sample_warehouse, Raw.of(SAMPLES), tmp_path / "review", year=2019)
    assert not [name for name in written.start.parent.iterdir() if name.name != INDEX and "2019-" not in name.name]


def test_the_pages_open_in_a_browser_without_network(sample_warehouse: Lake, tmp_path: Path) -> None:
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.skip("chromium is not installed: the pages were not opened in a browser")
    written = write_review(sample_warehouse, Raw.of(SAMPLES), tmp_path / "review")
    for page in written.start.parent.iterdir():
        command = f"{chromium} --headless --no-sandbox --disable-gpu --no-first-run --disable-background-networking"
        command += " --disable-sync --enable-logging=stderr --dump-dom"
        user = f"--user-data-dir={tmp_path / 'user'}"
        offline = "--host-resolver-rules=MAP * ~NOTFOUND"
        done = subprocess.run(
            [*command.split(), offline, user, page.as_uri()], capture_output=True, text=True, timeout=60, check=True
        )
        assert "</html>" in done.stdout
        assert "Refused to" not in done.stderr  # the page's own policy would say so of anything from elsewhere
        assert "http://" not in page.read_text("utf-8")
