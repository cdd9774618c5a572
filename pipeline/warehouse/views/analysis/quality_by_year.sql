-- Question: how far can the reports of each year be trusted?
-- Grain: one row a report year; and one with a null year if files lie in no year's folder (all of them in quarantine).
-- Denominator: `failing_share` is failed / (passed + failed) over the instances of the identities H1-H4. Instances over
-- zeros alone (`vacuous`) prove nothing and those with a blank operand (`not_assessable`) cannot say: neither is in it.
-- `reports_failing` belongs over `reports_tested`: the reports with at least one instance that passes or fails.
-- Counted: current reports; versions they replace are only numbered in `replaced`, files refused in `quarantined`. The
-- files of a year are reports + replaced + quarantined.
-- Caveats: one wrong figure can break two identities, so `failed` is no count of mistakes. A failing identity is the
-- agency's own slip only where our reading was certain: `findings.message` says which. An absent table has no instances
-- (see grade_d). Grade A says that no check failed: a report of nothing but zeros or blanks has it too.
WITH identities AS (
    SELECT
        r.report_year,
        r.report_id,
        sum(c.passed) AS passed,
        sum(c.vacuous) AS vacuous,
        sum(c.failed) AS failed,
        sum(c.not_assessable) AS not_assessable
    FROM reports AS r
    JOIN checks AS c USING (report_id)
    WHERE r.is_current AND c.rule IN ('H1', 'H2', 'H3', 'H4')
    GROUP BY r.report_year, r.report_id
),
tested AS (
    SELECT
        report_year,
        count(*) FILTER (passed + failed > 0) AS reports_tested,
        count(*) FILTER (failed > 0) AS reports_failing,
        sum(passed)::BIGINT AS passed,
        sum(vacuous)::BIGINT AS vacuous,
        sum(failed)::BIGINT AS failed,
        sum(not_assessable)::BIGINT AS not_assessable
    FROM identities
    GROUP BY report_year
),
grades AS (
    SELECT
        report_year,
        count(*) FILTER (is_current) AS reports,
        count(*) FILTER (NOT is_current) AS replaced,
        count(*) FILTER (is_current AND grade = 'A') AS grade_a,
        count(*) FILTER (is_current AND grade = 'B') AS grade_b,
        count(*) FILTER (is_current AND grade = 'C') AS grade_c,
        count(*) FILTER (is_current AND grade = 'D') AS grade_d
    FROM reports
    GROUP BY report_year
),
refused AS (
    SELECT report_year, count(*) AS quarantined FROM quarantine GROUP BY report_year
)
SELECT
    report_year,
    coalesce(g.reports, 0) AS reports,
    coalesce(g.replaced, 0) AS replaced,
    coalesce(q.quarantined, 0) AS quarantined,
    coalesce(g.grade_a, 0) AS grade_a,
    coalesce(g.grade_b, 0) AS grade_b,
    coalesce(g.grade_c, 0) AS grade_c,
    coalesce(g.grade_d, 0) AS grade_d,
    coalesce(t.reports_tested, 0) AS reports_tested,
    coalesce(t.reports_failing, 0) AS reports_failing,
    coalesce(t.passed, 0) AS passed,
    coalesce(t.vacuous, 0) AS vacuous,
    coalesce(t.failed, 0) AS failed,
    coalesce(t.not_assessable, 0) AS not_assessable,
    t.failed / nullif(t.passed + t.failed, 0) AS failing_share
FROM grades AS g
FULL JOIN refused AS q USING (report_year)
LEFT JOIN tested AS t USING (report_year)
ORDER BY report_year NULLS LAST
