"""Files of the site for programs: how to cite it (CFF 1.2.0), its data files (Data Package 2.0), its pages."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, Final
from xml.etree import ElementTree

import msgspec
import pyarrow as pa

from audit.answers.json import encode
from audit.answers.section import Section
from audit.page.content import Content
from audit.page.provenance import TITLE, provenance
from audit.site.asked import Asked
from audit.site.folder import SiteFolder
from audit.site.numbers import Download

CITATION: Final = "CITATION.cff"
PACKAGE: Final = "datapackage.json"
SITE_MAP: Final = "sitemap.xml"
_PACKAGE_PROFILE: Final = "https://datapackage.org/profiles/2.0/datapackage.json"
_SITE_MAP_SCHEMA: Final = "http://www.sitemaps.org/schemas/sitemap/0.9"
_MEDIA_TYPES: Final = {
    "csv": "text/csv",
    "json": "application/json",
    "parquet": "application/vnd.apache.parquet",
}
# Table Schema's names for the types of columns.
_FIELD_TYPES: Final = {
    "boolean": pa.types.is_boolean,
    "integer": pa.types.is_integer,
    "number": pa.types.is_floating,
    "datetime": pa.types.is_timestamp,
    "array": pa.types.is_list,
    "string": pa.types.is_string,
}


def write_descriptions(folder: SiteFolder, asked: Asked, at: datetime | None) -> None:
    """Writes the files that describe the site; ``at`` is when the last crawl began (None: there was none).

    The site map needs the site's address: without it none is written.

    Raises:
        OSError: one cannot be written.
    """
    folder.write(CITATION, _citation(asked.content, folder.base_url, at).encode())
    folder.write(PACKAGE, (encode(_package(asked, folder.base_url, at), indent=2) + "\n").encode())
    if folder.base_url is not None:
        folder.write(SITE_MAP, _site_map(folder, at).encode())


def _citation(content: Content, base_url: str | None, at: datetime | None) -> str:
    citation: dict[str, Any] = {
        "cff-version": "1.2.0",
        "message": "If you quote these numbers, please say which dataset they are of.",
        "type": "dataset",
        "title": TITLE,
        "abstract": provenance(content, "html").cite,
        "authors": [{"name": "release-audit"}],
        "version": content.edition,
        "identifiers": [
            {
                "type": "other",
                "value": f"sha256:{content.fingerprint}",
                "description": "Fingerprint of the dataset that the numbers are of",
            }
        ],
    }
    if at is not None:
        citation["date-released"] = f"{at:%Y-%m-%d}"
    if base_url is not None:
        citation["url"] = base_url
    # JSON is valid YAML, so text from an index is quoted safely.
    return "".join(f"{name}: {msgspec.json.encode(value).decode()}\n" for name, value in citation.items())


def _package(asked: Asked, base_url: str | None, at: datetime | None) -> Mapping[str, Any]:
    package: dict[str, Any] = {
        "$schema": _PACKAGE_PROFILE,
        "name": "files-that-came-late",
        "title": TITLE,
        "description": provenance(asked.content, "html").cite,
        "version": asked.content.edition,
    }
    if at is not None:
        package["created"] = f"{at:%Y-%m-%dT%H:%M:%SZ}"
    if base_url is not None:
        package["homepage"] = base_url
    downloads_of = [(each.section, each.downloads) for each in asked.numbers]
    downloads_of.append((asked.history.section, asked.history.downloads))
    resources = [_resource(section, each) for section, downloads in downloads_of for each in downloads]
    return package | {"resources": resources}


def _resource(section: Section, download: Download) -> Mapping[str, Any]:
    left_out = download.all_row_count - download.row_count
    cut = f" The first {download.row_count:,} of {download.all_row_count:,} rows." if left_out else ""
    resource: dict[str, Any] = {
        "name": f"{section.title}.{download.form}",
        "path": download.path,
        "title": section.question,
        "description": f"{section.grain[:1].upper()}{section.grain[1:]}. {section.caveat}{cut}",
        "format": download.form,
        "mediatype": _MEDIA_TYPES[download.form],
        "encoding": "utf-8",
        "bytes": download.byte_count,
        "hash": f"sha256:{download.sha256}",
    }
    if download.form == "parquet":
        del resource["encoding"]
    fields = [
        {"name": each.name, "type": _type(each.type), "description": section.meanings[each.name]}
        for each in section.rows.schema
    ]
    return resource | {"type": "table", "schema": {"fields": fields, "missingValues": [""]}}


def _type(of: pa.DataType) -> str:
    return next(name for name, test in _FIELD_TYPES.items() if test(of))


def _site_map(folder: SiteFolder, at: datetime | None) -> str:
    ElementTree.register_namespace("", _SITE_MAP_SCHEMA)
    root = ElementTree.Element(f"{{{_SITE_MAP_SCHEMA}}}urlset")
    for address in _addresses(folder):
        entry = ElementTree.SubElement(root, f"{{{_SITE_MAP_SCHEMA}}}url")
        ElementTree.SubElement(entry, f"{{{_SITE_MAP_SCHEMA}}}loc").text = address
        if at is not None:
            ElementTree.SubElement(entry, f"{{{_SITE_MAP_SCHEMA}}}lastmod").text = f"{at:%Y-%m-%d}"
    ElementTree.indent(root)
    document: bytes = ElementTree.tostring(root, "utf-8", xml_declaration=True)
    return document.decode() + "\n"


def _addresses(folder: SiteFolder) -> Iterator[str]:
    for page in folder.pages:
        address = folder.address(page)
        if address is not None:
            yield address
