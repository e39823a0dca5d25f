"""A Spark session, asked through PySpark; loaded only when one is asked."""

from typing import Any, Final, cast

import pyarrow as pa

from audit.errors import EngineError
from audit.extras import needing
from audit.portable.dialects import Dialect


class Spark:
    """The existing session of this process, else a new one; close it."""

    dialect: Final = Dialect.SPARK

    def __init__(self, master: str | None) -> None:
        """``master`` is where Spark runs, in Spark's spelling; None: as Spark's own settings say, else on this machine.

        Raises:
            ExtraError: PySpark is not installed.
            EngineError: Spark does not start (without Java it does not).
        """
        with needing("spark", "a question to Spark"):
            from py4j.protocol import Py4JError  # noqa: PLC0415 - as below
            from pyspark.errors import PySparkException  # noqa: PLC0415 - an optional extra
            from pyspark.sql import SparkSession  # noqa: PLC0415 - as above
        self._errors = (PySparkException, Py4JError)
        self._is_own = SparkSession.getActiveSession() is None
        builder: Any = SparkSession.builder.appName("release-audit")
        try:
            self._session: Any = (builder.master(master) if master else builder).getOrCreate()
        except self._errors as error:
            raise self._named(error) from error

    def rows(self, sql: str) -> pa.Table:
        """The rows of one statement.

        Raises:
            EngineError: Spark refuses it, or fails.
        """
        try:
            return cast("pa.Table", self._session.sql(sql).toArrow())
        except self._errors as error:
            raise self._named(error) from error

    def close(self) -> None:
        """Ends the session, if this program started it."""
        if self._is_own:
            self._session.stop()

    @staticmethod
    def _named(error: Exception) -> EngineError:
        said = str(error).strip().partition("\n")[0]
        return EngineError(f"spark: {said[:500]}")
