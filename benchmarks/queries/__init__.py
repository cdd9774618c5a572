"""What analysts ask a warehouse, and how long it takes: against one `sum(value)`, and against SQLite and pandas."""
