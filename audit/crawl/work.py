"""The asking of one crawl: stages a result for each wanted project."""

import logging
from collections.abc import Collection, Mapping
from functools import partial
from pathlib import Path

import anyio
from packaging.utils import NormalizedName

from audit.crawl.asking import ask_for
from audit.crawl.choice import Asker
from audit.crawl.decode.api_version import KNOWN
from audit.crawl.pipeline import Flow
from audit.crawl.plan import plan_asks
from audit.crawl.recorded import write_recorded
from audit.crawl.request import CrawlRequest
from audit.crawl.staged import Watch, stage_all
from audit.crawl.wanted import Wanted
from audit.crawl.worker import RECORD_FOLDERS
from audit.dataset.known import Known
from audit.dataset.staging import Plan, Staging
from audit.errors import CrawlError
from audit.model import Api, Recorded, started_at

_LOG = logging.getLogger(__name__)


class Work:
    """What to ask, which index, and where the results go."""

    def __init__(
        self,
        request: CrawlRequest,
        asker: Asker,
        staging: Staging,
        known: Mapping[NormalizedName, Known],
        wanted: Wanted,
        watch: Watch,
        began: float,
    ) -> None:
        """Asks for nothing yet; ``began`` is when the time limit began, by the event loop's clock."""
        self._request = request
        self._asker = asker
        self._staging = staging
        self._known = known
        self._wanted = wanted
        self._watch = watch
        self._began = began
        self._newer = {wanted.root.newer_api} if wanted.root and wanted.root.newer_api else set()

    async def ask(self, api: Api) -> None:
        """Stages a result for every wanted project that has none staged yet."""
        request, staging = self._request, self._staging
        serials = self._wanted.root.serials if self._wanted.root else None
        asks, unchanged = plan_asks(self._wanted.projects, self._known, serials, api=api, is_full=request.is_full)
        left_seconds = request.time_limit and request.time_limit - (anyio.current_time() - self._began)
        flow = Flow(
            staging,
            api,
            partial(ask_for, self._asker.fetcher, request.address, api),
            workers=request.manners.workers,
            record=_record_folder(request, api, staging.plan),
            time_limit=left_seconds,
        )
        self._newer |= await stage_all(flow, asks, unchanged, self._watch)

    def warn(self) -> None:
        """Warns once if the index declares a newer version of the Index API."""
        warn_of_newer(self._newer)


def warn_of_newer(versions: Collection[str]) -> None:
    """Warns once of versions of the Index API that answers declare and this program does not know."""
    if versions:
        declared, known = max(versions, key=len), ".".join(map(str, KNOWN))
        _LOG.warning(
            "the index speaks version %s of the Index API, this program knows %s: what is new in it is ignored",
            declared,
            known,
        )


def _record_folder(request: CrawlRequest, api: Api, plan: Plan | None) -> Path | None:
    """The folder for recorded pages, made ready; a file in it says from which index and when they were recorded."""
    if request.record and plan:
        folder = request.record / RECORD_FOLDERS[api]
        if folder.is_symlink():
            raise CrawlError(f"{folder} is a link, and no page is written through it: record into a new folder")
        folder.mkdir(parents=True, exist_ok=True)
        write_recorded(request.record, Recorded(started_at(plan.crawl_id), request.address.simple))
    return request.record
