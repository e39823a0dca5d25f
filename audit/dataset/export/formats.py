"""The formats that a dataset can be exported to; each is written completely or not at all."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

from audit.dataset.export import browser, csv, duckdb, partitioned, sqlite
from audit.dataset.export.client import Client
from audit.dataset.export.target import SQLITE, check_duckdb
from audit.dataset.snapshot import check_schema, find_snapshot
from audit.disk.folder import check_folder, output_folder
from audit.disk.whole import check_output, output
from audit.errors import OutputError, QueryError, UsageError

_MAKER: Final = "release-audit dataset export --to {}"


class TargetCheck(Protocol):
    """Checks that a file can be made at ``target``, or replace the one there; raises `UsageError`."""

    def __call__(self, target: Path, *, is_forced: bool) -> None: ...  # noqa: D102 - see its class


@dataclass(frozen=True, slots=True)
class ExportFormat:
    """``write`` makes a snapshot's file, or fills an empty folder, and returns lines that say what it leaves out.

    ``check`` checks the target of a file; None: the target is a folder that lists its files in ``SHA256SUMS``.
    """

    write: Callable[[Path, Path], Sequence[str]]
    check: TargetCheck | None


FORMATS: Final[Mapping[Client, ExportFormat]] = {
    Client.DUCKDB: ExportFormat(duckdb.write, check_duckdb),
    Client.BROWSER: ExportFormat(browser.write, check_duckdb),
    Client.SQLITE: ExportFormat(sqlite.write, SQLITE.check),
    Client.CSV: ExportFormat(csv.write, None),
    Client.PARQUET_PARTITIONED: ExportFormat(partitioned.write, None),
}


def export(
    dataset: Path, to: Client, target: Path, *, is_forced: bool = False, shards: int | None = None
) -> Sequence[str]:
    """Writes the dataset's last commit to ``target``: completely or not at all. Returns lines on what is left out.

    ``shards`` is how many parts it is written in, where the format has parts (None: eight). ``is_forced`` replaces an
    existing file of the same kind, or a folder that an export made.

    Raises:
        UsageError: ``target`` is not a path to write to, or the format has no such parts; says why.
        DatasetError: there is no dataset, or it is damaged.
        OutputError: it cannot be written; what was there is as it was.
    """
    form = FORMATS[to] if shards is None else _parted(to, shards)
    maker = _MAKER.format(to)
    place = _file(target, dataset, form.check, is_forced) if form.check else _folder(target, dataset, maker, is_forced)
    snapshot = find_snapshot(dataset)
    check_schema(snapshot)
    try:
        with place as fresh:
            return form.write(snapshot, fresh)
    except QueryError as error:  # DuckDB has its own error when it cannot write
        raise OutputError(f"{target} cannot be written ({error}): choose another file") from error


def _file(target: Path, dataset: Path, check: TargetCheck, is_forced: bool) -> AbstractContextManager[Path]:
    check_output(target, outside=dataset)
    check(target, is_forced=is_forced)
    return output(target, outside=dataset, is_new=not is_forced)


def _parted(to: Client, shards: int) -> ExportFormat:
    if to is not Client.PARQUET_PARTITIONED:
        raise UsageError(f"--shards is for {Client.PARQUET_PARTITIONED}: {to} is written in one piece")
    partitioned.check_shards(shards)
    return ExportFormat(lambda snapshot, folder: partitioned.write(snapshot, folder, shards), None)


def _folder(target: Path, dataset: Path, maker: str, is_forced: bool) -> AbstractContextManager[Path]:
    if target.is_dir() and not is_forced:
        raise UsageError(f"{target} is there already: --force replaces it")
    check_folder(target, dataset, maker)
    return output_folder(target, outside=dataset, maker=maker)
