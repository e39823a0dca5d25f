"""What was seen of an index; pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Generic, TypeVar

from packaging.utils import NormalizedName

from audit.crawl.choice import Choice
from audit.crawl.decode import Decoded, Root
from audit.crawl.index import IndexAddress
from audit.errors import AuditError
from audit.model import Api, Fetched

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Look(Generic[T]):
    """What one address answered, and what was read from it.

    ``content`` None: nothing could be read, because of ``fault``, or because it does not exist (404, which is not a
    fault). ``version`` is the value of ``meta.api-version``. ``again`` is the status of the same request with the
    answer's entity tag (None: it was not asked again).
    """

    url: str
    answer: Fetched | None = None
    content: T | None = None
    fault: AuditError | None = None
    version: object = None
    again: int | None = None

    @property
    def kind(self) -> str:
        """The media type of the answer, without parameters."""
        content_type = self.answer.content_type if self.answer else None
        return (content_type or "none").partition(";")[0].strip().lower()


@dataclass(frozen=True, slots=True)
class Sample:
    """One project, through both APIs; ``has_releases`` says whether its JSON document lists releases."""

    project: NormalizedName
    page: Look[Decoded]
    document: Look[Decoded]


@dataclass(frozen=True, slots=True)
class Evidence:
    """All looks at one index, started at ``now``.

    ``choice`` is the API that a crawl would ask; None: it would ask none, because of ``refusal``.
    """

    address: IndexAddress
    now: datetime
    root: Look[Root]
    samples: Sequence[Sample] = field(default_factory=tuple)
    choice: Choice | None = None
    refusal: str | None = None

    @property
    def index_looks(self) -> list[Look[Any]]:
        """The looks at the root and through the Index API."""
        return [self.root, *self.pages]

    @property
    def pages(self) -> list[Look[Decoded]]:
        """The looks through the Index API."""
        return [sample.page for sample in self.samples]

    @property
    def documents(self) -> list[Look[Decoded]]:
        """The looks through the JSON API."""
        return [sample.document for sample in self.samples]

    @property
    def asked(self) -> list[Look[Decoded]]:
        """The looks through the API that a crawl would ask."""
        return self.documents if self.choice and self.choice.api is Api.JSON else self.pages

    def projects(self) -> Iterator[Decoded]:
        """The projects as a crawl would read them."""
        return (look.content for look in self.asked if look.content is not None)

    def column(self, name: str) -> list[object]:
        """A column of all files, as a crawl would read them."""
        return [value for project in self.projects() for value in project.files[name]]

    def times(self) -> list[datetime]:
        """The upload times that pages have."""
        return [time for time in self.column("uploaded_at") if isinstance(time, datetime)]
