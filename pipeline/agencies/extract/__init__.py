"""How `regions.parquet` and `former_names.parquet` were made: from published lists of divisions, and what is known.

Nothing here runs when reports are read. The lists are packages that README.md beside this folder names with version and
licence; `python -m pipeline.agencies.extract SOURCES` reads them unpacked and writes the same bytes every time.
"""
