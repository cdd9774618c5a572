-- Question: how does the statistics table of 2014-2018 go on in the form of 2019, line by line (新旧统计口径对照)?
-- Grain: one row a report year and concept, for years with a report that has either table; null where a side has none.
-- Denominator: none; `reports_2014` and `reports_2019` say how many reports each sum adds up.
-- Counted: current reports without an undismissed error finding on the table concerned, and with a figure in every term
-- of the concept that their table has; of the old table only those with one figure column, for 全省 holds 省本级.
-- Caveats: the lines and their terms are the table `crosswalk`; `comparable` is yes, sum, approximate, weak or none, and
-- `note` says why; no trend goes through a weak line, and a line of none has one side alone. Not the same bodies every
-- year, and consolidated reports may stand beside those they sum up. Local tables before 2014 are not in it.
WITH lines AS (
    SELECT DISTINCT position, concept, comparable, note_en FROM crosswalk
),
doubtful AS (
    SELECT DISTINCT report_id, table_name FROM findings
    WHERE severity = 'error' AND decision IS DISTINCT FROM 'dismissed'
),
single_column AS (
    SELECT report_id FROM statistics_2014 GROUP BY report_id HAVING count(DISTINCT column_label) = 1
),
cells AS (
    SELECT s.report_id, 'statistics_2014' AS table_name, s.indicator AS row_code, NULL AS column_code, s.value
    FROM statistics_2014 AS s
    SEMI JOIN single_column AS o ON o.report_id = s.report_id
    UNION ALL
    SELECT report_id, 'applications', item, applicant, value FROM applications
    UNION ALL
    SELECT report_id, 'review_litigation', channel, outcome, value FROM review_litigation
),
figures AS (
    SELECT c.report_id, t.concept, t.table_name = 'statistics_2014' AS is_old, sum(t.sign * c.value) AS figure
    FROM cells AS c
    JOIN crosswalk AS t
        ON t.table_name = c.table_name
        AND t.row_code = c.row_code
        AND t.column_code IS NOT DISTINCT FROM c.column_code
    ANTI JOIN doubtful AS d ON d.report_id = c.report_id AND d.table_name = c.table_name
    GROUP BY c.report_id, t.concept, is_old
    HAVING count(*) = count(c.value)
),
either AS (
    SELECT s.report_id FROM statistics_2014 AS s SEMI JOIN crosswalk AS t ON t.row_code = s.indicator
    UNION
    SELECT report_id FROM applications
    UNION
    SELECT report_id FROM review_litigation
)
SELECT
    r.report_year,
    l.concept,
    l.comparable,
    sum(o.figure)::BIGINT AS statistics_2014,
    count(o.figure) AS reports_2014,
    sum(n.figure)::BIGINT AS form_2019,
    count(n.figure) AS reports_2019,
    l.note_en AS note
FROM reports AS r
SEMI JOIN either AS e ON e.report_id = r.report_id
CROSS JOIN lines AS l
LEFT JOIN figures AS o ON o.report_id = r.report_id AND o.concept = l.concept AND o.is_old
LEFT JOIN figures AS n ON n.report_id = r.report_id AND n.concept = l.concept AND NOT n.is_old
WHERE r.is_current
GROUP BY r.report_year, l.position, l.concept, l.comparable, l.note_en
ORDER BY r.report_year, l.position
