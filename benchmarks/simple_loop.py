"""The loop that a user would write for upload times: pypi-simple over requests, with threads, into a CSV file.

python -m benchmarks.simple_loop ADDRESS CSV
"""

import csv
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import local

from pypi_simple import DistributionPackage, ProjectPage, PyPISimple

THREADS = 32
_COLUMNS = (
    *("project", "version", "filename", "package_type", "upload_time", "size", "sha256", "requires_python"),
    *("is_yanked", "yanked_reason"),
)


def main() -> None:
    """Writes a row for each file of each project that the index's root lists."""
    address, path = sys.argv[1:]
    own = local()  # requests promises nothing of a session that several threads share

    def page(project: str) -> ProjectPage:
        if not hasattr(own, "client"):
            own.client = PyPISimple(address)
        client: PyPISimple = own.client
        return client.get_project_page(project)

    with PyPISimple(address) as client:
        projects = client.get_index_page().projects
    with Path(path).open("w", encoding="utf-8", newline="") as file, ThreadPoolExecutor(THREADS) as pool:
        rows = csv.writer(file)
        rows.writerow(_COLUMNS)
        for each in pool.map(page, projects):
            rows.writerows(_rows(each))


def _rows(page: ProjectPage) -> Iterator[tuple[object, ...]]:
    for file in page.packages:
        yield page.project, file.version, file.filename, file.package_type, file.upload_time, *_rest(file)


def _rest(file: DistributionPackage) -> tuple[object, ...]:
    return file.size, file.digests.get("sha256"), file.requires_python, file.is_yanked, file.yanked_reason


if __name__ == "__main__":
    main()
