"""The tables analysts query, each declared once.

From a model come its Arrow schema, the Parquet field descriptions, the DuckDB comments, the Dagster column schema and
the data dictionary: change a table here and nowhere else. Null is refused unless a column says `nullable`; `unique` is
the table's key.
"""

from typing import Any

import pandas as pd
import pandera.pandas as pa
from pandera.api.pandas.model_config import BaseConfig

from pipeline.forms import COMPARABLE, STATISTICS, TABLES, load, load_statistics
from pipeline.tables.types import Count, Day, Flag, Money, Share, Text, Whole, Year
from pipeline.tables.wide import wide_columns

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


def _as_reports(name: str) -> Any:
    """A column of `reports` that stands in another table, too."""
    column = Reports.to_schema().columns[name]
    return pa.Field(nullable=column.nullable, description=column.description)


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
    agency_id: Text = pa.Field(nullable=True, description="The body: a code of `agencies`; null: not resolved.")
    agency_status: Text = pa.Field(
        isin=["resolved", "ambiguous", "unknown"],
        description="resolved: the evidence leaves one body; ambiguous: it leaves several, or is at odds; unknown: no "
        "name of a body that is known. `agency_evidence` holds all of it.",
    )
    agency_score: Share = pa.Field(
        ge=0, le=1, description="How far the body leads all others, from 0 to 1; 0 unless it is resolved."
    )
    region_code: Text = pa.Field(
        nullable=True, description="Present code of the body's division, whatever the year; null: not resolved."
    )
    scope: Text = pa.Field(
        isin=["own_level", "consolidated", "unknown"],
        description="Whom its figures cover, by its own words: own_level, the body alone; consolidated, all bodies of "
        "its region; unknown: it does not say. The sentence is in `agency_evidence`.",
    )
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
    grade_reasons: Text = pa.Field(
        nullable=True,
        description="Why it is not A: the missing tables, then the rules of the errors and warnings that were not "
        "dismissed, each with their number where it is above one; null: it is A.",
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
    """One row per cell of a statistics table before 2019: indicator and figure column."""

    report_id: Text = _report_id()
    report_year: Year = _report_year()
    indicator: Text = pa.Field(isin=_INDICATORS, description="Row of the table: a code of `indicators`.")
    column_label: Text = pa.Field(
        description="The figure column as its header names it (区政府, 本期实际, 历年累计); a column without a name by "
        "its place (第2列), the only column 统计数."
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


def _with_cells(head: type[Strict], *tables: str) -> Any:
    """A model with the columns of another and one for each cell of tables of the form."""
    columns = wide_columns(*tables)
    types = {column.name: Money if column.table == "proactive_disclosure" else Whole for column in columns}
    fields = {column.name: pa.Field(nullable=True, description=column.description) for column in columns}
    return type(head.__name__, (head,), {"__annotations__": types, "__module__": __name__, **fields})


class _ApplicationsHead(Strict):
    report_id: Text = _report_id()
    report_year: Year = _report_year()


class ApplicationsWide(_with_cells(_ApplicationsHead, "applications")):  # type: ignore[misc]
    """One row per report with table 3: a column per cell, `<item>__<applicant>`, null where it has no value."""

    class Config(Strict.Config):
        unique = ["report_id"]


class _ReportHead(Strict):
    report_id: Text = _report_id()
    report_year: Year = _report_year()
    source_path: Text = _as_reports("source_path")
    agency_name: Text = _as_reports("agency_name")
    agency_id: Text = _as_reports("agency_id")
    region_code: Text = _as_reports("region_code")
    grade: Text = _as_reports("grade")
    is_current: Flag = _as_reports("is_current")
    edition_t2: Text = _as_reports("edition_t2")
    edition_t3: Text = _as_reports("edition_t3")


class ReportWide(_with_cells(_ReportHead, *TABLES)):  # type: ignore[misc]
    """One row per report: whose it is, how good, and a column per cell of tables 2-4, null where it has no value."""

    class Config(Strict.Config):
        unique = ["report_id"]


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


class NarrativeFacts(Strict):
    """One row per figure that the sentences of a report state about what its tables count."""

    report_id: Text = _report_id()
    report_year: Year = _report_year()
    position: Count = pa.Field(description="Place among the report's figures, from 1.")
    section: Text = pa.Field(isin=list(_FORMS.sections), description="The section it stands in.")
    name: Text = pa.Field(description="What is counted, as the words say: received, review upheld, normdocs issued.")
    table_name: Text = pa.Field(isin=list(TABLES), description="The table that counts it, too.")
    cell_keys: Text = pa.Field(
        description="The cells it may mean, `row/column`, meanings divided by ` | `; either side is a code, a group of "
        "codes (`inflow`: received and carried in), or a sum."
    )
    kind: Text = pa.Field(
        isin=["count", "share", "amount"], description="count; share: percent of a total; amount: of money, in yuan."
    )
    value: Money = pa.Field(description="The number stated; 0 where it is stated in words (未收到).")
    unit: Text = pa.Field(description="Unit as stated; % of a share; 元 of an amount, whatever is printed.")
    is_exact: Flag = pa.Field(description="False where the words say that it is not: 约, 余, 近, a range.")
    is_negation: Flag = pa.Field(description="Whether it is stated in words: 未收到, 没有发生.")
    is_certain: Flag = pa.Field(description="Whether nothing else can be meant; else it confirms at most.")
    scope: Text = pa.Field(
        isin=["own", "region", "unknown"],
        description="For whom the sentence counts: the reporting body, all bodies of its region, or `body`.",
    )
    body: Text = pa.Field(nullable=True, description="The body the sentence names; null: none.")
    period: Text = pa.Field(
        nullable=True,
        description="The year the sentence names, `previous`, or `cumulative`; null: none, the report's own is meant.",
    )
    rule: Text = _rule()
    verdict: Text = pa.Field(
        isin=["confirmed", "contradicted", "cannot_say"],
        description="What the table says to it; cannot_say: blank or absent cells, another scope or period, not exact.",
    )
    sentence: Text = pa.Field(description="The sentence as printed.")
    locator: Text = _locator(nullable=False)

    class Config(Strict.Config):
        unique = ["report_id", "position"]


class AgencyEvidence(Strict):
    """One row per thing that says whose report it is, for the body that was found or against, or what it covers."""

    report_id: Text = _report_id()
    report_year: Year = _report_year()
    position: Count = pa.Field(description="Place among the report's evidence, from 1.")
    kind: Text = pa.Field(
        isin=[
            *("override", "title", "field", "signature", "subject", "path", "contact", "folder"),
            *("parent", "citation", "mention", "phone", "postcode", "level", "self", "scope"),
        ],
        description="override: a line of agencies.csv; the body's name in the title, a page's field, the signature, "
        "as subject of a sentence, in the file's name (path), or where questions go (contact); a region in the path "
        "(folder), right before the name (parent), in a notice that is cited (citation), in the text (mention); phone, "
        "postcode; level: 全县, 我市; self: what the report calls its own body (我镇); scope: whom the figures cover.",
    )
    name: Text = pa.Field(nullable=True, description="The name of a body that it gives; null: it gives none.")
    text: Text = pa.Field(description="What is printed: the name, the sentence, the number; of an override why.")
    locator: Text = _locator()
    region_code: Text = pa.Field(nullable=True, description="The region it speaks for; null: several, or none.")
    says: Text = pa.Field(
        isin=["for", "against", "nothing", "own_level", "consolidated"],
        description="What it says of the body that was found, or of the likeliest; of the scope, which one.",
    )

    class Config(Strict.Config):
        unique = ["report_id", "position"]


class SimilarReports(Strict):
    """One row per report and other report whose narrative is nearly the same in what is not the form's own wording."""

    report_id: Text = _report_id()
    report_year: Year = _report_year()
    other_report_id: Text = pa.Field(description="The other report, by the same 16 digits of its own bytes.")
    other_report_year: Year = pa.Field(description="Its report year.")
    kind: Text = pa.Field(
        isin=["previous_year", "same_county"],
        description="previous_year: the same body's of the year before; same_county: another body's of the same year.",
    )
    similarity: Share = pa.Field(
        ge=0.9,
        le=1,
        description="How much of both texts is common, in the same order, from 0 to 1; pairs below 0.9 are not listed.",
    )

    class Config(Strict.Config):
        unique = ["report_id", "other_report_id"]


class Checks(Strict):
    """One row per report and rule that can be checked: how often it held, failed, or could not say."""

    report_id: Text = _report_id()
    report_year: Year = _report_year()
    rule: Text = _rule()
    passed: Count = pa.Field(ge=0, description="Instances that hold and say something.")
    vacuous: Count = pa.Field(ge=0, description="Instances that hold over zeros alone and so prove nothing.")
    failed: Count = pa.Field(ge=0, description="Instances that do not hold; each is a row of `findings`.")
    not_assessable: Count = pa.Field(
        ge=0,
        description="Instances that cannot say: an operand is blank, unreadable, lost, or of a report that is missing.",
    )

    class Config(Strict.Config):
        unique = ["report_id", "rule"]


class Findings(Strict):
    """One row per thing that is wrong or odd in a report, or in our reading of it, with both sides and the place."""

    finding_id: Text = pa.Field(
        description="Stable name of the finding: same report, rule, place and both sides, same name."
    )
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
    decision: Text = pa.Field(
        isin=["confirmed", "dismissed"],
        nullable=True,
        description="What someone who looked said: confirmed; dismissed (it counts for no grade); null: nobody did.",
    )
    decision_comment: Text = pa.Field(nullable=True, description="Why it was decided so.")
    decided_by: Text = pa.Field(nullable=True, description="Who decided.")
    decided_on: Day = pa.Field(nullable=True, description="When.")

    class Config(Strict.Config):
        unique = ["finding_id"]


class Corrections(Strict):
    """One row per recorded correction of a cell: what is printed, what stands in the dataset instead, and why."""

    report_id: Text = _report_id()
    report_year: Year = _report_year()
    table_name: Text = pa.Field(isin=[*TABLES, STATISTICS], description="The table of the cell.")
    cell_keys: Text = pa.Field(description="The cell, `row/column` codes, as `findings` name it.")
    printed: Text = pa.Field(nullable=True, description="The cell as printed; null: it is lost.")
    value: Money = pa.Field(nullable=True, description="The value it was given; null: none, `state` says why.")
    unit: Text = pa.Field(
        isin=["万元", "元"], nullable=True, description="The unit an amount was given; null: it stays as read."
    )
    state: Text = _state()
    reason: Text = pa.Field(description="Why what was read is not right.")
    corrected_by: Text = pa.Field(description="Who recorded the correction.")
    corrected_on: Day = pa.Field(description="When.")
    source: Text = pa.Field(
        description="Where the right figure stands: a page, a later notice, the report's own picture."
    )
    locator: Text = _locator()

    class Config(Strict.Config):
        unique = ["report_id", "table_name", "cell_keys"]


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
    """One row per code of `statistics_2014.indicator`: the rows of the statistics tables before 2019."""

    code: Text = pa.Field(description="The code, as the facts use it.")
    family: Text = pa.Field(
        isin=list(load_statistics().families),
        description="The table it is a row of: national (2014 to 2018), or a local one before it (shanghai, fujian).",
    )
    position: Count = pa.Field(description="Place in its table, from 1.")
    name_zh: Text = pa.Field(description="Chinese name: the label without number and note.")
    name_en: Text = pa.Field(description="English name.")
    label: Text = pa.Field(description="The label as the table prints it.")
    unit: Text = pa.Field(description="Unit the table gives; the one a report prints is in the facts.")
    section: Text = pa.Field(description="Section of the table: as its head prints it, where the table has heads.")
    is_total: Flag = pa.Field(description="Whether it is a sum of other indicators; never add it to its parts.")

    class Config(Strict.Config):
        unique = ["code"]


class Crosswalk(Strict):
    """One row per term of a quantity that the statistics table of 2014 to 2018 and the form of 2019 may share."""

    concept: Text = pa.Field(description="The quantity: a line of the crosswalk.")
    term: Count = pa.Field(description="Place among the terms of the line, from 1.")
    position: Count = pa.Field(description="Place of the line, from 1.")
    name_zh: Text = pa.Field(description="The quantity in Chinese.")
    name_en: Text = pa.Field(description="The quantity in English.")
    comparable: Text = pa.Field(
        isin=list(COMPARABLE),
        description="yes: the same quantity; sum: the same once the parts of a side are added up; approximate: a part "
        "is counted otherwise; weak: another thing under a like name; none: the other side has no line.",
    )
    note_zh: Text = pa.Field(description="Why, in Chinese.")
    note_en: Text = pa.Field(description="Why, in English.")
    table_name: Text = pa.Field(isin=[*TABLES, STATISTICS], description="The table that the term stands in.")
    row_code: Text = pa.Field(description="Its row: a code of `indicators`, `items` or `channels`.")
    column_code: Text = pa.Field(
        nullable=True,
        description="Its column: a code of `applicants` or `outcomes`; null: an indicator, whatever its figure column.",
    )
    sign: Count = pa.Field(isin=[1, -1], description="1: added; -1: taken off.")

    class Config(Strict.Config):
        unique = ["concept", "term"]


class Agencies(Strict):
    """One row per body that reports of any year are of: the same through new names, never the same as a namesake."""

    agency_id: Text = pa.Field(
        description="The body: the code of its region, and of all but the region's government what body of it it is "
        "(130529-finance). It does not change when a name does."
    )
    name_zh: Text = pa.Field(
        description="Its name in full: the region's present name and, of a department, what its last report calls it."
    )
    level: Text = pa.Field(
        isin=["central", "province", "prefecture", "county", "township"], description="Level of its region."
    )
    kind: Text = pa.Field(
        isin=["government", "office", "department", "vertical", "zone", "institution"],
        description="government; its office; department; vertical: answers to its own line above, as tax offices do; "
        "zone: a development zone; institution: a hospital, a school, a company.",
    )
    line: Text = pa.Field(
        nullable=True, description="Line of work of a department or vertical body: finance, education; null: none."
    )
    region_code: Text = pa.Field(description="Its region: a code of `regions`.")
    parent_id: Text = pa.Field(
        nullable=True, description="The body it answers to, which may have no report here; null: of the country."
    )
    first_year: Year = pa.Field(description="First report year it was seen in.")
    last_year: Year = pa.Field(description="Last report year it was seen in.")
    reports: Count = pa.Field(description="Number of its reports, versions that were replaced among them.")
    names: Text = pa.Field(
        nullable=True, description="Names its reports give it, the first seen first, divided by `; `; null: none."
    )

    class Config(Strict.Config):
        unique = ["agency_id"]


class ExpectedReports(Strict):
    """One row per body and year of which a report is to be expected, and whether it is there."""

    agency_id: Text = pa.Field(description="The body; a code of `agencies` where any of its reports is there.")
    report_year: Year = pa.Field(description="Report year.")
    name_zh: Text = pa.Field(description="Its name in full.")
    region_code: Text = pa.Field(description="Its region: a code of `regions`.")
    reason: Text = pa.Field(
        isin=["seen", "listed"],
        description="listed: a line of expected.csv asks for it; seen: a report of the body is there for this year, or "
        "for one before it while its region stood, and some body's for this year.",
    )
    present: Flag = pa.Field(description="Whether a report of the body for the year is there.")

    class Config(Strict.Config):
        unique = ["agency_id", "report_year"]


class Regions(Strict):
    """One row per administrative division from the country to the township, those that are no more since 2008 too."""

    region_code: Text = pa.Field(
        description="GB/T 2260 code, six digits, of provinces to counties; statistical code, nine digits, of towns. "
        "The present code, whatever the code was in other years; of a division that is no more its last one, with the "
        "year where that code was given to another (500110-2011)."
    )
    parent_code: Text = pa.Field(nullable=True, description="The region it lies in; null: the country.")
    level: Text = pa.Field(
        isin=["central", "province", "prefecture", "county", "township"],
        description="Level of government; central is the country.",
    )
    kind: Text = pa.Field(
        isin=[
            *("country", "province", "autonomous_region", "municipality"),
            *("prefecture_city", "prefecture", "autonomous_prefecture", "league"),
            *("district", "county_city", "county", "autonomous_county", "banner", "autonomous_banner"),
            *("special_district", "forestry_district"),
            *("subdistrict", "town", "township", "ethnic_township", "sumu", "zone"),
        ],
        description="What it is; zone: a statistical unit that is no division of the state (development zone, farm).",
    )
    name_zh: Text = pa.Field(description="Present name in Chinese; of a division that is no more its last one.")
    name_en: Text = pa.Field(
        description="Name in Latin letters: looked through by hand for provinces and prefectures, mechanical pinyin "
        "for townships and for places named in another language."
    )
    area_code: Text = pa.Field(
        nullable=True,
        description="Telephone area code today; null: a province, a township, or a division that is no more.",
    )
    postcode_prefix: Text = pa.Field(nullable=True, description="First digits of the postcodes of a province.")
    former_names: Text = pa.Field(
        nullable=True, description="Names and codes it had before, the oldest first; null: none since 2008, or unknown."
    )
    valid_from: Year = pa.Field(nullable=True, description="Year it was set up; null: before 2008, or not known.")
    valid_to: Year = pa.Field(nullable=True, description="Year it was abolished; null: it stands, or is not known.")
    known_from: Year = pa.Field(description="First year it stood for certain: that of a list, or `valid_from`.")
    known_to: Year = pa.Field(description="Last year it stood for certain: that of a list, or `valid_to`.")
    is_current: Flag = pa.Field(description="Whether it stands: counties at the end of 2025, townships in 2023.")
    successor_code: Text = pa.Field(
        nullable=True, description="The region that took over most of its land; null: it stands, or is not known."
    )

    class Config(Strict.Config):
        unique = ["region_code"]


class Rules(Strict):
    """One row per rule of `checks` and `findings`."""

    code: Text = pa.Field(description="The code, as `checks` and `findings` use it.")
    position: Count = pa.Field(description="Place in the list, from 1.")
    kind: Text = pa.Field(isin=["check", "note"], description="check: counted in `checks`; note: seen while reading.")
    severity: Text = pa.Field(isin=_SEVERITIES, description="Severity of its findings.")
    name_zh: Text = pa.Field(description="The rule in Chinese.")
    name_en: Text = pa.Field(description="The rule in English.")
    formula: Text = pa.Field(nullable=True, description="The rule in codes; null: it is no arithmetic.")
    tables: Text = pa.Field(
        nullable=True, description="The tables it speaks of, divided by blanks; null: the report as a whole, or any."
    )
    editions: Text = pa.Field(
        nullable=True, description="The editions of the form that have what it speaks of; null: any, or none."
    )

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
