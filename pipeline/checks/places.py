"""What a place is called, for people (`表三 · 自然人 · 予以公开`) and machines (`granted_full/natural_person`)."""

from pipeline.forms import SECTION_TABLES, STATISTICS, STATISTICS_ZH, TableForm, load, load_statistics


def table_place(table: str) -> str:
    """A table: `表三`."""
    return STATISTICS_ZH if table == STATISTICS else SECTION_TABLES[table]


def statistics_place(indicator: str, column: str | None = None) -> str:
    """A row or cell of a statistics table before 2019: `统计表 · 区政府 · 收到申请数`."""
    name = load_statistics().indicators[indicator].zh
    return " · ".join(filter(None, (STATISTICS_ZH, column, name)))


def row_place(form: TableForm, row: str) -> str:
    """A row of a table: `表三 · 予以公开`."""
    return f"{SECTION_TABLES[form.name]} · {load().name(form.row_axis, row)}"


def cell_place(form: TableForm, cell: int) -> str:
    """A cell of a table, by its number in the form's order: `表三 · 自然人 · 予以公开`."""
    row, column = form.keys[cell]
    forms = load()
    return f"{SECTION_TABLES[form.name]} · {forms.name(form.column_axis, column)} · {forms.name(form.row_axis, row)}"


def keyed_place(table: str, keys: str) -> str:
    """A cell by the codes that name it: `applications` and `granted_full/total` give `表三 · 总计 · 予以公开`."""
    row, _, column = keys.partition("/")
    if table == STATISTICS:
        return statistics_place(row, column)
    form = next(iter(load().editions.values())).tables[table]
    return f"{SECTION_TABLES[table]} · {load().name(form.column_axis, column)} · {load().name(form.row_axis, row)}"


def cell_keys(form: TableForm, cells: tuple[int, ...]) -> str:
    """Cells by their codes, divided by blanks."""
    return " ".join("/".join(form.keys[cell]) for cell in cells)


def row_keys(form: TableForm, row: str) -> str:
    """All cells of a row by their codes."""
    return cell_keys(form, tuple(number for number, key in enumerate(form.keys) if key[0] == row))
