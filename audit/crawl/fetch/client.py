"""How requests are made, and the transport made from that."""

from dataclasses import dataclass
from platform import python_version
from typing import Final

import audit
from audit.crawl.fetch.transport import AiohttpTransport
from audit.crawl.fetch.way import Ways
from audit.errors import UsageError
from audit.pip_settings import pip_options

LONGEST_CONTACT: Final = 200


@dataclass(frozen=True, slots=True)
class Manners:
    """How requests are made; seconds throughout.

    ``read_timeout`` bounds the silence between two pieces of an answer, ``total_timeout`` the whole answer; a
    Retry-After is obeyed up to ``longest_pause``. ``rate`` is requests a second (None: no limit).
    ``project_time_limit`` bounds all requests for one project together, redirects, further attempts and the pauses
    before them; waiting for a Retry-After or for the rate is not counted.

    Raises:
        UsageError: the contact has a character that no header may have.
    """

    workers: int = 4
    contact: str | None = None
    rate: float | None = None
    attempts: int = 5
    connect_timeout: float = 15.0
    read_timeout: float = 30.0
    total_timeout: float = 300.0
    project_time_limit: float = 120.0
    longest_pause: float = 900.0

    def __post_init__(self) -> None:
        """Checks that the contact fits in a header."""
        contact = self.contact or ""
        if not contact.isprintable() or len(contact) > LONGEST_CONTACT:
            raise UsageError(
                f"the contact {contact[:40]!r} does not fit: at most {LONGEST_CONTACT} characters, none of them a "
                "control character"
            )

    @property
    def user_agent(self) -> str:
        """The tool, its version, and the contact."""
        contact = f"; {self.contact}" if self.contact else ""
        return f"release-audit/{audit.__version__} (Python {python_version()}{contact})"


def transport_of(manners: Manners) -> AiohttpTransport:
    """The transport with these manners, and with the proxies and certificates that pip would use.

    Raises:
        UsageError: pip's configuration cannot be read, or it or the environment names a proxy that cannot be used.
    """
    return AiohttpTransport(
        connections=manners.workers,
        connect_timeout=manners.connect_timeout,
        read_timeout=manners.read_timeout,
        total_timeout=manners.total_timeout,
        ways=Ways(pip_options()),
    )
