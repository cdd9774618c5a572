-- Question: how complete is the dataset, county by county (各县区覆盖情况)?
-- Grain: one row a report year of the dataset, county and level: county (the government, its office, departments, vertical
-- bodies) or township, for every county of which a body was seen in any year.
-- Denominator: `seen`, the bodies of the county and level that have a report in any year; `share` is present / seen.
-- Counted: bodies with a report of the year, whatever its grade; reports whose body is not resolved are nobody's.
-- Caveats: a body never seen is not missing here. `registered` is the number of townships that stand today in `regions`
-- (development zones and farms left out); for the county level there is no register of bodies, so it is null. A township
-- right under a city counts under the city.
WITH bodies AS (
    SELECT
        a.agency_id,
        a.level,
        CASE a.level WHEN 'township' THEN r.parent_code ELSE a.region_code END AS county_code
    FROM agencies AS a
    JOIN regions AS r USING (region_code)
    WHERE a.level IN ('county', 'township')
),
years AS (
    SELECT DISTINCT report_year FROM reports
),
present AS (
    SELECT DISTINCT agency_id, report_year FROM reports WHERE agency_id IS NOT NULL
),
registered AS (
    SELECT parent_code AS county_code, count(*) AS townships
    FROM regions
    WHERE level = 'township' AND is_current AND kind <> 'zone'
    GROUP BY parent_code
)
SELECT
    y.report_year,
    b.county_code,
    c.name_zh AS county_name,
    b.level,
    count(*) AS seen,
    count(p.agency_id) AS present,
    count(p.agency_id) / count(*) AS share,
    CASE WHEN b.level = 'township' THEN coalesce(any_value(g.townships), 0) END AS registered
FROM bodies AS b
CROSS JOIN years AS y
JOIN regions AS c ON c.region_code = b.county_code
LEFT JOIN present AS p ON p.agency_id = b.agency_id AND p.report_year = y.report_year
LEFT JOIN registered AS g ON g.county_code = b.county_code
GROUP BY y.report_year, b.county_code, c.name_zh, b.level
ORDER BY y.report_year, b.county_code, b.level
