"""The tables analysts query, each declared once.

From a model come its Arrow schema, the Parquet field descriptions, the DuckDB comments, the Dagster column schema and
the data dictionary: change a table here and nowhere else. Null is refused unless a column says `nullable`; `unique` is
the table's key.
"""

from typing import Any

import pandas as pd
import pandera.pandas as pa
from pandera.api.pandas.model_config import BaseConfig

from pipeline.forms import load, load_statistics
from pipeline.tables.types import Count, Day, Flag, Money, Text, Whole, Year

_FORMS = load()
_INDICATORS = list(load_statistics().indicators)
_EDITIONS = list(_FORMS.editions)
_SEVERITIES = ["error", "warning", "info"]


def _report_id(**options: Any) -> Any:
    return pa.Field(description="First 16 hex digits of the SHA-256 of the report's bytes.", **options)


def _report_year() -> Any:
    return pa.Field(description="Report year: the year of the folder the report lies in.")


def _code(codes: str, description: str) -> Any:
    return pa.Field(isin=list(_FORMS.codes[codes]), description=f"{description}: a code of `{codes}`.")


def _state() -> Any:
    return pa.Field(
        isin=["number", "blank", "na", "dash", "nil_word", "text", "unreadable", "lost"],
        description="What stands in the cell: number; blank; na (`/`); dash; nil_word (无, value 0); text (words where "
        "a number belongs); unreadable (printed, but its reading is not certain); lost (the row or table is cut off).",
    )


def _text() -> Any:
    return pa.Field(
        nullable=True,
        description="The cell as printed; of an unreadable cell all that is printed in its row; null where it is lost.",
    )


def _origin() -> Any:
    return pa.Field(
        isin=["printed", "solved", "corrected"],
        description="printed: read as it stands; solved: separators were lost and the form's arithmetic leaves one "
        "reading; corrected: a recorded correction.",
    )


def _locator(*, nullable: bool = True) -> Any:
    return pa.Field(
        nullable=nullable,
        description="Where it stands in the source: the line of a text, with the cell where a line holds several.",
    )


def _rule() -> Any:
    return pa.Field(description="The rule: a code of `rules`.")


class Strict(pa.DataFrameModel):
    """What all tables share: no column more or less, in this order."""

    class Config(BaseConfig):
        strict = True
        ordered = True


class Cells(Strict):
    """What the tables of cells share."""

    @pa.dataframe_check(description="a value stands exactly where a number or a nil word is printed")
    def value_only_where_printed(cls, frame: pd.DataFrame) -> pd.Series:  # noqa: N805 - pandera makes it a class method
        """A value stands exactly where a number or a nil word is printed."""
        return frame["value"].notna() == frame["state"].isin(["number", "nil_word"])


class Reports(Strict):
    """One row per accepted report."""

    report_id: Text = _report_id(str_matches="^[0-9a-f]{16}$")
    report_year: Year = _report_year()
    source_path: Text = pa.Field(description="The file, relative to the raw folder, with `/` between folders.")
    source_sha256: Text = pa.Field(str_length=64, description="SHA-256 of the file's bytes, in hex.")
    source_format: Text = pa.Field(description="Ending of the file's name, in lower case.")
    source_bytes: Whole = pa.Field(gt=0, description="Size of the file in bytes.")
    reading: Text = pa.Field(
        isin=["text", "cells", "cells and text", "picture"],
        description="How its tables were read: text (cells as the text shows them), cells (of a marked-up document), "
        "cells and text (two readings of a page that agree), picture (optical character recognition).",
    )
    agency_name: Text = pa.Field(
        nullable=True, description="The reporting body as the title, the signature or the body of the report names it."
    )
    agency_id: Text = pa.Field(nullable=True, description="The body in the register of agencies; null: not resolved.")
    region_code: Text = pa.Field(nullable=True, description="Code of its administrative division; null: not resolved.")
    stated_year: Year = pa.Field(nullable=True, description="The year the report itself states, in title or period.")
    period_start: Day = pa.Field(nullable=True, description="First day of the statistics period, as stated.")
    period_end: Day = pa.Field(nullable=True, description="Last day of the statistics period, as stated.")
    published_on: Day = pa.Field(
        nullable=True, description="Publication date in the page's fields, else the signature's."
    )
    edition_t2: Text = pa.Field(isin=_EDITIONS, nullable=True, description="Edition of table 2; null: table absent.")
    edition_t3: Text = pa.Field(isin=_EDITIONS, nullable=True, description="Edition of table 3; null: table absent.")
    grade: Text = pa.Field(
        isin=["A", "B", "C", "D"],
        description="A: every check that could speak passed; B: passed with warnings; C: some cells unreadable or some "
        "checks failed; D: a table is missing.",
    )
    is_current: Flag = pa.Field(
        description="False for a version that a later one of the same agency and year replaces."
    )
    parser_version: Text = pa.Field(description="Release of the parser and fingerprint of its code and data.")

    class Config(Strict.Config):
        unique = ["report_id"]


class Applications(Cells):
    """One row per cell of table 3, requests received and handled, by outcome and kind of applicant."""

    report_id: Text = _report_id()
    report_year: Year = _report_year()
    item: Text = _code("items", "Row of the table")
    applicant: Text = _code("applicants", "Column")
    value: Whole = pa.Field(
        nullable=True, description="The number printed, in requests; null unless a number or nil word."
    )
    state: Text = _state()
    text: Text = _text()
    origin: Text = _origin()
    locator: Text = _locator()

    class Config(Strict.Config):
        unique = ["report_id", "item", "applicant"]


class ReviewLitigation(Cells):
    """One row per cell of table 4, administrative reviews and lawsuits over open-government-information work."""

    report_id: Text = _report_id()
    report_year: Year = _report_year()
    channel: Text = _code("channels", "Review or suit")
    outcome: Text = _code("outcomes", "How it ended")
    value: Whole = pa.Field(
        nullable=True, description="The number printed, in cases; null unless a number or nil word."
    )
    state: Text = _state()
    text: Text = _text()
    origin: Text = _origin()
    locator: Text = _locator()

    class Config(Strict.Config):
        unique = ["report_id", "channel", "outcome"]


class ProactiveDisclosure(Cells):
    """One row per cell of table 2, what was disclosed proactively."""

    report_id: Text = _report_id()
    report_year: Year = _report_year()
    subject: Text = _code("subjects", "Row of the table")
    measure: Text = _code("measures", "Column")
    value: Money = pa.Field(
        nullable=True, description="The number printed; amounts are in `unit`. Null unless a number."
    )
    unit: Text = pa.Field(
        isin=["万元", "元"],
        nullable=True,
        description="Unit of an amount: that in the cell, else that in the header; null where none is printed.",
    )
    value_yuan: Money = pa.Field(nullable=True, description="The amount in yuan, where its unit is known.")
    state: Text = _state()
    text: Text = _text()
    origin: Text = _origin()
    locator: Text = _locator()

    class Config(Strict.Config):
        unique = ["report_id", "subject", "measure"]


class Statistics2014(Cells):
    """One row per cell of the statistics table of report years 2014 to 2018: indicator and figure column."""

    report_id: Text = _report_id()
    report_year: Year = _report_year()
    indicator: Text = pa.Field(isin=_INDICATORS, description="Row of the table: a code of `indicators`.")
    column_label: Text = pa.Field(
        description="The figure column as its header names it; a column without a name by its place (第2列), the only "
        "column 统计数."
    )
    value: Money = pa.Field(
        nullable=True, description="The number printed, in `unit`; null unless a number or nil word."
    )
    unit: Text = pa.Field(
        nullable=True,
        description="Unit of the value: that in its cell, else that of its row; null where none is printed.",
    )
    state: Text = _state()
    text: Text = _text()
    origin: Text = _origin()
    locator: Text = _locator()

    class Config(Strict.Config):
        unique = ["report_id", "indicator", "column_label"]


class Sections(Strict):
    """One row per narrative section of a report, without its tables."""

    report_id: Text = _report_id()
    report_year: Year = _report_year()
    section: Text = pa.Field(
        isin=list(_FORMS.sections),
        description="Which of the six prescribed sections; preamble: what stands before them; signature: after them.",
    )
    title: Text = pa.Field(nullable=True, description="The heading as printed; null where the section has none.")
    text: Text = pa.Field(description="The section's text, a line for each line or paragraph of the source.")
    locator: Text = _locator(nullable=False)

    class Config(Strict.Config):
        unique = ["report_id", "section"]


class Checks(Strict):
    """One row per report and rule that can be checked: how often it held, failed, or could not say."""

    report_id: Text = _report_id()
    report_year: Year = _report_year()
    rule: Text = _rule()
    passed: Count = pa.Field(ge=0, description="Instances that hold and say something.")
    vacuous: Count = pa.Field(ge=0, description="Instances that hold over zeros alone and so prove nothing.")
    failed: Count = pa.Field(ge=0, description="Instances that do not hold; each is a row of `findings`.")
    not_assessable: Count = pa.Field(ge=0, description="Instances with a blank, unreadable or lost operand.")

    class Config(Strict.Config):
        unique = ["report_id", "rule"]


class Findings(Strict):
    """One row per thing that is wrong or odd in a report, or in our reading of it, with both sides and the place."""

    finding_id: Text = pa.Field(description="Stable name of the finding: same report, rule and place, same name.")
    report_id: Text = _report_id()
    report_year: Year = _report_year()
    rule: Text = _rule()
    severity: Text = pa.Field(
        isin=_SEVERITIES,
        description="error: do not use this table of this report without looking; warning: read before use; info.",
    )
    table_name: Text = pa.Field(nullable=True, description="The table concerned; null: the report as a whole.")
    cell_keys: Text = pa.Field(
        nullable=True, description="The cells concerned, `row/column` codes divided by blanks; null: no cells."
    )
    expected: Text = pa.Field(nullable=True, description="What the rule calls for.")
    observed: Text = pa.Field(nullable=True, description="What stands there.")
    locator: Text = _locator()
    message: Text = pa.Field(description="The finding in a sentence.")

    class Config(Strict.Config):
        unique = ["finding_id"]


class Quarantine(Strict):
    """One row per file that could not be accepted, with the reason and what to do."""

    source_path: Text = pa.Field(description="The file, relative to the raw folder, with `/` between folders.")
    report_year: Year = pa.Field(
        nullable=True, description="Year of the folder; null: the file lies in no year's folder."
    )
    source_sha256: Text = pa.Field(nullable=True, description="SHA-256 of the file's bytes; null: it cannot be opened.")
    stage: Text = pa.Field(isin=["inventory", "text", "parse"], description="The step that refused it.")
    code: Text = pa.Field(description="The reason, for machines.")
    message: Text = pa.Field(description="The reason, for people.")
    hint: Text = pa.Field(description="What to do about it.")

    class Config(Strict.Config):
        unique = ["source_path"]


class Codes(Strict):
    """One row per code."""

    code: Text = pa.Field(description="The code, as the facts use it.")
    position: Count = pa.Field(description="Place in the form's order, from 1.")
    name_zh: Text = pa.Field(description="Chinese name.")
    name_en: Text = pa.Field(description="English name.")
    group_code: Text = pa.Field(description="The group of codes it belongs to.")
    is_total: Flag = pa.Field(description="Whether it is a sum of other codes; never add it to its parts.")
    legal_basis: Text = pa.Field(
        nullable=True, description="Article of the Regulations on Open Government Information."
    )
    definition: Text = pa.Field(description="What it counts.")
    editions: Text = pa.Field(description="Editions of the form that have it.")

    class Config(Strict.Config):
        unique = ["code"]


class Items(Codes):
    """One row per code of `applications.item`: the rows of table 3."""


class Applicants(Codes):
    """One row per code of `applications.applicant`: the kinds of applicant."""


class Channels(Codes):
    """One row per code of `review_litigation.channel`: reviews and the two kinds of lawsuit."""


class Outcomes(Codes):
    """One row per code of `review_litigation.outcome`: how reviews and lawsuits ended."""


class Subjects(Codes):
    """One row per code of `proactive_disclosure.subject`: the rows of table 2."""


class Measures(Codes):
    """One row per code of `proactive_disclosure.measure`: what is counted of a subject."""


class Indicators(Strict):
    """One row per code of `statistics_2014.indicator`: the rows of the statistics table of 2014 to 2018."""

    code: Text = pa.Field(description="The code, as the facts use it.")
    position: Count = pa.Field(description="Place in the table, from 1.")
    name_zh: Text = pa.Field(description="Chinese name: the label without number and note.")
    name_en: Text = pa.Field(description="English name.")
    label: Text = pa.Field(description="The label as the table prints it.")
    unit: Text = pa.Field(description="Unit the table gives; the one a report prints is in the facts.")
    section: Text = pa.Field(description="Section of the table, as its head prints it.")
    is_total: Flag = pa.Field(description="Whether it is a sum of other indicators; never add it to its parts.")

    class Config(Strict.Config):
        unique = ["code"]


class Rules(Strict):
    """One row per rule of `checks` and `findings`."""

    code: Text = pa.Field(description="The code, as `checks` and `findings` use it.")
    position: Count = pa.Field(description="Place in the list, from 1.")
    kind: Text = pa.Field(isin=["check", "note"], description="check: counted in `checks`; note: seen while reading.")
    severity: Text = pa.Field(isin=_SEVERITIES, description="Severity of its findings.")
    name_zh: Text = pa.Field(description="The rule in Chinese.")
    name_en: Text = pa.Field(description="The rule in English.")
    formula: Text = pa.Field(nullable=True, description="The rule in codes; null: it is no arithmetic.")

    class Config(Strict.Config):
        unique = ["code"]


class TableColumns(Strict):
    """One row per column of the dataset: the data dictionary."""

    table_name: Text = pa.Field(description="The table.")
    column_name: Text = pa.Field(description="The column.")
    position: Count = pa.Field(description="Place in the table, from 1.")
    type: Text = pa.Field(description="Type in DuckDB.")
    is_nullable: Flag = pa.Field(description="Whether it may be null.")
    is_key: Flag = pa.Field(description="Whether it is part of the table's key.")
    description: Text = pa.Field(description="What it means.")

    class Config(Strict.Config):
        unique = ["table_name", "column_name"]
