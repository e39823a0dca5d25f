"""The report's charts: a query's answer in, an Altair chart out; pure.

Each function takes the answer of the query that its first line names: anything that speaks Arrow, such as an
``Answer``, a table of pyarrow or a frame of polars or pandas, with the columns of that query. Text is drawn as plain
text: characters that could control a terminal or a browser are escaped. No chart has a selection, so the same answer
gives the same specification. Axes and text have the colour of the text around them, so a chart fits a light and a dark
page.
"""

from audit.page.charts.counts import displacement, pythons, reasons
from audit.page.charts.rules import policies, policy_panels
from audit.page.charts.times import lags, months, nights, timeline

__all__ = ["displacement", "lags", "months", "nights", "policies", "policy_panels", "pythons", "reasons", "timeline"]
