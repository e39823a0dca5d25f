"""An index: how well it follows its specifications, and what an audit of it can say."""

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
from audit.doctor.conformance.check import KIND
from audit.doctor.patient import Patient, topic
from audit.errors import FetchError, UsageError
from audit.findings.finding import Case, Place
from audit.masking import masked

# One request at a time, each once: a doctor must not wait half an hour for retries.
MANNERS: Final = Manners(workers=1, attempts=1)
SAMPLED: Final = 3
_ADDRESS: Final = topic(KIND, "index address", "The address of the index is one that can be asked")
_NETWORK: Final = topic(KIND, "network", "The settings of pip and of the environment let the index be asked")
_ROOT: Final = topic(KIND, "index root", "The root of the index answers")


def check_index(
    address: IndexAddress, now: datetime, project: NormalizedName | None = None, count: int = SAMPLED
) -> list[Case]:
    """Looks at one project or, if none is named, at ``count`` spread over the index's root, and judges.

    ``now`` is the time of the look; requests carry the address's credentials, if it has any.
    """
    return anyio.run(partial(_examined, address, now, project, count))


def bad_address(index_url: str | None, why: str) -> Case:
    """The case of an index whose address does not fit, for the reason ``why``."""
    return Patient(KIND, Place(masked(index_url or ""), is_address=True)).fail(_ADDRESS, why)


async def _examined(address: IndexAddress, now: datetime, project: NormalizedName | None, count: int) -> list[Case]:
    index = Patient(KIND, Place(address.simple, is_address=True))
    try:
        async with open_fetcher(MANNERS, address.logins) as fetcher:
            evidence = await gather(Asker(fetcher, address), project, count, now)
    except UsageError as error:  # pip's configuration, or the environment's proxy
        return [index.fail(_NETWORK, str(error))]
    except FetchError as fault:  # the other requests would fail in the same way
        advice = advice_of(fault.reason, "")
        return [index.fail(_ROOT, f"{address.simple} cannot be fetched ({fault})", advice)]
    return [case for check in CHECKS if (case := check.case(evidence)) is not None]
