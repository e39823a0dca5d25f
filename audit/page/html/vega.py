"""Vega, Vega-Lite and Vega-Embed as one script, kept in the user's cache: to bundle it takes a second."""

import functools
from contextlib import suppress
from importlib.metadata import version
from typing import Final

import altair as alt
import vl_convert

from audit.disk.cache import cache
from audit.disk.whole import output
from audit.errors import OutputError, UsageError

_BUNDLER: Final = "vl-convert-python"


@functools.cache
def vega() -> str:
    """The script, of the versions that the charts are written for: from the cache, or bundled anew."""
    charts = ".".join(alt.SCHEMA_VERSION.removeprefix("v").split(".")[:2])
    kept = cache("report") / f"vega-{charts}-{version(_BUNDLER)}.js"
    with suppress(OSError, UnicodeError):
        return kept.read_text("utf-8")
    script = vl_convert.javascript_bundle("window.vegaEmbed = vegaEmbed;", vl_version=charts)
    with suppress(OSError, OutputError, UsageError):  # a machine without a writable home, or with a full disk
        kept.parent.mkdir(parents=True, exist_ok=True)
        with output(kept, outside=None) as fresh:
            fresh.write_text(script, "utf-8", newline="\n")
    return script
