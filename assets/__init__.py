"""Dagster definitions and nothing else.

One file a concept: `partitions`, `folders` (the resource), `landing`, `tables` and `releases` (the assets), `checks`,
`metadata`, `automation` (sensors, schedules, freshness), `definitions` (all of it together), `in_process` (the same
assets without an instance, for `gongkai build`). An asset reads, calls one function of `pipeline`, writes, and returns
metadata.
"""
