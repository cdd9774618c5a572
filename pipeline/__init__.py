"""Gongkai: China's open-government annual reports as one tidy, checked dataset.

The packages, in the order a report passes through them:

- `forms`      the statutory form, edition by edition, as data
- `readers`    a file becomes a `Document`: rows of cells, each with its place; no reader knows the form
- `parse`      a `Document` becomes a `Reading`: every cell of the form, the sections, who reported and when
- `checks`     what the form's own arithmetic says about a reading
- `tables`     the dataset, declared once
- `warehouse`  readings become Parquet, and Parquet a DuckDB catalogue
- `cli`        the command `gongkai`

Nothing here imports the orchestrator: `assets/` does that, and calls this package.
"""

__version__ = "0.1.0"
