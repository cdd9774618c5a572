"""A whole country's text reports, made up with their truth: bodies, figures, prose, layouts.

Report number `k` of a seed is that of body `k // 7` for the year `2019 + k % 7`, always, and can be made again alone.
"""

from benchmarks.nation.figures import YEARS
from benchmarks.nation.reports import Report, numbers, report

__all__ = ["YEARS", "Report", "numbers", "report"]
