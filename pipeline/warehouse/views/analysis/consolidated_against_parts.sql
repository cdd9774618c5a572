-- Question: do the reports of a county's bodies add up to what the county reports for all of them (C7, 汇总数与分项之和)?
-- Grain: one row a consolidated report of a county's government and row of table 3 that adds up: received_new, carried_in,
-- processed_total, carried_out, in the total column.
-- Denominator: none; `parts` are the bodies that `parts_sum` adds up, `parts_seen` those that reported in any year.
-- Counted: current reports of county governments whose `scope` is consolidated; as parts the current reports of the year
-- of the county's office, departments and townships. A figure that is blank, unread, or of a table with an undismissed
-- error finding is no figure; so are those of a body with several current reports.
-- Caveats: `says` is fails where the parts that are here already exceed the whole: one of them is wrong, or counts what the
-- county does not. It is holds where all that were ever seen are here and add up just so. Else it is cannot_say: a part may
-- be missing, or the county counts bodies that publish no report. Vertical bodies and institutions are no parts.
WITH doubtful AS (
    SELECT DISTINCT report_id FROM findings
    WHERE table_name = 'applications' AND severity = 'error' AND decision IS DISTINCT FROM 'dismissed'
),
current_reports AS (
    SELECT report_year, agency_id, any_value(report_id) AS report_id, any_value(scope) AS scope
    FROM reports
    WHERE is_current AND agency_id IS NOT NULL
    GROUP BY report_year, agency_id
    HAVING count(*) = 1
),
figures AS (
    SELECT report_id, item, value
    FROM applications
    ANTI JOIN doubtful USING (report_id)
    WHERE applicant = 'total' AND item IN ('received_new', 'carried_in', 'processed_total', 'carried_out')
),
bodies AS (
    SELECT
        a.agency_id,
        CASE a.level WHEN 'township' THEN r.parent_code ELSE a.region_code END AS county_code
    FROM agencies AS a
    JOIN regions AS r USING (region_code)
    WHERE (a.level = 'county' AND a.kind IN ('office', 'department'))
        OR (a.level = 'township' AND a.kind = 'government')
),
wholes AS (
    SELECT c.report_year, c.agency_id, a.name_zh, a.region_code AS county_code, c.report_id
    FROM current_reports AS c
    JOIN agencies AS a USING (agency_id)
    WHERE c.scope = 'consolidated' AND a.kind = 'government' AND a.level = 'county'
),
rows_of AS (
    SELECT w.*, i.code AS item, i.position
    FROM wholes AS w
    JOIN items AS i ON i.code IN ('received_new', 'carried_in', 'processed_total', 'carried_out')
),
sums AS (
    SELECT
        w.report_id,
        w.item,
        count(f.value) AS parts,
        count(*) AS parts_seen,
        sum(f.value)::BIGINT AS parts_sum
    FROM rows_of AS w
    JOIN bodies AS b USING (county_code)
    LEFT JOIN current_reports AS c ON c.agency_id = b.agency_id AND c.report_year = w.report_year
    LEFT JOIN figures AS f ON f.report_id = c.report_id AND f.item = w.item
    GROUP BY w.report_id, w.item
)
SELECT
    w.report_year,
    w.agency_id,
    w.name_zh,
    w.report_id,
    w.item,
    f.value AS stated,
    s.parts_sum,
    coalesce(s.parts, 0) AS parts,
    coalesce(s.parts_seen, 0) AS parts_seen,
    CASE
        WHEN s.parts_sum > f.value THEN 'fails'
        WHEN s.parts_sum = f.value AND s.parts = s.parts_seen THEN 'holds'
        ELSE 'cannot_say'
    END AS says
FROM rows_of AS w
LEFT JOIN figures AS f ON f.report_id = w.report_id AND f.item = w.item
LEFT JOIN sums AS s ON s.report_id = w.report_id AND s.item = w.item
ORDER BY w.report_year, w.agency_id, w.position
