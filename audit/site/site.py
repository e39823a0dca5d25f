"""The site of a dataset: everything is asked once, then every page is written, completely or not at all."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from audit.answers.coverage import coverage_note
from audit.answers.text import plain
from audit.dataset.dataset import Dataset
from audit.disk.folder import check_folder, output_folder
from audit.errors import UsageError
from audit.masking import masked_text
from audit.model import started_at
from audit.page.gathering import WINDOW_DAYS
from audit.page.html.picture import picture, picture_text
from audit.page.provenance import TITLE, provenance
from audit.site import workbench
from audit.site.asked import Asked, ask_all
from audit.site.described import write_descriptions
from audit.site.feed import write_feed
from audit.site.folder import SiteFolder
from audit.site.looks import Looks, write_looks
from audit.site.pages import write_pages
from audit.site.projects import write_projects
from audit.urls import SCHEMES, login_of, parsed

MAKER: Final = "release-audit site"
# How many projects with most late files have a page: enough for readers, and not too many for a Pages host.
PROJECTS: Final = 200
_EXPECTED: Final = "expected where the site will be, such as https://example.org/numbers/"
_PICTURE: Final = "picture.png"
# The site's navigation: the name of each part, and its first page.
_PARTS: Final = {
    "Report": "index.html",
    "Numbers": "numbers.html",
    "Projects": "projects.html",
    "History": "history.html",
    "Data": "data.html",
    "Words": "words.html",
}


@dataclass(frozen=True, slots=True)
class Made:
    """The size and content of a site that was written."""

    page_count: int
    byte_count: int
    has_workbench: bool


def check_site(target: Path, outside: Path) -> None:
    """Checks that a site can be made at ``target``: nothing is there, or an older site.

    Raises:
        UsageError: it cannot; says why.
    """
    check_folder(target, outside, MAKER)


def served_from(base_url: str) -> str:
    """The address that a site is to be served from, with a slash at its end.

    Raises:
        UsageError: it is not a web address, or has a user name, a query or a fragment.
    """
    try:
        address = parsed(base_url)
        is_fit = address.scheme in SCHEMES and not (address.raw_query_string or address.raw_fragment)
        login = login_of(address) if is_fit else None
    except ValueError:
        login = None
    if login is None:
        raise UsageError(f"--base-url {masked_text(base_url[:100])!r} does not fit: {_EXPECTED}")
    if login.user or login.password:
        raise UsageError(f"--base-url {masked_text(base_url[:100])!r} holds a login, which every reader would see")
    return login.root


def write_site(
    dataset: Dataset,
    target: Path,
    *,
    window_days: int = WINDOW_DAYS,
    projects: int = PROJECTS,
    base_url: str | None = None,
) -> Made:
    """Writes the site of ``dataset`` to the folder ``target``; the same dataset gives the same bytes.

    An existing site is replaced. At most ``projects`` projects have a page. ``base_url`` is its future address, with a
    slash at its end: only the site map and previews of pages on other sites need it.

    Raises:
        UsageError: ``target`` is not a possible place for it, or the window does not fit.
        DatasetError: a file of the dataset is damaged.
        OutputError: it cannot be written; what was there before is as it was.
    """
    with output_folder(target, outside=dataset.path, maker=MAKER) as path:
        folder = SiteFolder(path, base_url)
        looks = write_looks(folder)
        asked = ask_all(dataset, folder, window_days, projects)
        at = started_at(dataset.crawl_ids[-1]) if dataset.crawl_ids else None
        snapshot = dataset.snapshot if workbench.is_built() else None
        folder.given |= _given(looks, asked, has_workbench=snapshot is not None)
        folder.write(_PICTURE, picture(asked.content))
        write_feed(folder, dataset, window_days)
        write_pages(folder, looks, asked, at)
        write_projects(folder, looks, asked)
        if snapshot is not None:
            workbench.write(snapshot, folder, looks)
        write_descriptions(folder, asked, at)
        sizes = [file.stat().st_size for file in path.rglob("*") if file.is_file()]
    return Made(len(folder.pages), sum(sizes), snapshot is not None)


def _given(looks: Looks, asked: Asked, *, has_workbench: bool) -> dict[str, object]:
    """The values for every page."""
    content = asked.content
    return {
        "site_title": TITLE,
        "parts": [*_PARTS.items(), *([(workbench.PART, workbench.PATH)] if has_workbench else [])],
        "styles": looks.styles,
        "icon": looks.icon,
        "picture": _PICTURE,
        "picture_text": picture_text(content),
        "basis": plain(coverage_note(content.first("coverage"))),
        "cite": provenance(content, "html").cite,
        "version": content.version,
    }
