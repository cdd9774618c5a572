"""The tables between a file and the dataset, landed for re-runs and never published: their Arrow schemas.

`raw_documents` lists the files, `document_text` holds what a reader took from each, `readings` how it was read, one
row a document with the cells of each table as lists in the form's order, `resolutions` whose report it is,
`surroundings` what is known of it from beyond itself.
"""

import pyarrow as pa

DECIMAL = pa.decimal128(20, 6)
"""Figures that may be sums of money."""
_TEXT, _TEXTS = pa.string(), pa.list_(pa.string())
_REFUSAL = [("code", _TEXT), ("message", _TEXT), ("hint", _TEXT)]

RAW_DOCUMENTS = pa.schema(
    [
        ("source_path", _TEXT),
        ("source_sha256", _TEXT),
        ("source_format", _TEXT),
        ("source_bytes", pa.int64()),
        ("same_as", _TEXT),  # the file with the same bytes that stands for this one
        ("copies", _TEXTS),  # the files with the same bytes that this one stands for
        *_REFUSAL,
    ]
)
DOCUMENT_TEXT = pa.schema(
    [("report_id", _TEXT), ("source_format", _TEXT), ("reader_version", _TEXT), ("text", _TEXT), *_REFUSAL]
)


def _cells(value: pa.DataType) -> pa.DataType:
    return pa.struct(
        [
            ("edition", _TEXT),
            ("value", pa.list_(value)),
            ("state", _TEXTS),
            ("text", _TEXTS),
            ("origin", _TEXTS),
            ("unit", _TEXTS),
            ("locator", _TEXTS),
        ]
    )


STATISTICS_ENTRIES = pa.list_(
    pa.struct(
        [
            ("indicator", _TEXT),
            ("column_label", _TEXT),
            ("value", DECIMAL),
            ("unit", _TEXT),
            ("state", _TEXT),
            ("text", _TEXT),
            ("origin", _TEXT),
            ("locator", _TEXT),
        ]
    )
)
"""The cells of the statistics table of 2014-2018, null where it is absent: its columns are the agency's choice."""
READINGS = pa.schema(
    [
        ("report_id", _TEXT),
        ("parser_version", _TEXT),
        ("reading", _TEXT),
        ("agency_name", _TEXT),
        ("stated_year", pa.int16()),
        ("period_start", pa.date32()),
        ("period_end", pa.date32()),
        ("published_on", pa.date32()),
        ("proactive_disclosure", _cells(DECIMAL)),
        ("applications", _cells(pa.int64())),
        ("review_litigation", _cells(pa.int64())),
        ("statistics_2014", STATISTICS_ENTRIES),
        (
            "sections",  # `places`: those of the lines of its text
            pa.list_(
                pa.struct(
                    [("section", _TEXT), ("title", _TEXT), ("text", _TEXT), ("locator", _TEXT), ("places", _TEXTS)]
                )
            ),
        ),
        (
            "narrative",
            pa.list_(
                pa.struct(
                    [
                        ("name", _TEXT),
                        ("table", _TEXT),
                        ("cells", _TEXTS),
                        ("value", DECIMAL),
                        ("step", DECIMAL),
                        ("unit", _TEXT),
                        ("kind", _TEXT),
                        ("certain", pa.bool_()),
                        ("exact", pa.bool_()),
                        ("negated", pa.bool_()),
                        ("scope", _TEXT),
                        ("body", _TEXT),
                        ("period", _TEXT),
                        ("yields_to", _TEXT),
                        ("section", _TEXT),
                        ("sentence", _TEXT),
                        ("locator", _TEXT),
                    ]
                )
            ),
        ),
        (
            "notes",
            pa.list_(
                pa.struct(
                    [("rule", _TEXT), ("table_name", _TEXT), ("row", _TEXT), ("observed", _TEXT), ("locator", _TEXT)]
                )
            ),
        ),
        *_REFUSAL,
    ]
)

EARLIER = pa.struct(
    [
        ("report_id", _TEXT),
        *(
            (name, pa.struct([("edition", _TEXT), ("value", pa.list_(value)), ("unit", _TEXTS)]))
            for name, value in (
                ("proactive_disclosure", DECIMAL),
                ("applications", pa.int64()),
                ("review_litigation", pa.int64()),
            )
        ),
        ("statistics_2014", STATISTICS_ENTRIES),
        ("doubtful", _TEXTS),  # tables that were read with doubt
        ("corrected", _TEXTS),  # tables that hold recorded corrections
    ]
)
"""What a report is held against of the same body's report of the year before."""
_VERSION = pa.struct(
    [
        ("report_id", _TEXT),
        *((name, READINGS.field(name).type) for name in ("proactive_disclosure", "applications", "review_litigation")),
        ("statistics_2014", STATISTICS_ENTRIES),
    ]
)
SURROUNDINGS = pa.schema(
    [
        ("report_id", _TEXT),
        ("is_current", pa.bool_()),
        ("earlier", EARLIER),
        ("same_body", pa.bool_()),  # whether `versions` are surely of one body; else they may be namesakes
        # those of one body and year, the report itself among them, the oldest first; null: alone
        ("versions", pa.list_(pa.struct([("report_id", _TEXT), ("source_path", _TEXT)]))),
        ("siblings", pa.list_(_VERSION)),  # versions of the body in other parts, with the first of this one; null: none
    ]
)
RESOLUTIONS = pa.schema(
    [
        ("report_id", _TEXT),
        ("source_path", _TEXT),
        ("resolver_version", _TEXT),
        ("is_given", pa.bool_()),  # by a line of agencies.csv
        ("agency_id", _TEXT),
        ("agency_status", _TEXT),
        ("agency_score", pa.float64()),
        ("region_code", _TEXT),
        ("reason", _TEXT),
        ("scope", _TEXT),
        (
            "evidence",
            pa.list_(
                pa.struct(
                    [
                        ("kind", _TEXT),
                        ("name", _TEXT),
                        ("text", _TEXT),
                        ("locator", _TEXT),
                        ("region_code", _TEXT),
                        ("says", _TEXT),
                    ]
                )
            ),
        ),
    ]
)
