"""Which files of a page are kept, and which files and fields are set aside."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import MAXYEAR, MINYEAR, datetime
from typing import Final

import msgspec

from audit.crawl.decode.bounds import is_too_long
from audit.crawl.decode.decoded import WRONG_SHAPE, Column, SetAside
from audit.errors import DecodeError

DUPLICATE: Final = "duplicate"
_UNKNOWN_ENDING: Final = "unknown-ending"
_NO_NAMES: Final = frozenset({"", ".", ".."})
_NOT_IN_A_NAME: Final = "/\\\0"
_LONGEST_SHOWN: Final = 200


def fault_of_file(filename: str, kind: object) -> str | None:
    """Why a file is not kept, by its name and the kind (None: none) that the name's ending means; None: it is kept.

    A name that is kept never leads out of a folder that it is joined to.
    """
    if is_too_long(filename):
        return "too-long"
    if any(each in filename for each in _NOT_IN_A_NAME) or filename in _NO_NAMES:
        return "bad-filename"
    return None if kind else _UNKNOWN_ENDING


def faults_of_files(filenames: Sequence[str], kinds: Sequence[object]) -> dict[int, str]:
    """Why some files are not kept, by position: see `fault_of_file`.

    Few pages have any, so one check of all names together is nearly always enough.
    """
    whole = "".join(filenames)
    if (
        all(kinds)
        and not is_too_long(max(filenames, key=len, default=""))
        and not any(each in whole for each in _NOT_IN_A_NAME)
    ):
        return {}
    faults = ((place, fault_of_file(*file)) for place, file in enumerate(zip(filenames, kinds, strict=True)))
    return {place: fault for place, fault in faults if fault}


@dataclass(slots=True)
class Sieve:
    """The files of a page by position: their ``odd`` fields, and the ``reasons`` why some are set aside.

    ``columns`` have a value for each file, ``versions`` its release (None: unknown, which a reason explains).
    ``set_aside`` is what was set aside before and belongs to none of these files.
    """

    columns: Mapping[str, Column]
    versions: Sequence[str | None]
    odd: Mapping[int, Sequence[SetAside]]
    reasons: dict[int, str]
    set_aside: list[SetAside] = field(default_factory=list)

    @property
    def filenames(self) -> Sequence[str]:
        """The name of each file."""
        return self.columns["filename"]  # type: ignore[return-value] # a column of texts

    def sift(self) -> tuple[Mapping[str, Column], list[str], list[SetAside]]:
        """Returns the columns and the releases of the files that are kept, and all that is set aside.

        Of files with the same name one is kept, whatever their order: the one with fewest odd fields, then the first
        uploaded.

        Raises:
            DecodeError: ``mostly-set-aside``; more than half of the files are set aside, so the page cannot be trusted.
                What only accompanies a kept file (signatures, metadata, a second entry) does not count either way.
        """
        if len(set(self.filenames)) != len(self.filenames):
            self._leave_one_of_each()
        self._check_share()
        set_aside = [*self.set_aside, *self._whole_files(), *self._fields()]
        set_aside.sort(key=lambda each: (each.filename or "", each.field, each.value or "", each.reason))
        if not self.reasons:
            return self.columns, [version for version in self.versions if version is not None], set_aside
        kept = [place for place in range(len(self.versions)) if place not in self.reasons]
        columns = {name: [column[place] for place in kept] for name, column in self.columns.items()}
        return columns, [version for version in map(self.versions.__getitem__, kept) if version is not None], set_aside

    def _leave_one_of_each(self) -> None:
        best: dict[str, int] = {}
        for place, name in enumerate(self.filenames):
            if place in self.reasons:
                continue
            other = best.setdefault(name, place)
            if other != place:
                worse, best[name] = sorted((other, place), key=self._rank, reverse=True)
                self.reasons[worse] = DUPLICATE

    def _rank(self, place: int) -> tuple[object, ...]:
        uploaded_at, odd = self.columns["uploaded_at"][place], self.odd.get(place, ())
        values = [(each.field, each.value) for each in odd]
        # Times compare as instants: as text, one with another offset would sort elsewhere.
        return len(odd), uploaded_at is None, uploaded_at, self._entry(place), values

    def _entry(self, place: int) -> str:
        """A file's values as JSON."""
        values = {name: column[place] for name, column in self.columns.items() if column[place] is not None}
        return msgspec.json.encode({"version": self.versions[place], **values}).decode()

    def _check_share(self) -> None:
        if not (self.reasons or self.set_aside):
            return
        kept = {name for place, name in enumerate(self.filenames) if place not in self.reasons}
        lost = [place for place in self.reasons if not self._goes_with(place, kept)]
        count = len(lost) + len([each for each in self.set_aside if each.is_whole_file])
        files = len(self.versions) - (len(self.reasons) - len(lost)) + count - len(lost)
        if 2 * count > files:
            first = min(((self.filenames[place], self.reasons[place]) for place in lost), default=("", WRONG_SHAPE))
            raise DecodeError(
                "mostly-set-aside",
                f"{count:,} of {files:,} files do not fit, such as {first[0][:_LONGEST_SHOWN]!r}: {first[1]}",
            )

    def _goes_with(self, place: int, kept: set[str]) -> bool:
        """Whether a file only accompanies another: an entry given twice, or a kept file's ``.asc``, as folders have."""
        if self.reasons[place] == _UNKNOWN_ENDING:
            return self.filenames[place].rpartition(".")[0] in kept
        return self.reasons[place] == DUPLICATE

    def _whole_files(self) -> list[SetAside]:
        return [
            SetAside(
                "filename",
                self._entry(place)[:_LONGEST_SHOWN] if reason == DUPLICATE else None,
                reason,
                self.filenames[place][:_LONGEST_SHOWN],
                is_whole_file=True,
            )
            for place, reason in self.reasons.items()
        ]

    def _fields(self) -> list[SetAside]:
        return [
            replace(each, filename=self.filenames[place])
            for place, fields in self.odd.items()
            if place not in self.reasons
            for each in fields
        ]


def drop_edges(times: list[datetime | None], odd: dict[int, list[SetAside]]) -> None:
    """Removes times at the calendar's edge, which may not fit in UTC, and adds them to the odd fields."""
    if {time.year for time in times if time is not None}.isdisjoint({MINYEAR, MAXYEAR}):
        return
    for place, time in enumerate(times):
        if time is not None and time.year in {MINYEAR, MAXYEAR}:
            odd.setdefault(place, []).append(SetAside("uploaded_at", msgspec.json.encode(time).decode()))
            times[place] = None
