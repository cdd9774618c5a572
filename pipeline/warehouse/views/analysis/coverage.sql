-- Question: who has not published a report that was to be expected (未发布年度报告的机关)?
-- Grain: one row a report year and body of `expected_reports` without a report.
-- Denominator: none; `expected_reports` has the bodies that did publish, too.
-- Counted: bodies that reported before while their region stood, in years of which any report is here, and those of
-- data/expected.csv in the years it gives (`reason`). `last_seen` is the last year before with a report of the body.
-- Caveats: absent from the dataset is not absent from the world. A body that was merged away stays expected unless its
-- region went with it; one that nobody listed and that never reported is not expected; and a report whose body is not
-- resolved is nobody's: see `agency_status` in `reports`, and findings A3.
SELECT
    e.report_year,
    e.agency_id,
    e.name_zh,
    e.region_code,
    r.level,
    e.reason,
    max(seen.report_year) AS last_seen
FROM expected_reports AS e
JOIN regions AS r USING (region_code)
LEFT JOIN expected_reports AS seen
    ON seen.agency_id = e.agency_id AND seen.present AND seen.report_year < e.report_year
WHERE NOT e.present
GROUP BY ALL
ORDER BY e.report_year, e.agency_id
