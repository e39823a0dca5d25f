"""A page of the site: its place, its head, and what its policy allows."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

# What every page may load: the styles, scripts and pictures of the site.
_POLICY: Final = {
    "default-src": "'none'",
    "base-uri": "'none'",
    "form-action": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self'",
}

# Search engines cut a longer title.
_TAB: Final = 65


@dataclass(frozen=True, slots=True)
class SitePage:
    """``path`` is from the site's root, with slashes; ``title`` and ``description`` are text, each in one line.

    ``part`` is the entry of the site's navigation to which it belongs. ``styles`` and ``scripts`` are files of the
    site, from its root; ``is_module`` says that the scripts are modules. ``allowed`` are more sources for its
    Content-Security-Policy, by directive.
    """

    path: str
    title: str
    description: str
    part: str = ""
    styles: tuple[str, ...] = ()
    scripts: tuple[str, ...] = ()
    is_module: bool = False
    allowed: Mapping[str, str] = field(default_factory=dict)

    @property
    def root(self) -> str:
        """The way from the page to the site's root, for links: empty, or ends with a slash."""
        return "../" * self.path.count("/")

    def tab(self, site_title: str) -> str:
        """The title for a browser's tab and search results: the page's, and the site's if both fit."""
        both = self.title if self.title == site_title else f"{self.title} · {site_title}"
        return both if len(both) <= _TAB else self.title

    @property
    def policy(self) -> str:
        """Its Content-Security-Policy."""
        names = dict.fromkeys([*_POLICY, *self.allowed])
        directives = {name: " ".join(filter(None, (_POLICY.get(name), self.allowed.get(name)))) for name in names}
        return "; ".join(f"{name} {sources}" for name, sources in directives.items())
