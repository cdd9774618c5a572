-- Every cell of the truth beside the one that was published, and what came of it. Needs truth_reports, truth_cells.
--
-- right     the state, the number and the yuan that are printed
-- wrong     another number, a number where none is printed, or a state that says for sure what is not so
-- missing   no row: the table was not found, or the file was refused
-- else      the state itself: a null that says that the reading is not certain
create temp table compared as
with published as (
    select report_id, 'proactive_disclosure' as table_name, subject as row_code, measure as column_code,
           value::decimal(20, 6) as value, value_yuan::decimal(20, 6) as value_yuan, state
    from proactive_disclosure
    union all by name
    select report_id, 'applications' as table_name, item as row_code, applicant as column_code,
           value::decimal(20, 6) as value, state
    from applications
    union all by name
    select report_id, 'review_litigation' as table_name, channel as row_code, outcome as column_code,
           value::decimal(20, 6) as value, state
    from review_litigation
    union all by name
    select report_id, 'statistics_2014' as table_name, indicator as row_code, column_label as column_code,
           value::decimal(20, 6) as value, state
    from statistics_2014
),
found as (select source_path, published.* from published join reports using (report_id))
select
    source_path, table_name, row_code, column_code,
    list_position(['proactive_disclosure', 'applications', 'review_litigation'], table_name) as table_position,
    coalesce(truth.told, true) as told,
    truth.state as planted_state, truth.value as planted_value,
    found.state as found_state, found.value as found_value,
    case
        when found.state is null then 'missing'
        when truth.state is not distinct from found.state
            and truth.value is not distinct from found.value
            and truth.value_yuan is not distinct from found.value_yuan then 'right'
        when found.state in ('unreadable', 'lost', 'text') then found.state
        else 'wrong'
    end as outcome
from truth_cells as truth
full join found using (source_path, table_name, row_code, column_code)
-- a cell that only another edition of the form has says nothing while it has no number
where truth.state is not null or found.value is not null;
