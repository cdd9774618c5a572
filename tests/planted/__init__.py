"""Reports whose every figure is known, because they were planted here.

The expected values of the parser's tests come from this package, never from the program under test. So
nothing here imports `pipeline`: the forms are typed a second time (`form`), figures are made up (`figures`),
and whole report texts are printed as agencies publish them, with the damage seen in real ones (`render`).

`samples.json` says what stands in each file of `data/raw`, one record a file. `nonzero` has the figures as
printed, by `table/row/col`; `na` the cells printed `/`, `blank` the cells printed empty, `lost` the cells
whose row is not printed at all; every other cell prints `default`. Blanks that pad a figure are left out.
`period_*` and `published_on` are null where the report does not state them.
"""
