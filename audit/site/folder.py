"""The folder of the site while it is made: pages from templates, and other files beside them."""

import functools
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Final

from jinja2 import Environment

from audit.page.html.templates import templates
from audit.site.page import SitePage
from audit.site.places import about_address, definition_address

_TEMPLATES: Final = Path(__file__).parent / "templates"
_HEX: Final = 10


@dataclass(slots=True)
class SiteFolder:
    """Writes files below ``path``; ``pages`` are the pages written so far, in order.

    ``base_url`` is the site's future address, with a slash at its end; None: unknown. ``given`` are values for every
    page of the site.
    """

    path: Path
    base_url: str | None
    given: dict[str, object] = field(default_factory=dict)
    pages: list[SitePage] = field(default_factory=list)

    def write(self, name: str, content: bytes) -> None:
        """Writes one file, by its name from the site's root.

        Raises:
            OSError: it cannot be written, or exists already.
        """
        file = self.path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("xb") as opened:
            opened.write(content)

    def asset(self, name: str, content: str) -> str:
        """Writes a script or a style; its name has a hash of the content, so that browsers use no old copy."""
        digest = hashlib.sha256(content.encode()).hexdigest()[:_HEX]
        file = PurePosixPath("assets") / name
        found = str(file.with_name(f"{file.stem}-{digest}{file.suffix}"))
        self.write(found, content.encode())
        return found

    def page(self, page: SitePage, template: str, *, folders: Sequence[Path] = (), **values: object) -> None:
        """Writes a page: ``template`` is in one of ``folders`` or among the program's own, and extends the base.

        It gets ``page``, ``site`` (this folder), the values for every page, and ``values``; all of it is text.
        """
        made = _environment(page.root, tuple(folders)).get_template(template)
        text = made.render(page=page, site=self, **self.given, **values)
        self.write(page.path, text.encode())
        self.pages.append(page)

    def address(self, page: SitePage) -> str | None:
        """The future address of a page; None: unknown."""
        return None if self.base_url is None else self.base_url + page.path.removesuffix("index.html")


@functools.cache
def _environment(root: str, folders: tuple[Path, ...]) -> Environment:
    """Templates for pages of one depth: ``root`` is the way to the site's root."""
    return templates(
        *folders,
        _TEMPLATES,
        definition=lambda query, column: root + definition_address(query, column),
        about=lambda name: root + about_address(name),
    )
