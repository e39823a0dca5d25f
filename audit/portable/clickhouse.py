"""A ClickHouse server, asked over HTTP with clickhouse-connect; loaded only when one is asked."""

from typing import Any, Final, cast

import pyarrow as pa

from audit.errors import EngineError, UsageError
from audit.extras import needing
from audit.masking import MASK, masked
from audit.portable.dialects import Dialect
from audit.urls import URL

SCHEMES: Final = {"clickhouse": False, "clickhouses": True}
_PORTS: Final = {False: 8123, True: 8443}


class ClickHouse:
    """A connection to one server; close it."""

    dialect: Final = Dialect.CLICKHOUSE

    def __init__(self, address: URL) -> None:
        """Connects to ``clickhouse://USER:PASSWORD@HOST:PORT/DATABASE``; ``clickhouses`` is the same over TLS.

        Raises:
            ExtraError: clickhouse-connect is not installed.
            EngineError: the server refuses, or cannot be reached.
            UsageError: the address names no host.
        """
        if not address.host:
            raise UsageError(f"{masked(str(address))} names no host: expected clickhouse://HOST/DATABASE")
        with needing("clickhouse", "a question to ClickHouse"):
            import clickhouse_connect  # noqa: PLC0415 - an optional extra
            from clickhouse_connect.driver.exceptions import ClickHouseError  # noqa: PLC0415 - as above
        self._secret, self._error = address.password, ClickHouseError
        self._address = masked(str(address.with_query(None)))
        is_secure = SCHEMES[address.scheme]
        try:
            self._client: Any = clickhouse_connect.get_client(
                host=address.host,
                port=address.port or _PORTS[is_secure],
                username=address.user,
                password=address.password or "",
                database=address.path.strip("/") or "default",
                interface="https" if is_secure else "http",
                autogenerate_session_id=False,
            )
        except ClickHouseError as error:
            raise self._named(error) from error

    def rows(self, sql: str) -> pa.Table:
        """The rows of one statement.

        Raises:
            EngineError: the server refuses it.
        """
        try:
            return cast("pa.Table", self._client.query_arrow(sql, use_strings=True))
        except self._error as error:
            raise self._named(error) from error

    def close(self) -> None:
        """Ends the connection."""
        self._client.close()

    def _named(self, error: Exception) -> EngineError:
        """The error in one line and without the password, whatever the library says."""
        said = " ".join(str(error).split())
        said = said.replace(self._secret, MASK) if self._secret else said
        return EngineError(f"{self._address}: {said[:500]}")
