-- Question: how did requests end (办理结果), year by year, as shares of what was processed?
-- Grain: one row a report year and group of outcomes of table 3 (`items.group_code`: granted, denied, unable, rejected,
-- other), also for a year of which no report could be counted: its figures are null, not zero.
-- Denominator: `processed`, the printed totals (总计) of the same reports; `share` is requests / processed, null where
-- nothing was processed.
-- Counted: current reports with a table 3, no undismissed error finding on it, and a figure in every outcome of the total
-- column; `reports_left_out` says how many current reports of the year fail that.
-- Caveats: the sum of the reports at hand, not of the country, and not of the same bodies every year; one large body
-- outweighs many small ones; a consolidated report and those it sums up may both be here, and so may two versions that
-- no date puts in order (finding A2). Reports that leave zeros blank are left out, which favours one style of reporting.
-- `other` is one row of the 2019 form and three of the 2021 form; compare it between them with care.
WITH current_reports AS (
    SELECT report_year, report_id FROM reports WHERE is_current
),
totals AS (
    SELECT a.report_id, i.group_code, a.value
    FROM applications AS a
    JOIN items AS i ON i.code = a.item
    WHERE a.applicant = 'total' AND i.group_code IN ('granted', 'denied', 'unable', 'rejected', 'other', 'total')
),
complete AS (
    SELECT report_id FROM totals GROUP BY report_id HAVING count(*) = count(value)
),
doubtful AS (
    SELECT report_id FROM findings
    WHERE table_name = 'applications' AND severity = 'error' AND decision IS DISTINCT FROM 'dismissed'
),
counted AS (
    SELECT report_year, report_id
    FROM current_reports
    SEMI JOIN complete USING (report_id)
    ANTI JOIN doubtful USING (report_id)
),
sums AS (
    SELECT c.report_year, t.group_code, sum(t.value)::BIGINT AS requests
    FROM counted AS c
    JOIN totals AS t USING (report_id)
    GROUP BY c.report_year, t.group_code
),
years AS (
    SELECT
        r.report_year,
        count(c.report_id) AS reports_counted,
        count(*) - count(c.report_id) AS reports_left_out
    FROM current_reports AS r
    LEFT JOIN counted AS c USING (report_id)
    GROUP BY r.report_year
),
outcome_groups AS (
    SELECT group_code, min(position) AS place
    FROM items
    WHERE group_code IN ('granted', 'denied', 'unable', 'rejected', 'other')
    GROUP BY group_code
)
SELECT
    y.report_year,
    g.group_code,
    s.requests,
    p.requests AS processed,
    s.requests / nullif(p.requests, 0) AS share,
    y.reports_counted,
    y.reports_left_out
FROM years AS y
CROSS JOIN outcome_groups AS g
LEFT JOIN sums AS s ON s.report_year = y.report_year AND s.group_code = g.group_code
LEFT JOIN sums AS p ON p.report_year = y.report_year AND p.group_code = 'total'
ORDER BY y.report_year, g.place
