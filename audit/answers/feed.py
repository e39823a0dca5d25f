"""Releases that changed, as an Atom feed (RFC 4287); pure."""

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from xml.etree import ElementTree

from audit.answers.text import plain, xml_text

_ATOM: Final = "http://www.w3.org/2005/Atom"


def render(rows: Sequence[Mapping[str, Any]], *, of: str, at: datetime, links: Mapping[str, str] | None = None) -> str:
    """The rows of the flag ``news`` as entries, in their order; the same rows give the same bytes.

    ``of`` names what is watched, such as an index's address: the same release, seen by the same crawl of the same
    index, always has the same id. ``at`` is when the last crawl began, in UTC. ``links`` are addresses by their
    relation to the feed, such as ``self``.
    """
    ElementTree.register_namespace("", _ATOM)
    feed = _element(None, "feed")
    _element(feed, "id", _identity(of))
    _element(feed, "title", plain(f"Releases that changed on {of}"))
    _element(feed, "updated", _written(at))
    for relation, address in (links or {}).items():
        link = _element(feed, "link")
        link.set("rel", relation)
        link.set("href", xml_text(address))
    _element(_element(feed, "author"), "name", "release-audit")
    for row in rows:
        _entry(feed, row, of)
    ElementTree.indent(feed)
    document: bytes = ElementTree.tostring(feed, "utf-8", xml_declaration=True)
    return document.decode() + "\n"


def _entry(feed: ElementTree.Element, row: Mapping[str, Any], of: str) -> None:
    entry = _element(feed, "entry")
    _element(entry, "id", _identity(of, row["project"], row["version"], row["last_crawl_id"]))
    _element(entry, "title", plain(f"{row['alarm']}: {row['project']} {row['version']}"))
    _element(entry, "updated", _written(row["last_seen_at"]))
    _element(entry, "category").set("term", row["alarm"])
    _element(entry, "summary", plain(row["why"])).set("type", "text")
    _element(entry, "content", "\n".join(map(plain, row["filenames"]))).set("type", "text")


def _element(parent: ElementTree.Element | None, name: str, text: str | None = None) -> ElementTree.Element:
    tag = f"{{{_ATOM}}}{name}"
    element = ElementTree.Element(tag) if parent is None else ElementTree.SubElement(parent, tag)
    element.text = None if text is None else xml_text(text)
    return element


def _identity(*parts: str) -> str:
    return uuid.uuid5(uuid.NAMESPACE_URL, "\0".join(parts)).urn


def _written(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")
