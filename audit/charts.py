"""The report's charts, for use from Python: ``charts.policies(dataset.query("policies"))`` is an Altair chart.

Each takes the answer of the query in its docstring's first line, whole or filtered, from any Arrow source. They need
the extra ``report``: without it, importing them raises `audit.errors.ExtraError`.
"""

from audit.extras import needing

with needing("report", "a chart"):
    from audit.page.charts import (
        displacement,
        lags,
        months,
        nights,
        policies,
        policy_panels,
        pythons,
        reasons,
        timeline,
    )

__all__ = ["displacement", "lags", "months", "nights", "policies", "policy_panels", "pythons", "reasons", "timeline"]
