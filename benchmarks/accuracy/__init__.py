"""How right is the dataset? A corpus with known figures goes through `gongkai build`; every published cell is compared.

    python -m benchmarks.accuracy --reports 2000 --seed 1 --write docs/accuracy.md

`kinds` makes up the figures, `layouts` prints them in every layout and format, `corpus` writes the files with the truth
beside them, `compare` holds the published warehouse against it, `peers` reads the same files as an analyst without
Gongkai would, `scorecard` says how it went. The figures and files come from `tests/planted`, which shares no code with
the parser; what a printed figure means is said once more here (`kinds.meaning`), for the same reason.
"""
