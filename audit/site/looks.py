"""The look and behaviour of all pages of the site: styles, scripts, the icon."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from audit.page.html.templates import text
from audit.page.html.vega import vega
from audit.site.folder import SiteFolder

_HERE: Final = Path(__file__).parent / "templates"


@dataclass(frozen=True, slots=True)
class Looks:
    """Files of the site: ``styles`` of all pages, and the scripts of pages with ``tables`` and with ``charts``."""

    icon: str
    styles: tuple[str, ...]
    tables: tuple[str, ...]
    charts: tuple[str, ...]


def write_looks(folder: SiteFolder) -> Looks:
    """Writes these files.

    Raises:
        OSError: one cannot be written.
    """
    script = folder.asset("report.js", text("report.js"))
    return Looks(
        icon=folder.asset("icon.svg", _own("icon.svg")),
        styles=(folder.asset("report.css", text("report.css")), folder.asset("site.css", _own("site.css"))),
        tables=(script,),
        charts=(folder.asset("vega.js", vega()), script),
    )


def _own(name: str) -> str:
    return (_HERE / name).read_text("utf-8")
