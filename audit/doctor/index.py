"""An index: how it keeps to its specifications, and what an audit of it can say."""

from datetime import datetime
from functools import partial
from typing import Final

import anyio
from packaging.utils import NormalizedName

from audit.crawl.choice import Asker
from audit.crawl.fetch import Manners, open_fetcher
from audit.crawl.fetch.faults import advice_of
from audit.crawl.index import IndexAddress
from audit.doctor.conformance import CHECKS, gather
from audit.doctor.finding import Finding, fail
from audit.errors import FetchError, UsageError

# One request at a time, each once: a doctor does not come back in half an hour.
MANNERS: Final = Manners(workers=1, attempts=1)
SAMPLED: Final = 3


def check_index(
    address: IndexAddress, now: datetime, project: NormalizedName | None = None, count: int = SAMPLED
) -> list[Finding]:
    """Looks at one project, or where none is named at ``count`` that are spread over the index's root, and judges.

    ``now`` is when that is; requests carry the address's credentials, if there are any.
    """
    return anyio.run(partial(_examined, address, now, project, count))


async def _examined(address: IndexAddress, now: datetime, project: NormalizedName | None, count: int) -> list[Finding]:
    try:
        async with open_fetcher(MANNERS, address.logins) as fetcher:
            evidence = await gather(Asker(fetcher, address), project, count, now)
    except UsageError as error:  # pip's configuration, or the environment's proxy
        return [fail("network", str(error))]
    except FetchError as fault:  # what was not asked would fail alike
        return [fail("index root", f"{address.simple} cannot be had ({fault}): {advice_of(fault.reason, '')}")]
    return [finding for check in CHECKS if (finding := check.finding(evidence)) is not None]
