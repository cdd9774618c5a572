"""Six questions to the requests of all reports, over each shape that the figures lie in.

`cells` asks the table `applications`, one row a cell, in SQL that DuckDB and SQLite both run. `rows` asks a table with
one row an item and a column an applicant, `reports` one with one row a report and a column a cell
(`received_new__total`). The answers of all three are the same rows, in any order.
"""

from collections.abc import Callable, Sequence

SUM = "select sum(value) as value from applications"
"""What all times are held against."""
APPLICANTS = ("natural_person", "company", "research", "nonprofit", "legal_service", "other_org")
_PARTS = " + ".join(APPLICANTS)

Questions = dict[str, str]
"""SQL by name."""

_COUNTIES = """
    select r.report_id, c.region_code as county
    from reports r
    join regions g on g.region_code = r.region_code
    join regions c on c.region_code = case when g.level = 'township' then g.parent_code else g.region_code end
    where c.level = 'county'
"""
"""Of which county each report is; townships are of the county they lie in."""
_PAIRS = """
    select o.report_year, count(*) as pairs,
           sum(case when o.carried_out = i.carried_in then 1 else 0 end) as agreeing,
           sum(i.carried_in - o.carried_out) as difference
    from carried o
    join carried i on i.agency_id = o.agency_id and i.report_year = o.report_year + 1
    where o.carried_out is not null and i.carried_in is not null
    group by o.report_year
"""
_RATES = """
    select county, sum(granted) as granted, sum(processed) as processed, 1.0 * sum(granted) / sum(processed) as rate
    from answered group by county having sum(processed) > 0
"""
_TOP = "where agency_id is not null group by agency_id order by requests desc, agency_id limit 100"
_CURRENT = "r.is_current and r.agency_id is not null"


def cells(items: Sequence[str]) -> Questions:
    """The questions to `applications`."""
    pivoted = ", ".join(f"max(case when item = '{item}' then value end) as {item}" for item in items)
    return {
        "national totals": """
            select report_year, item, sum(value) as value from applications
            where applicant = 'total' and value is not null group by report_year, item
        """,
        "county rates": f"""
            with counties as ({_COUNTIES}), answered as (
                select county, case when item = 'granted_full' then value end as granted,
                       case when item = 'processed_total' then value end as processed
                from applications join counties using (report_id)
                where applicant = 'total' and item in ('granted_full', 'processed_total')
            ) {_RATES}
        """,
        "top agencies": f"""
            select agency_id, sum(value) as requests from applications join reports using (report_id)
            where item = 'received_new' and applicant = 'total' and value is not null
            {_TOP.replace("where", "and")}
        """,
        "row identities": """
            with sums as (
                select report_year, item, sum(case when applicant = 'total' then value else -value end) as gap
                from applications group by report_id, report_year, item having count(value) = 7
            )
            select report_year, item, sum(case when gap = 0 then 1 else 0 end) as held,
                   sum(case when gap = 0 then 0 else 1 end) as failed
            from sums group by report_year, item
        """,
        "carry-over": f"""
            with carried as (
                select r.agency_id, r.report_year, max(case when item = 'carried_in' then value end) as carried_in,
                       max(case when item = 'carried_out' then value end) as carried_out
                from applications join reports r using (report_id)
                where item in ('carried_in', 'carried_out') and applicant = 'total' and {_CURRENT}
                group by r.agency_id, r.report_year
            ) {_PAIRS}
        """,
        "pivot": f"select report_id, {pivoted} from applications where applicant = 'total' group by report_id",
    }


def rows(table: str, items: Sequence[str]) -> Questions:
    """The questions to a table with one row an item of a report and a column an applicant."""
    pivoted = ", ".join(f"max(case when item = '{item}' then total end) as {item}" for item in items)
    return {
        "national totals": f"""
            select report_year, item, sum(total) as value from {table}
            where total is not null group by report_year, item
        """,
        "county rates": f"""
            with counties as ({_COUNTIES}), answered as (
                select county, case when item = 'granted_full' then total end as granted,
                       case when item = 'processed_total' then total end as processed
                from {table} join counties using (report_id) where item in ('granted_full', 'processed_total')
            ) {_RATES}
        """,
        "top agencies": f"""
            select agency_id, sum(total) as requests from {table} join reports using (report_id)
            where item = 'received_new' and total is not null {_TOP.replace("where", "and")}
        """,
        "row identities": f"""
            select report_year, item, count(*) filter (total = {_PARTS}) as held,
                   count(*) filter (total <> {_PARTS}) as failed
            from {table} where total + {_PARTS} is not null group by report_year, item
        """,
        "carry-over": f"""
            with carried as (
                select r.agency_id, r.report_year, max(case when item = 'carried_in' then total end) as carried_in,
                       max(case when item = 'carried_out' then total end) as carried_out
                from {table} join reports r using (report_id)
                where item in ('carried_in', 'carried_out') and {_CURRENT} group by r.agency_id, r.report_year
            ) {_PAIRS}
        """,
        "pivot": f"select report_id, {pivoted} from {table} group by report_id",
    }


def reports(table: str, items: Sequence[str]) -> Questions:
    """The questions to a table with one row a report and a column `<item>__<applicant>` for every cell."""

    def of_each(fields: Callable[[str], str], there: str, source: str = table) -> str:
        """One row an item of what is counted over all reports of a year."""
        each = ", ".join(f"{{'item': '{item}', {fields(item)}}}" for item in items)
        counted = f"select report_year, [{each}] as each from {source} group by report_year"
        return f"select * from (select report_year, unnest(each, recursive := true) from ({counted})) where {there}"

    def gap(item: str) -> str:
        parts = " - ".join(f"{item}__{applicant}" for applicant in APPLICANTS)
        return f"{item}__total - {parts} as {item}"

    return {
        "national totals": of_each(lambda item: f"'value': sum({item}__total)", "value is not null"),
        "county rates": f"""
            with counties as ({_COUNTIES}), answered as (
                select county, granted_full__total as granted, processed_total__total as processed
                from {table} join counties using (report_id)
            ) {_RATES}
        """,
        "top agencies": f"""
            select agency_id, sum(received_new__total) as requests
            from (select report_id, received_new__total from {table}) join (select report_id, agency_id from reports)
            using (report_id) where received_new__total is not null {_TOP.replace("where", "and")}
        """,
        "row identities": of_each(
            lambda item: f"'held': count(*) filter ({item} = 0), 'failed': count(*) filter ({item} <> 0)",
            "held + failed > 0",
            f"(select report_year, {', '.join(map(gap, items))} from {table})",
        ),
        "carry-over": f"""
            with carried as (
                select r.agency_id, r.report_year, max(carried_in__total) as carried_in,
                       max(carried_out__total) as carried_out
                from {table} join reports r using (report_id) where {_CURRENT} group by r.agency_id, r.report_year
            ) {_PAIRS}
        """,
        "pivot": f"select report_id, {', '.join(f'{item}__total as {item}' for item in items)} from {table}",
    }
