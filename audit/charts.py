"""The report's charts, for who asks from Python: ``charts.policies(dataset.query("policies"))`` is an Altair chart.

Each takes the answer of the query that its first line names, whole or filtered, in any form that speaks Arrow. They
need the extra ``report``: without it, importing them raises `audit.errors.ExtraError`.
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
