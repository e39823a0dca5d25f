"""The schema: every table and column of a dataset, with type, meaning and unit; written nowhere else."""

from typing import Final

from audit.dataset.table import COUNT, FLAG, TEXT, TIME, Column, Table
from audit.model import Source

_PROJECT = Column("project", TEXT, "name of the project, PEP 503-normalized", "pyyaml")
_VERSION = Column("version", TEXT, "version as the index spells it", "6.0.1")
_VERSION_KEY = Column(
    "version_key",
    TEXT,
    "sorts as text exactly as PEP 440 sorts the version; null: not PEP 440",
    "a0a6a0a1_201",
    is_nullable=True,
)
_IS_PRERELEASE = Column(
    "is_prerelease", FLAG, "alpha, beta, candidate or dev, by PEP 440; null: not PEP 440", "false", is_nullable=True
)
_RELEASE_NUMBER = Column(
    "release_number", COUNT, "place of the release in releases.parquet, from 0; changes with every commit", "4396"
)
_CRAWL_ID = "20261123T101500Z"
_FIRST_SEEN = Column("first_seen_at", TIME, "start of the crawl that first saw it", "2026-11-23T10:15:00.000000Z")


def _source(what: str) -> Column:
    return Column("source", TEXT, f"{what}: {', '.join(Source)}", "crawl")


FILES: Final = Table(
    "files",
    "one row for each file listed now",
    (
        _PROJECT,
        _VERSION,
        _VERSION_KEY,
        _IS_PRERELEASE,
        Column("filename", TEXT, "name of the file; unique on the index", "PyYAML-6.0.1-cp312-cp312-win32.whl"),
        Column(
            "kind",
            TEXT,
            "sdist, wheel, egg, wininst, msi, rpm, dmg, dumb, by the ending of the name; null: it has none",
            "wheel",
            is_nullable=True,
        ),
        Column(
            "declared_kind",
            TEXT,
            "what the index declares, if the name ends otherwise; null: they agree, or it declares none",
            "bdist_dumb",
            is_nullable=True,
        ),
        Column(
            "uploaded_at",
            TIME,
            "upload time, UTC, microseconds; null: the index does not say",
            "2023-08-28T18:43:31.835622Z",
            is_nullable=True,
        ),
        Column("size_bytes", COUNT, "size of the file; null: not given", "126098", is_nullable=True),
        Column(
            "sha256",
            TEXT,
            "SHA-256 of the file, 64 hex digits; null: not given",
            "d483d2cdf104e7c9fa60c544d92981f12ad66a457afae824d146093b8c294c54",
            is_nullable=True,
        ),
        Column("build", TEXT, "build tag of a wheel; null: none", "2", is_nullable=True),
        Column(
            "python_tag",
            TEXT,
            "a wheel's interpreter tags, sorted, joined by '.'; null: not a wheel",
            "cp312",
            is_nullable=True,
        ),
        Column(
            "abi_tag", TEXT, "a wheel's ABI tags, sorted, joined by '.'; null: not a wheel", "cp312", is_nullable=True
        ),
        Column(
            "platform_tag",
            TEXT,
            "a wheel's platform tags, sorted, joined by '.'; null: not a wheel",
            "win32",
            is_nullable=True,
        ),
        Column(
            "requires_python",
            TEXT,
            "interpreters the file admits, as written; null: not given",
            ">=3.6",
            is_nullable=True,
        ),
        Column("is_yanked", FLAG, "yanked (PEP 592); null: not given", "false", is_nullable=True),
        Column(
            "yanked_reason",
            TEXT,
            "why it was yanked, as written; null: no reason",
            "Installable but not importable on Python 3.4.",
            is_nullable=True,
        ),
        Column(
            "has_provenance",
            FLAG,
            "has an attestation (PEP 740); null: the API does not say",
            "true",
            is_nullable=True,
        ),
        Column(
            "uploaded_via",
            TEXT,
            "the tool that uploaded it, as its User-Agent says; null: not given",
            "twine/5.1.1 CPython/3.12.4",
            is_nullable=True,
        ),
        _source("where the row is from"),
        Column("time_precision_us", COUNT, "how exact uploaded_at is", "1"),
        _FIRST_SEEN,
        _RELEASE_NUMBER,
        Column("file_number", COUNT, "place of the file in files.parquet, from 0; changes with every commit", "34090"),
    ),
    ("project", "version_key", "version", "uploaded_at", "filename"),
    "file_number",
)

RELEASES: Final = Table(
    "releases",
    "one row for each release listed now, also those with no file",
    (
        _PROJECT,
        _VERSION,
        _VERSION_KEY,
        _IS_PRERELEASE,
        Column("is_postrelease", FLAG, "a post release, by PEP 440; null: not PEP 440", "false", is_nullable=True),
        Column(
            "public_key",
            TEXT,
            "version_key without the local part; null: not PEP 440",
            "a0a6a0a1_201",
            is_nullable=True,
        ),
        Column("series", TEXT, "epoch!major.minor; null: not PEP 440", "0!6.0", is_nullable=True),
        Column(
            "is_listed",
            FLAG,
            "the index lists it among its versions; false: it is known only from names of files",
            "true",
        ),
        _FIRST_SEEN,
        _RELEASE_NUMBER,
    ),
    ("project", "version_key", "version"),
    "release_number",
)

PROJECTS: Final = Table(
    "projects",
    "one row for each project ever asked for",
    (
        _PROJECT,
        Column(
            "status", TEXT, "found, missing, quarantined: what the last usable answer said; unknown: none yet", "found"
        ),
        Column(
            "last_outcome",
            TEXT,
            "how the last request ended: found, unchanged, missing, quarantined, stale, failed",
            "found",
        ),
        Column(
            "failure_reason",
            TEXT,
            "why the last request failed, as a code; null: it did not",
            "http-503",
            is_nullable=True,
        ),
        Column(
            "failure_detail",
            TEXT,
            "where and why it failed; null: it did not",
            "the index answered 503",
            is_nullable=True,
        ),
        Column(
            "index_status",
            TEXT,
            "active, archived, quarantined, deprecated (PEP 792); null: not given",
            "active",
            is_nullable=True,
        ),
        Column("api", TEXT, "the API that gave its rows: json or simple; null: none yet", "json", is_nullable=True),
        Column(
            "serial", COUNT, "the index's change counter for the project; null: not given", "31526105", is_nullable=True
        ),
        Column("etag", TEXT, "entity tag of the last usable answer; null: not given", '"59d46648"', is_nullable=True),
        Column(
            "recorded_at",
            TIME,
            "when the page was recorded that its rows are from; null: the index itself answered",
            "2026-11-23T00:00:00.000000Z",
            is_nullable=True,
        ),
        Column(
            "recorded_from",
            TEXT,
            "the index that the page was recorded from, as its recorder named it; null: the index itself answered",
            "PyPI",
            is_nullable=True,
        ),
        Column("release_count", COUNT, "releases listed now", "40"),
        Column("file_count", COUNT, "files listed now", "582"),
        Column(
            "first_found_at",
            TIME,
            "start of the crawl that first found it; null: never found",
            "2026-11-23T10:15:00.000000Z",
            is_nullable=True,
        ),
        Column(
            "last_checked_at",
            TIME,
            "start of the last crawl that had a usable answer; null: none",
            "2026-11-23T10:15:00.000000Z",
            is_nullable=True,
        ),
        Column(
            "last_changed_at",
            TIME,
            "start of the last crawl that saw its files or releases change",
            "2026-11-23T10:15:00.000000Z",
            is_nullable=True,
        ),
    ),
    ("project",),
)

SET_ASIDE: Final = Table(
    "set_aside",
    "one row for each file, or field, of a page listed now that could not be read or placed",
    (
        _PROJECT,
        Column(
            "filename",
            TEXT,
            "name of the file; null: it has none, or the field is the page's own",
            "spam-1.0.deb",
            is_nullable=True,
        ),
        Column("is_whole_file", FLAG, "the file is in no other table; false: it is listed without this field", "true"),
        Column("field", TEXT, "the column in which it would be", "filename"),
        Column("value", TEXT, "what the index said, as JSON, cut; null: nothing", '"spam-1.0.deb"', is_nullable=True),
        Column("reason", TEXT, "why it was set aside, as a code", "unknown-ending"),
        Column("crawl_id", TEXT, "the crawl that set it aside", _CRAWL_ID),
    ),
    ("project", "filename", "field", "value", "reason"),
)

EVENTS: Final = Table(
    "events",
    "one row for each change that a crawl saw or an import brought; what the first crawl of a project finds is its "
    "baseline, no change",
    (
        Column("crawl_id", TEXT, "the crawl, or import, that brought it: its UTC start", "20261123T101500Z"),
        Column(
            "seen_at",
            TIME,
            "start of that crawl; null: known from a source that keeps deleted files, but not when they were deleted",
            "2026-11-23T10:15:00.000000Z",
            is_nullable=True,
        ),
        _PROJECT,
        _VERSION,
        Column("filename", TEXT, "the file that changed", "PyYAML-6.0.1-cp312-cp312-win32.whl"),
        Column("event", TEXT, "appeared, vanished, yanked, unyanked, changed", "appeared"),
        Column("is_known_release", FLAG, "the release was listed before this crawl", "true"),
        Column(
            "uploaded_at",
            TIME,
            "upload time of the file, as last given",
            "2023-08-28T18:43:31.835622Z",
            is_nullable=True,
        ),
        Column("field", TEXT, "of a changed file: which column changed", "size_bytes", is_nullable=True),
        Column("before", TEXT, "of a changed file: the value before", "120116", is_nullable=True),
        Column("after", TEXT, "of a changed file: the value after", "120117", is_nullable=True),
        Column(
            "reason",
            TEXT,
            "of a vanished file: unlisted, missing or quarantined; of a yank: the reason as written",
            "unlisted",
            is_nullable=True,
        ),
        _source("where it is from"),
    ),
    ("project", "version", "filename", "event", "field"),
)

CRAWLS: Final = Table(
    "crawls",
    "one row for each project that a crawl asked for; all that had not changed share one row, or two: with and without "
    "a request",
    (
        Column("crawl_id", TEXT, "the crawl: its UTC start", "20261123T101500Z"),
        Column("project", TEXT, "name of the project; null: of all that had not changed", "pyyaml", is_nullable=True),
        Column("outcome", TEXT, "found, unchanged, missing, quarantined, stale, failed", "found"),
        Column("project_count", COUNT, "projects that the row stands for", "1"),
        Column("reason", TEXT, "why it failed or is stale, as a code; null: it is not", "http-503", is_nullable=True),
        Column("detail", TEXT, "where and why; null: nothing to say", "the index answered 503", is_nullable=True),
        Column("serial", COUNT, "the change counter the answer carried; null: not given", "31526105", is_nullable=True),
        Column("body_bytes", COUNT, "size of the answers as they came over the wire", "2303"),
        Column("duration_ms", COUNT, "milliseconds from first request to last byte; of several projects the sum", "48"),
        Column("attempts", COUNT, "requests made, or times that an imported page was read; 0: none was needed", "1"),
        Column("api", TEXT, "json or simple; null: no API was asked", "json", is_nullable=True),
        Column(
            "index_url",
            TEXT,
            "address of the index, without credentials; null: no index was asked",
            "https://packages.example.org/simple/",
            is_nullable=True,
        ),
        Column(
            "chosen_by",
            TEXT,
            "the options that chose the crawl's projects, as given; null: not given",
            "--projects top.json --top 15000",
            is_nullable=True,
        ),
        _source("what was asked"),
    ),
    ("project",),
)

NUMBERS: Final = Table(
    "numbers",
    "one row for each headline number of a crawl's commit; none where it could not be counted",
    (
        Column("crawl_id", TEXT, "the crawl: its UTC start", _CRAWL_ID),
        Column("seen_at", TIME, "start of that crawl", "2026-11-23T10:15:00.000000Z"),
        Column("number", TEXT, "its name", "files-without-time"),
        Column("value_count", COUNT, "the number; null: it is not known", "0", is_nullable=True),
        Column("whole_count", COUNT, "what it is a part of; null: it is not a share", "35996", is_nullable=True),
        Column(
            "definition",
            TEXT,
            "SQL that gives value and whole; if it differs between crawls, so does what is counted",
            "select untimed_file_count, files from coverage() limit 1",
        ),
    ),
    ("number",),
)

DOWNLOADS: Final = Table(
    "downloads",
    "one row for each month, file and installer of the downloads that were imported; no crawl changes them",
    (
        Column("month", TEXT, "month of the downloads, UTC", "2026-07"),
        Column(
            "filename",
            TEXT,
            "name of the file that was downloaded; files need not list it",
            "PyYAML-6.0.1-cp312-cp312-win32.whl",
        ),
        Column("installer", TEXT, "what downloaded it; null: not given", "pip", is_nullable=True),
        Column("download_count", COUNT, "downloads of the file in the month; they are not people", "1204"),
    ),
    ("month", "filename", "installer"),
)

SNAPSHOT_TABLES: Final = (FILES, RELEASES, PROJECTS, SET_ASIDE, DOWNLOADS)
HISTORY_TABLES: Final = (EVENTS, CRAWLS, NUMBERS)
TABLES: Final = (*SNAPSHOT_TABLES, *HISTORY_TABLES)

FIRST_SEEN: Final = _FIRST_SEEN.name
