"""The words of ``docs/glossary.md`` as types, shared by all steps: without IO, and with no library but packaging."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Final

from packaging.utils import NormalizedName

CRAWL_ID_FORMAT = "%Y%m%dT%H%M%SZ"
CRAWL_ID_PATTERN = re.compile(r"[0-9]{8}T[0-9]{6}Z")
# The precision of times, in microseconds.
MICROSECOND: Final = 1
MILLISECOND: Final = 1_000
SECOND: Final = 1_000_000
# The longest names of projects, versions, files and tags, in characters; the longest real ones have a quarter of it.
LONGEST_NAME: Final = 1_000
# The largest answer of an index to one request, both as received and inflated: larger ones are not read.
LARGEST_DOCUMENT_BYTES: Final = 256 * 1024 * 1024


class Api(StrEnum):
    """The index's two APIs, of which a crawl uses one."""

    JSON = "json"
    SIMPLE = "simple"


class ApiChoice(StrEnum):
    """The user's choice of API: one of the two, or the one that the index has."""

    AUTO = "auto"
    JSON = "json"
    SIMPLE = "simple"

    @property
    def api(self) -> Api | None:
        """The chosen API; None: it depends on the index."""
        return None if self is ApiChoice.AUTO else Api(self.value)


class Source(StrEnum):
    """Where a dataset's rows come from: a crawl of an index, or an import."""

    CRAWL = "crawl"
    BIGQUERY = "bigquery"
    CLICKHOUSE = "clickhouse"
    BANDERSNATCH = "bandersnatch"
    RECORDED = "recorded"

    @property
    def is_table(self) -> bool:
        """Whether it is a table of uploads, which keeps deleted files; a killed import of one starts again."""
        return self in PRECISION_US


# The sources that are tables of uploads, and the precision of their times in microseconds.
PRECISION_US: Final[Mapping[Source, int]] = {Source.BIGQUERY: MICROSECOND, Source.CLICKHOUSE: MILLISECOND}


class Kind(StrEnum):
    """What a file is; a file has no kind (null) if neither its name nor the index says one of these."""

    SDIST = "sdist"
    WHEEL = "wheel"
    EGG = "egg"
    WININST = "wininst"
    MSI = "msi"
    RPM = "rpm"
    DMG = "dmg"
    DUMB = "dumb"


class Outcome(StrEnum):
    """How asking for one project ended; every project asked for has exactly one of these."""

    FOUND = "found"
    UNCHANGED = "unchanged"
    MISSING = "missing"
    QUARANTINED = "quarantined"
    STALE = "stale"
    FAILED = "failed"


class Event(StrEnum):
    """What a crawl saw change; ``changed`` (hash, size, upload time, release) should never happen."""

    APPEARED = "appeared"
    VANISHED = "vanished"
    YANKED = "yanked"
    UNYANKED = "unyanked"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Ask:
    """One project to ask for.

    ``promised_serial`` is its serial in the index's root (None: not given); an answer with a lower one is stale.
    ``etag`` makes the request conditional (None: ask for the whole answer); ``known_serial`` is the serial of the
    answer that the tag came with: a "not modified" with another serial is not believed.
    """

    project: NormalizedName
    promised_serial: int | None = None
    etag: str | None = None
    known_serial: int | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Recorded:
    """What a replay says about a page: when it was recorded, and from which index (as named at the recording)."""

    recorded_at: datetime
    recorded_from: str


@dataclass(frozen=True, slots=True)
class Fetched:
    """A usable answer of an index: 200 with a body, or 304, 404 or 410 without.

    ``body`` is as received, still in its content coding; ``content_type`` is what the index says about it, which may be
    wrong. ``attempts`` requests were made for the answer, and ``redirect_count`` is how often the last of them was
    redirected. ``recorded`` is set if a replay answered.
    """

    status: int
    body: bytes = field(default=b"", repr=False)
    is_gzip: bool = False
    content_type: str | None = None
    etag: str | None = None
    serial: int | None = None
    attempts: int = 1
    redirect_count: int = 0
    recorded: Recorded | None = None

    @property
    def is_unchanged(self) -> bool:
        """Whether the document is the one whose entity tag was sent."""
        return self.status == 304

    @property
    def is_missing(self) -> bool:
        """Whether the index says that there is no such document."""
        return self.status in {404, 410}


@dataclass(frozen=True, slots=True)
class Page:
    """A project that was asked for, and the answer; ``duration_ms`` is as in `Result`."""

    ask: Ask
    answer: Fetched
    duration_ms: int = 0

    @property
    def project(self) -> NormalizedName:
        """The project that was asked for."""
        return self.ask.project

    @property
    def body_bytes(self) -> int:
        """The size of the answer as received."""
        return len(self.answer.body)


@dataclass(frozen=True, slots=True)
class Result:
    """How asking for one project ended, with what it cost.

    ``body_bytes`` is the size of the answer as received, ``duration_ms`` the time from the first request to the last
    byte, ``attempts`` the number of requests. ``reason`` and ``detail`` are set where the outcome needs them: a code
    such as ``http-503``, and where and why. ``newer_api`` is the version of the Index API that the page declares, where
    that is newer than this program knows. ``recorded_at`` and ``recorded_from`` are set if the answer came from a
    recording: see `Recorded`.
    """

    project: NormalizedName
    outcome: Outcome
    reason: str | None = None
    detail: str | None = None
    serial: int | None = None
    etag: str | None = None
    body_bytes: int = 0
    duration_ms: int = 0
    attempts: int = 0
    file_count: int = 0
    release_count: int = 0
    index_status: str | None = None
    index_status_reason: str | None = None
    newer_api: str | None = None
    recorded_at: datetime | None = None
    recorded_from: str | None = None


INCOMPLETE = frozenset({Outcome.STALE, Outcome.FAILED})
# Outcomes whose answer says what a project lists now: its rows replace those of the crawl before.
ANSWERED = frozenset({Outcome.FOUND, Outcome.MISSING, Outcome.QUARANTINED})


@dataclass(frozen=True, slots=True)
class Summary:
    """A crawl that has been committed to ``dataset``.

    ``outcomes`` adds up to ``asked``, of which ``settled_count`` were known to be unchanged by their serial in the
    index's root, without a request; ``failures`` counts failed and stale projects by reason; ``first_names`` are the
    first ten names of those that are missing, stale and failed; ``misnamed_count`` names in the index's root cannot be
    a project's, and were not asked for: ``first_misnamed`` are the first of them; ``events`` counts files by kind of
    change; ``request_count`` counts every request, also those for the root and to choose an API. The other counts are
    of the whole dataset now.
    """

    crawl_id: str
    dataset: Path
    asked: int
    settled_count: int
    outcomes: Mapping[str, int]
    failures: Mapping[str, int]
    first_names: Mapping[str, Sequence[str]]
    misnamed_count: int
    first_misnamed: Sequence[str]
    events: Mapping[str, int]
    request_count: int
    body_bytes: int
    project_count: int
    release_count: int
    file_count: int
    untimed_file_count: int
    unlisted_release_count: int
    set_aside_file_count: int
    set_aside_field_count: int

    @property
    def not_reached_count(self) -> int:
        """Projects asked for that had no usable answer."""
        return sum(self.outcomes.get(outcome, 0) for outcome in INCOMPLETE)

    @property
    def is_complete(self) -> bool:
        """Whether every project asked for had a usable answer."""
        return not self.not_reached_count


def crawl_id_of(start: datetime) -> str:
    """The id of the crawl that began at ``start`` (aware): its UTC start, to the second."""
    return start.astimezone(UTC).strftime(CRAWL_ID_FORMAT)


def started_at(crawl_id: str) -> datetime:
    """The UTC start that a crawl's id names.

    Raises:
        ValueError: the text is not a crawl id.
    """
    if not CRAWL_ID_PATTERN.fullmatch(crawl_id):
        raise ValueError(f"{crawl_id!r} is not a crawl id such as 20261123T101500Z")
    return datetime.strptime(crawl_id, CRAWL_ID_FORMAT).replace(tzinfo=UTC)


def next_crawl_id(now: datetime, last: str | None) -> str:
    """An id for a crawl that starts now; one second past ``last`` where the clock would repeat an id."""
    this = crawl_id_of(now)
    return this if last is None or this > last else crawl_id_of(started_at(last) + timedelta(seconds=1))
