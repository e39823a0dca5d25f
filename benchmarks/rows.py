"""What a measurement gives, and how much is measured."""

from dataclasses import dataclass

MEGABYTE = 1_000_000


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table; ``is_met`` None: nothing is required."""

    what: str
    value: str
    required: str = ""
    is_met: bool | None = None


@dataclass(frozen=True, slots=True)
class Sizes:
    """How much is measured: the full numbers, or fewer for a look (then its requirements are not judged fairly)."""

    documents: int = 3_000
    whole: int = 750_000
    others: int = 1_000
    repeats: int = 5
    small: tuple[int, ...] = (10_000, 100_000)
    commits: tuple[tuple[int, int, float], ...] = ((15_000, 2_000_000, 10.0), (750_000, 17_000_000, 120.0))
    repeated: int = 17_000_000
    nights: tuple[tuple[int, int, int], ...] = ((15_000, 1_000, 20_000), (750_000, 365, 100_000))
    downloads: int = 200_000_000

    def divided(self, by: int) -> "Sizes":
        """A ``by``-th of everything."""
        return Sizes(
            self.documents // by,
            self.whole // by,
            self.others // by,
            3,
            tuple(count // by for count in self.small),
            tuple((projects // by, files // by, seconds) for projects, files, seconds in self.commits),
            self.repeated // by,
            tuple((projects // by, max(60, count // by), growth) for projects, count, growth in self.nights),
            self.downloads // by,
        )
