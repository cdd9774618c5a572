-- Question: how does the statistics table of 2014-2018 go on in the form of 2019, line by line (新旧统计口径对照)?
-- Grain: one row a report year and concept, for years with a report that has either table; null where a side has none.
-- Denominator: none; `reports_2014` and `reports_2019` say how many reports each sum adds up.
-- Counted: current reports without an error finding on the table concerned, and with a figure in every code of the
-- concept that their table has; of the old table only those with one figure column, for 全省 already holds 省本级.
-- Caveats: `comparable` is yes, approx or weak, and `note` says why; no trend goes through a weak line. Not the same
-- bodies every year, and consolidated reports may stand beside those they sum up. Requests carried over and kinds of
-- applicant have no counterpart before 2019; channels of request and punctuality have none after 2018.
WITH concepts (place, concept, comparable, note) AS (
    VALUES
        (1, 'received', 'yes', 'new requests of the year'),
        (2, 'granted', 'yes', 'already public and granted are one row from 2019'),
        (3, 'granted_partial', 'yes', 'same meaning'),
        (4, 'denied', 'approx', 'without what is no government information, and without registry inquiries from 2019'),
        (5, 'state_secret', 'yes', 'same meaning'),
        (6, 'security_stability', 'yes', 'same meaning'),
        (7, 'third_party', 'approx', 'trade secrets and privacy; from 2019 other rights of third parties too'),
        (8, 'not_held', 'yes', 'not this body and does not exist are one row from 2019'),
        (9, 'unclear', 'weak', 'a notice to amend before 2019, a final outcome after; lapsed requests only from 2021'),
        (10, 'other_channel', 'weak', 'directed elsewhere before 2019; petitions and registry inquiries after'),
        (11, 'reviews', 'approx', 'totals only: pending cases have a column from 2019'),
        (12, 'lawsuits', 'approx', 'totals only: pending cases have a column from 2019')
),
old_codes (concept, code, sign) AS (
    VALUES
        ('received', 'received', 1), ('granted', 'ans_already_public', 1), ('granted', 'ans_granted', 1),
        ('granted_partial', 'ans_partial', 1), ('denied', 'ans_denied', 1), ('denied', 'den_not_gov_info', -1),
        ('state_secret', 'den_state_secret', 1), ('security_stability', 'den_security_stability', 1),
        ('third_party', 'den_trade_secret', 1), ('third_party', 'den_privacy', 1),
        ('not_held', 'ans_not_this_organ', 1), ('not_held', 'ans_not_exist', 1), ('unclear', 'ans_clarify', 1),
        ('other_channel', 'ans_other_channel', 1), ('reviews', 'review', 1), ('lawsuits', 'litigation', 1)
),
new_codes (concept, code) AS (
    VALUES
        ('received', 'received_new'), ('granted', 'granted_full'), ('granted_partial', 'granted_partial'),
        ('denied', 'denied_state_secret'), ('denied', 'denied_statutory_bar'), ('denied', 'denied_security_stability'),
        ('denied', 'denied_third_party'), ('denied', 'denied_internal_affairs'), ('denied', 'denied_deliberative'),
        ('denied', 'denied_enforcement_file'), ('state_secret', 'denied_state_secret'),
        ('security_stability', 'denied_security_stability'), ('third_party', 'denied_third_party'),
        ('not_held', 'unable_not_held'), ('unclear', 'unable_unclear'), ('unclear', 'other_no_clarification'),
        ('other_channel', 'rejected_petition'), ('other_channel', 'denied_registry_inquiry'),
        ('reviews', 'review'), ('lawsuits', 'lit_direct'), ('lawsuits', 'lit_after_review')
),
doubtful AS (
    SELECT DISTINCT report_id, table_name FROM findings WHERE severity = 'error'
),
single_column AS (
    SELECT report_id FROM statistics_2014 GROUP BY report_id HAVING count(DISTINCT column_label) = 1
),
old_figures AS (
    SELECT s.report_id, c.concept, sum(c.sign * s.value) AS figure
    FROM statistics_2014 AS s
    JOIN old_codes AS c ON c.code = s.indicator
    SEMI JOIN single_column AS o ON o.report_id = s.report_id
    ANTI JOIN doubtful AS d ON d.report_id = s.report_id AND d.table_name = 'statistics_2014'
    GROUP BY s.report_id, c.concept
    HAVING count(*) = count(s.value)
),
new_cells AS (
    SELECT report_id, 'applications' AS table_name, item AS code, value FROM applications WHERE applicant = 'total'
    UNION ALL
    SELECT report_id, 'review_litigation', channel, value FROM review_litigation WHERE outcome = 'total'
),
new_figures AS (
    SELECT n.report_id, c.concept, sum(n.value) AS figure
    FROM new_cells AS n
    JOIN new_codes AS c ON c.code = n.code
    ANTI JOIN doubtful AS d ON d.report_id = n.report_id AND d.table_name = n.table_name
    GROUP BY n.report_id, c.concept
    HAVING count(*) = count(n.value)
),
either AS (
    SELECT report_id FROM statistics_2014
    UNION
    SELECT report_id FROM new_cells
)
SELECT
    r.report_year,
    c.concept,
    c.comparable,
    sum(o.figure)::BIGINT AS statistics_2014,
    count(o.figure) AS reports_2014,
    sum(n.figure)::BIGINT AS form_2019,
    count(n.figure) AS reports_2019,
    c.note
FROM reports AS r
SEMI JOIN either AS e ON e.report_id = r.report_id
CROSS JOIN concepts AS c
LEFT JOIN old_figures AS o ON o.report_id = r.report_id AND o.concept = c.concept
LEFT JOIN new_figures AS n ON n.report_id = r.report_id AND n.concept = c.concept
WHERE r.is_current
GROUP BY r.report_year, c.place, c.concept, c.comparable, c.note
ORDER BY r.report_year, c.place
