"""Bills of materials, CycloneDX and SPDX in JSON: the projects whose purl has PyPI's type.

https://cyclonedx.org/specification/overview/, https://spdx.github.io/spdx-spec/ and
https://github.com/package-url/purl-spec define what is in them.
"""

from collections.abc import Iterator, Sequence
from typing import Any, Final

from msgspec import Struct, field
from packageurl import PackageURL

from audit.scan.inputs.document import Document
from audit.scan.inputs.pinning import file_of, input_of, name_in, outside, pin_of
from audit.scan.pins import Input, NotOnIndex, Pin, PinnedFile

_FILE_ENDINGS: Final = (".whl", ".tar.gz", ".zip", ".egg", ".tar.bz2", ".tgz", ".exe")


class _Hash(Struct):
    alg: str
    content: str


class _Reference(Struct):
    type: str = ""
    url: str = ""
    hashes: list[_Hash] = []


class _Component(Struct, rename="camel"):
    purl: str | None = None
    hashes: list[_Hash] = []
    external_references: list[_Reference] = []
    components: list["_Component"] = []


class _CycloneDx(Struct):
    components: list[_Component] = []


def read_cyclonedx(document: Document) -> Input:
    """The components with a purl of PyPI's type, also those nested in others; the described project itself is not one.

    Raises:
        InputError: it is not a CycloneDX document.
    """
    return input_of(document, _components(document, document.json(_CycloneDx)))


def _components(document: Document, bill: _CycloneDx) -> Iterator[Pin | NotOnIndex]:
    waiting = bill.components[::-1]
    while waiting:
        each = waiting.pop()
        waiting += each.components[::-1]
        distributions = [ref for ref in each.external_references if ref.type == "distribution"]
        files = [file for ref in distributions for file in _files(_file_name(ref.url), ref.hashes)]
        own = [] if files else _files(None, each.hashes)
        yield from _found(document, each.purl, [*files, *own])


def _files(name: str | None, hashes: Sequence[_Hash]) -> list[tuple[str | None, list[str]]]:
    """The files of a place; if it has several hashes, it is a project's and no file has a name."""
    digests = [f"{each.alg.replace('-', '')}:{each.content}" for each in hashes if each.alg.upper() == "SHA-256"]
    if len(digests) > 1:
        return [(None, [each]) for each in digests]
    return [(name, digests)] if name or digests else []


class _Ref(Struct, rename="camel"):
    reference_type: str = ""
    reference_locator: str = ""


class _Checksum(Struct, rename="camel"):
    algorithm: str
    checksum_value: str


class _SpdxPackage(Struct, rename="camel"):
    external_refs: list[_Ref] = []
    checksums: list[_Checksum] = []
    package_file_name: str | None = None
    download_location: str = ""


class _Spdx(Struct):
    packages: list[_SpdxPackage] = []


def read_spdx(document: Document) -> Input:
    """The packages of an SPDX 2 document that have a purl of PyPI's type.

    Raises:
        InputError: it is not one.
    """
    return input_of(document, _packages(document, document.json(_Spdx)))


def _packages(document: Document, bill: _Spdx) -> Iterator[Pin | NotOnIndex]:
    for each in bill.packages:
        purls = [ref.reference_locator for ref in each.external_refs if ref.reference_type == "purl"]
        hashes = [f"{each.algorithm.replace('-', '')}:{each.checksum_value}" for each in each.checksums]
        name = _file_name(each.package_file_name or "") or _file_name(each.download_location)
        for purl in purls:
            yield from _found(document, purl, [(name, hashes)] if name or hashes else [])


class _Element(Struct):
    type: str = ""
    purl: str | None = field(name="software_packageUrl", default=None)
    location: str = field(name="software_downloadLocation", default="")
    verified: list[dict[str, Any]] = field(name="verifiedUsing", default_factory=list)


class _Graph(Struct):
    elements: list[_Element] = field(name="@graph")


def read_spdx_3(document: Document) -> Input:
    """The packages of an SPDX 3 document (JSON-LD) that have a purl of PyPI's type.

    Raises:
        InputError: it is not one.
    """
    return input_of(document, _elements(document, document.json(_Graph)))


def _elements(document: Document, graph: _Graph) -> Iterator[Pin | NotOnIndex]:
    for each in graph.elements:
        hashes = [f"{hash_.get('algorithm')}:{hash_.get('hashValue')}" for hash_ in each.verified]
        name = _file_name(each.location)
        yield from _found(document, each.purl, [(name, hashes)] if name or hashes else [])


def _found(
    document: Document, purl: str | None, files: Sequence[tuple[str | None, list[str]]]
) -> Iterator[Pin | NotOnIndex]:
    """What a purl means, if it has PyPI's type, with the files given beside it."""
    if purl is None or not purl.lower().startswith("pkg:pypi/"):
        return
    line = document.places.words.get(purl.partition("?")[0].partition("#")[0].rpartition("/")[2])
    try:
        package_url = PackageURL.from_string(purl)
    except ValueError:
        raise document.fault(line, "a purl is expected, such as pkg:pypi/name@1.0") from None
    qualifiers = package_url.qualifiers
    if "vcs_url" in qualifiers:
        yield outside(document, line, package_url.name, "the repository", qualifiers["vcs_url"])
        return
    named = qualifiers.get("file_name") or _file_name(qualifiers.get("download_url", ""))
    read: list[PinnedFile] = [file_of(document, name or named, hashes, line=line) for name, hashes in files]
    read += [] if files or not named else [file_of(document, named, line=line)]
    index = qualifiers.get("repository_url")
    yield pin_of(document, package_url.name, package_url.version, read, line, is_enforced=False, index=index)


def _file_name(address: str) -> str | None:
    """The name of a distribution at the end of an address, or in its fragment; None: there is none."""
    names = (name_in(address), name_in(address.partition("#")[2]))
    return next((name for name in names if name.lower().endswith(_FILE_ENDINGS)), None)
