"""Cells are landed by columns; nothing of them is lost."""

import json

from pipeline.readers import Cell, CellColumns, Document

CELLS = [
    Cell("标题", 0, 0, "paragraph 1"),
    Cell('两行\n与"引号"', 2, 0, "table 1 row 1 cell 1"),
    Cell("", 2, 3, "table 1 row 1 cell 2"),
    Cell("17", 3, 1, "table 1 row 2 cell 1"),
]


def test_what_is_landed_comes_back():
    loaded = Document.load(Document(CELLS).dump())
    assert loaded.marked
    assert [*loaded.cells] == CELLS
    assert loaded.dump() == Document(CELLS).dump()


def test_a_landed_document_has_a_list_for_each_column():
    texts, rows, columns, places = json.loads(Document(CELLS).dump())
    assert texts == ["标题", '两行\n与"引号"', "", "17"]
    assert (rows, columns) == ([0, 2, 2, 3], [0, 0, 3, 1])
    assert places[2] == "table 1 row 1 cell 2"


def test_a_document_without_cells_comes_back():
    assert [*Document.load(Document([]).dump()).cells] == []


def test_columns_are_a_sequence_of_cells():
    columns = CellColumns.of(CELLS)
    assert columns[1] == CELLS[1]
    assert columns[-1] == CELLS[-1]
    assert columns[1:3] == CELLS[1:3]
    assert len(columns) == 4
    assert columns == CELLS
    assert columns != CELLS[:-1]
    assert CellColumns.of(columns) is columns


def test_rows_are_those_of_the_cells():
    assert [len(row) for row in Document.load(Document(CELLS).dump()).rows()] == [1, 2, 1]
