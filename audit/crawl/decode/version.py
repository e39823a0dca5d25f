"""PEP 440 versions as text that sorts correctly; each spelling is parsed once."""

from dataclasses import dataclass
from functools import lru_cache

from packaging.version import Version

_LONGEST_PLAIN = 25


@dataclass(frozen=True, slots=True)
class VersionFacts:
    """What the dataset keeps of a version; every field is None where it is not PEP 440."""

    version_key: str | None = None
    is_prerelease: bool | None = None
    is_postrelease: bool | None = None
    public_key: str | None = None
    series: str | None = None


_NOT_PEP_440 = VersionFacts()


@lru_cache(maxsize=1 << 16)
def facts_of(version: str) -> VersionFacts:
    """The facts of one version, as the index spells it.

    ``version_key`` compares, as text by code points, exactly as PEP 440 compares the versions: it is equal for ``1.0``
    and ``1.0.0``. ``series`` is ``epoch!major.minor``; ``public_key`` is the key without the local part.
    """
    try:
        parsed = Version(version)
        key = _public_key(parsed)
        return VersionFacts(
            version_key=key + _local_key(parsed),
            is_prerelease=parsed.is_prerelease,
            is_postrelease=parsed.is_postrelease,
            public_key=key,
            series=f"{parsed.epoch}!{parsed.major}.{parsed.minor}",
        )
    except ValueError:  # InvalidVersion, or a number with more digits than Python converts
        return _NOT_PEP_440


def _number(value: int) -> str:
    """A number as text that sorts by size: the count of its digits comes first."""
    digits = str(value)
    if len(digits) <= _LONGEST_PLAIN:
        return chr(ord("a") + len(digits) - 1) + digits
    return "z" + _number(len(digits)) + digits


def _public_key(version: Version) -> str:
    release = list(version.release)
    while release and not release[-1]:
        release.pop()
    parts = [_number(version.epoch), *map(_number, release), "_"]  # "_" sorts before every number
    if version.pre is not None:
        phase, number = version.pre
        parts.append({"a": "1a", "b": "1b", "rc": "1c"}[phase] + _number(number))
    else:
        # A dev release of the final version sorts before its alphas; the final and its posts sort after its candidates.
        parts.append("0" if version.dev is not None and version.post is None else "2")
    parts.append("0" if version.post is None else "1" + _number(version.post))
    parts.append("1" if version.dev is None else "0" + _number(version.dev))
    return "".join(parts)


def _local_key(version: Version) -> str:
    if version.local is None:
        return ""
    segments = ("2" + _number(int(s)) if s.isdigit() else f"1{s}." for s in version.local.split("."))
    return "+" + "".join(segments)
