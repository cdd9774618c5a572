-- Question: which body reported in which year, with which report, how good it is, and whether it was in time (按时发布)?
-- Grain: one row a body of `agencies` and a report year of the dataset, whether it reported in that year or not.
-- Denominator: none; `present` is false where a body that reported in some year has no report here in this one.
-- Counted: reports whose body is resolved; `reports` counts its versions. `report_id`, `grade`, `edition_t3` and
-- `published_on` are those of the one current report, null where there are several that no date puts in order (A2).
-- Caveats: absent from the dataset is not absent from the world. `due_on` is 31 March after the year for governments from
-- the county up, 31 January for their departments and offices (Regulations of 2019, article 49); for report years to
-- 2018 it is 31 March for all of them and for townships and vertical bodies (Regulations of 2007, article 31). Where no
-- day is laid down, or none is printed, `on_time` is null and `on_time_note` says why. A page published again has a later
-- day than the report had.
WITH years AS (
    SELECT DISTINCT report_year FROM reports
),
of_year AS (
    SELECT
        agency_id,
        report_year,
        count(*) AS reports,
        count(*) FILTER (is_current) AS current_reports,
        CASE WHEN count(*) FILTER (is_current) = 1 THEN max(report_id) FILTER (is_current) END AS report_id
    FROM reports
    WHERE agency_id IS NOT NULL
    GROUP BY agency_id, report_year
),
due AS (
    SELECT
        a.agency_id,
        y.report_year,
        CASE
            WHEN a.kind = 'government' AND a.level IN ('province', 'prefecture', 'county')
                THEN make_date(y.report_year + 1, 3, 31)
            WHEN a.kind IN ('department', 'office') AND a.level <> 'township'
                THEN make_date(y.report_year + 1, CASE WHEN y.report_year < 2019 THEN 3 ELSE 1 END, 31)
            WHEN a.kind IN ('government', 'office', 'vertical') AND y.report_year < 2019
                THEN make_date(y.report_year + 1, 3, 31)
        END AS due_on
    FROM agencies AS a
    CROSS JOIN years AS y
)
SELECT
    a.agency_id,
    a.name_zh,
    a.level,
    a.kind,
    a.region_code,
    d.report_year,
    o.agency_id IS NOT NULL AS present,
    coalesce(o.reports, 0) AS reports,
    o.report_id,
    r.grade,
    r.edition_t3,
    r.published_on,
    d.due_on,
    r.published_on <= d.due_on AS on_time,
    CASE
        WHEN o.agency_id IS NULL THEN 'no report'
        WHEN o.report_id IS NULL THEN 'several current reports'
        WHEN d.due_on IS NULL THEN 'no day is laid down for such bodies'
        WHEN r.published_on IS NULL THEN 'no day is printed'
    END AS on_time_note
FROM due AS d
JOIN agencies AS a USING (agency_id)
LEFT JOIN of_year AS o ON o.agency_id = d.agency_id AND o.report_year = d.report_year
LEFT JOIN reports AS r ON r.report_id = o.report_id
ORDER BY a.agency_id, d.report_year
