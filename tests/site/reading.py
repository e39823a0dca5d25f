"""A site as a program reads it: its pages, their links, their texts."""

from collections.abc import Iterator
from functools import cached_property
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit


class PageText(HTMLParser):
    """A page's tags with their attributes, and the text that it shows."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        if self.cdata_elem not in self.CDATA_CONTENT_ELEMENTS:  # newer Pythons count a title too
            self.text += data

    def attributes(self, name: str) -> list[str]:
        return [value for _, attributes in self.tags if (value := attributes.get(name)) is not None]

    def meta(self, name: str) -> str | None:
        """The content of the meta element of this name, property or HTTP header."""
        keys = ("name", "property", "http-equiv")
        return next((each["content"] for tag, each in self.tags if name in map(each.get, keys)), None)

    @property
    def title(self) -> str:
        return self.text.strip().partition("\n")[0].partition(" · ")[0]


class Site:
    """A folder of pages."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @cached_property
    def files(self) -> dict[str, Path]:
        """All files by their path in the site."""
        return {str(file.relative_to(self.folder)): file for file in self.folder.rglob("*") if file.is_file()}

    @cached_property
    def pages(self) -> dict[str, PageText]:
        return {name: PageText(file.read_text("utf-8")) for name, file in self.files.items() if name.endswith(".html")}

    def links(self) -> Iterator[tuple[str, str]]:
        """Each link of each page to another place, as it is written; an absolute one is recognized by its scheme."""
        for name, page in self.pages.items():
            for attribute in ("href", "src"):
                for link in page.attributes(attribute):
                    yield name, link

    def broken(self) -> list[tuple[str, str]]:
        """The links that lead to no file of the site, or to no place on its page."""
        return [(name, link) for name, link in self.links() if not self._leads(name, link)]

    def _leads(self, name: str, link: str) -> bool:
        parts = urlsplit(link)
        if parts.scheme or parts.netloc or parts.path.startswith("/") or parts.query:
            return False
        place = (self.folder / name).parent / unquote(parts.path) if parts.path else self.folder / name
        found = place.resolve()
        if not found.is_relative_to(self.folder.resolve()) or not found.is_file():
            return False
        target = str(found.relative_to(self.folder.resolve()))
        return not parts.fragment or unquote(parts.fragment) in self.pages[target].attributes("id")
