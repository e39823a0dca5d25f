"""The feed of the site: the releases that changed in the last crawls."""

from datetime import UTC, datetime
from typing import Final

from audit.answers.feed import render
from audit.dataset.dataset import Dataset
from audit.model import started_at
from audit.site.folder import SiteFolder

PATH: Final = "feed.xml"
# With a crawl every night, a reader that looks once a week misses nothing; a crawl with very many changes is cut.
_CRAWLS: Final = 7
_ENTRIES: Final = 500


def write_feed(folder: SiteFolder, dataset: Dataset, window_days: int) -> None:
    """Writes what `release-audit watch` shows for the last ``_CRAWLS`` crawls, as Atom; an entry keeps its id.

    Raises:
        OSError: it cannot be written.
    """
    ids = dataset.crawl_ids
    since = started_at(ids[-_CRAWLS:][0]) if ids else None
    news = dataset.query("news", since_at=since, window_days=window_days).arrow().slice(0, _ENTRIES)
    choices = dataset.query("crawl-choices").rows()
    base = folder.base_url
    text = render(
        news.to_pylist(),
        of=(choices and choices[0]["index_url"]) or "an index that is not on record",
        at=started_at(ids[-1]) if ids else datetime.fromtimestamp(0, UTC),
        links={} if base is None else {"self": base + PATH, "alternate": base},
    )
    folder.write(PATH, text.encode())
