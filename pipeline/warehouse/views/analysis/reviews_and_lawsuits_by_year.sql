-- Question: how many administrative reviews (行政复议) and lawsuits (行政诉讼) did open-government-information work bring,
-- and how often was the agency corrected (结果纠正)?
-- Grain: one row a report year and channel (review, lit_direct, lit_after_review), also for a year of which no report
-- could be counted: its figures are null, not zero.
-- Denominator: `decided`, that is upheld + corrected + other; `corrected_share` is corrected / decided, null where nothing
-- was decided. Pending cases (尚未审结) are left out of it.
-- Counted: current reports with a table 4, no undismissed error finding on it, and a figure in all its fifteen cells, so
-- that the three channels of a year rest on the same reports; `reports_left_out` says how many fail that.
-- Caveats: the sum of the reports at hand, not of the country, and not of the same bodies every year. A dispute that goes
-- on to court counts under `review` and again under `lit_after_review`: do not add the channels to a number of disputes.
-- Whether a case still pending is counted again next year, and how two instances are counted, is not laid down. `other`
-- holds dismissals and withdrawals: corrected_share is no rate of winning on the merits. Since 2024 a refusal must go to
-- review before a suit, so `lit_direct` falls for a legal reason. Reports that leave zeros blank are left out; two
-- versions that no date puts in order (finding A2) both count.
WITH current_reports AS (
    SELECT report_year, report_id FROM reports WHERE is_current
),
complete AS (
    SELECT report_id FROM review_litigation GROUP BY report_id HAVING count(*) = count(value)
),
doubtful AS (
    SELECT report_id FROM findings
    WHERE table_name = 'review_litigation' AND severity = 'error' AND decision IS DISTINCT FROM 'dismissed'
),
counted AS (
    SELECT report_year, report_id
    FROM current_reports
    SEMI JOIN complete USING (report_id)
    ANTI JOIN doubtful USING (report_id)
),
sums AS (
    SELECT
        c.report_year,
        l.channel,
        (sum(l.value) FILTER (l.outcome = 'total'))::BIGINT AS cases,
        (sum(l.value) FILTER (l.outcome = 'upheld'))::BIGINT AS upheld,
        (sum(l.value) FILTER (l.outcome = 'corrected'))::BIGINT AS corrected,
        (sum(l.value) FILTER (l.outcome = 'other'))::BIGINT AS other,
        (sum(l.value) FILTER (l.outcome = 'pending'))::BIGINT AS pending
    FROM counted AS c
    JOIN review_litigation AS l USING (report_id)
    GROUP BY c.report_year, l.channel
),
years AS (
    SELECT
        r.report_year,
        count(c.report_id) AS reports_counted,
        count(*) - count(c.report_id) AS reports_left_out
    FROM current_reports AS r
    LEFT JOIN counted AS c USING (report_id)
    GROUP BY r.report_year
)
SELECT
    y.report_year,
    ch.code AS channel,
    s.cases,
    s.upheld,
    s.corrected,
    s.other,
    s.pending,
    s.upheld + s.corrected + s.other AS decided,
    s.corrected / nullif(s.upheld + s.corrected + s.other, 0) AS corrected_share,
    y.reports_counted,
    y.reports_left_out
FROM years AS y
CROSS JOIN channels AS ch
LEFT JOIN sums AS s ON s.report_year = y.report_year AND s.channel = ch.code
ORDER BY y.report_year, ch.position
