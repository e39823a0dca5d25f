"""pip's JSON: what it would install, and what is installed.

https://pip.pypa.io/en/stable/reference/installation-report/ and https://pip.pypa.io/en/stable/reference/inspect-report/
"""

from collections.abc import Iterator

from msgspec import Struct

from audit.scan.inputs.direct_url import Archive, DirectUrl
from audit.scan.inputs.document import Document
from audit.scan.inputs.pinning import file_of, input_of, name_in, outside, pin_of
from audit.scan.pins import Input, NotOnIndex, Pin


class _Metadata(Struct):
    name: str
    version: str


class _Installed(Struct):
    metadata: _Metadata
    metadata_location: str = ""
    direct_url: DirectUrl | None = None


class _Inspected(Struct):
    installed: list[_Installed]


class _ToInstall(Struct):
    metadata: _Metadata
    download_info: DirectUrl
    is_direct: bool = False


class _Report(Struct):
    install: list[_ToInstall]


def read_pip_report(document: Document) -> Input:
    """The output of ``pip install --report``: each file by its name and hash, which do not bind a later installation.

    Raises:
        InputError: it is not one.
    """
    return input_of(document, (_to_install(document, each) for each in document.json(_Report).install))


def _to_install(document: Document, package: _ToInstall) -> Pin | NotOnIndex:
    address = package.download_info.url
    hashes = (package.download_info.archive_info or Archive()).listed()
    file = file_of(document, name_in(address), hashes)
    if package.is_direct:
        return outside(document, file.line, package.metadata.name, package.download_info.kind, address)
    return pin_of(document, package.metadata.name, package.metadata.version, [file], file.line, is_enforced=False)


def read_pip_inspect(document: Document) -> Input:
    """The output of ``pip inspect``: versions. It does not say which file each was.

    Raises:
        InputError: it is not one.
    """
    return input_of(document, _inspected(document, document.json(_Inspected)))


def _inspected(document: Document, report: _Inspected) -> Iterator[Pin | NotOnIndex]:
    for each in report.installed:
        line = document.places.of(None, name_in(each.metadata_location))
        if each.direct_url is not None:
            yield outside(document, line, each.metadata.name, each.direct_url.kind, each.direct_url.url)
        else:
            yield pin_of(document, each.metadata.name, each.metadata.version, [], line, is_enforced=False)
