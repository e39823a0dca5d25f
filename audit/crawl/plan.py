"""Which of the wanted projects must be asked for, and how; pure."""

from collections.abc import Iterable, Mapping

from packaging.utils import NormalizedName

from audit.dataset.known import Known
from audit.model import Api, Ask, Outcome

_BLOCK = 4096
_NOT_USABLE = frozenset({Outcome.FAILED, Outcome.STALE})


def plan_asks(
    wanted: Iterable[NormalizedName],
    known: Mapping[NormalizedName, Known],
    serials: Mapping[NormalizedName, int | None] | None,
    *,
    api: Api,
    is_full: bool,
) -> tuple[list[Ask], list[NormalizedName]]:
    """Returns the projects to ask for, and those that are unchanged because their serial has not moved.

    ``serials`` is what the index's root promised (None: not asked); where it has none for a project known through the
    same API, the request is conditional on the entity tag. ``is_full`` asks for everything.
    """
    asks: list[Ask] = []
    unchanged: list[NormalizedName] = []
    for project in dict.fromkeys(wanted):
        promised = serials.get(project) if serials else None
        before = known.get(project)
        if is_full or before is None or before.api != api or before.last_outcome in _NOT_USABLE:
            asks.append(Ask(project, promised))
        elif promised is None:
            asks.append(Ask(project, etag=before.etag, known_serial=before.serial))
        elif before.serial is not None and before.serial >= promised:
            unchanged.append(project)
        else:
            asks.append(Ask(project, promised))
    return _nearly_by_name(asks), unchanged


def _nearly_by_name(asks: list[Ask]) -> list[Ask]:
    """Sorts by name within blocks: the staging is nearly sorted then, and the first of a ranked list come early."""
    if len(asks) <= _BLOCK:
        return asks
    blocks = (asks[at : at + _BLOCK] for at in range(0, len(asks), _BLOCK))
    return [ask for block in blocks for ask in sorted(block, key=lambda ask: ask.project)]


def failed_before(known: Mapping[NormalizedName, Known]) -> list[NormalizedName]:
    """The projects whose last result was failed or stale, by name."""
    return sorted(project for project, before in known.items() if before.last_outcome in _NOT_USABLE)


def whole_index(listed: Iterable[NormalizedName], known: Mapping[NormalizedName, Known]) -> list[NormalizedName]:
    """Every project that the root lists, and every one found before: those that left it must be seen to vanish."""
    found = (project for project, before in known.items() if before.was_found)
    return sorted({*listed, *found})
