"""``release-audit config``: which settings apply here, and where each comes from."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

import typer

from audit.answers.format import Format, LogFormat
from audit.cli.options import (
    DEFAULT_DATASET,
    DEFAULT_WORKERS,
    ApiOption,
    ContactOption,
    DatasetOption,
    FormatOption,
    IndexOption,
    LogFormatOption,
    OwnIndexOption,
    RateOption,
    WindowOption,
    WorkersOption,
    show_rows,
    variable,
)
from audit.model import ApiChoice

if TYPE_CHECKING:
    from audit.cli.settings import Settings


def config(
    context: typer.Context,
    dataset: DatasetOption = DEFAULT_DATASET,
    index_url: IndexOption = None,
    api: ApiOption = ApiChoice.AUTO,
    workers: WorkersOption = DEFAULT_WORKERS,
    own_index: OwnIndexOption = False,
    contact: ContactOption = None,
    rate: RateOption = None,
    log_format: LogFormatOption = LogFormat.TEXT,
    window_days: WindowOption = None,
    form: FormatOption = Format.TABLE,
) -> None:
    """Show each setting's value and where it comes from: a flag, the environment, a settings file, or the default.

    Example: release-audit config --format json
    """
    values = {
        "dataset": str(dataset),
        "index-url": _shown(index_url),
        "api": api.value,
        "workers": workers,
        "own-index": str(own_index).lower(),
        "contact": contact,
        "rate": rate,
        "log-format": log_format.value,
        "window-days": window_days,
    }
    settings: Settings = context.obj
    texts = {name: None if value is None else str(value) for name, value in values.items()}
    rows = [{"setting": name, "value": value, "source": _source(name, context)} for name, value in texts.items()]
    file = f"Settings file: {settings.path}" if settings.path else "No settings file here, nor in a folder above."
    show_rows(rows, form, notes=[file])


def _shown(index_url: str | None) -> str:
    """The index that a crawl would ask, without credentials."""
    from audit.crawl.index import resolve_address
    from audit.masking import masked

    return masked(index_url) if index_url else resolve_address(None).simple


def _source(name: str, context: typer.Context) -> str:
    source = context.get_parameter_source(name.replace("-", "_"))
    sources: Mapping[str, str] = {
        "COMMANDLINE": f"--{name}",
        "ENVIRONMENT": variable(name),
        "DEFAULT_MAP": "settings file",
    }
    found = source and sources.get(source.name)
    return found or ("pip's configuration" if name == "index-url" else "default")
