"""Checks of all files together, and against what the index has; pure."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from packaging.tags import Tag
from packaging.utils import InvalidWheelFilename, NormalizedName, parse_wheel_filename
from packaging.version import Version

from audit.findings.level import Level
from audit.model import Kind
from audit.preflight.built import BuiltFile
from audit.preflight.choice import Check
from audit.preflight.listed import Listed
from audit.preflight.rule import UploadRule
from audit.preflight.states import FileState, State, Verdict
from audit.preflight.tags import Served, is_admitted, is_served, served
from audit.versions import parsed_version

# States that a higher version would avoid.
_BLOCKED: Final = frozenset({State.DIFFERS, State.LATE, State.SECOND_SDIST, State.NAME_USED_BEFORE})
# Fewer wheels than this get no note on the stable ABI.
_SEVERAL: Final = 2
_MOST_LACKING: Final = 20


@dataclass(frozen=True, slots=True)
class SetFinding:
    """One finding on all files, or on those of one release.

    ``level`` is a warning, to be checked before the upload, or a note, which is good to know.

    A file that displaces another has its name here, with the file picked before it and the environments where this
    happens.
    """

    check: Check
    level: Level
    why: str
    project: NormalizedName | None = None
    version: Version | None = None
    filename: str | None = None
    filename_before: str | None = None
    environments: Sequence[str] | None = None


@dataclass(frozen=True, slots=True)
class Set:
    """The files of one release to be uploaded, and what the index has of its project."""

    project: NormalizedName
    version: Version
    states: Sequence[FileState]
    listed: Listed
    rule: UploadRule | None

    @property
    def release(self) -> str | None:
        """How the index spells the release; None: it is new."""
        return self.listed.spelled(self.version)

    @property
    def files(self) -> list[BuiltFile]:
        """The files that can be read."""
        return [each.file for each in self.states]

    @property
    def tags(self) -> set[Tag]:
        """The tags of its wheels: of the built ones and of those that the release has already."""
        built = {tag for file in self.files for tag in file.tags}
        return built | (tags_of(self.listed, self.release) if self.release is not None else set())

    def finding(self, check: Check, level: Level, why: str) -> SetFinding:
        """A finding on this release."""
        return SetFinding(check, level, why, self.project, self.version)


def sets_of(states: Sequence[FileState], listed: Mapping[NormalizedName, Listed], rule: UploadRule | None) -> list[Set]:
    """The files that can be read, by release: projects by name, versions as PEP 440 sorts."""
    read = [each for each in states if each.file.project is not None and each.file.version is not None]
    read = [each for each in read if each.state is not State.BAD_FILE]
    keyed = sorted(read, key=_release)
    return [
        Set(project, version, list(group), listed[project], rule)
        for (project, version), group in groupby(keyed, key=_release)
    ]


def _release(state: FileState) -> tuple[NormalizedName, Version]:
    assert state.file.project is not None  # noqa: S101 - only for the type: see `sets_of`
    assert state.file.version is not None  # noqa: S101 - only for the type: see `sets_of`
    return state.file.project, state.file.version


def check_sets(sets: Sequence[Set]) -> list[SetFinding]:
    """The findings: first on all files, then on each release, in the order of `Check`."""
    return [*_several(sets), *(found for each in sets for check in CHECKS for found in check(each))]


def _several(sets: Sequence[Set]) -> Iterator[SetFinding]:
    projects = sorted({each.project for each in sets})
    if len(projects) > 1:
        yield SetFinding(
            Check.SEVERAL_PROJECTS, Level.WARNING, f"files of {len(projects)} projects: {listing(projects)}"
        )
    for project in projects:
        versions = [str(each.version) for each in sets if each.project == project]
        if len(versions) > 1:
            why = f"files of {len(versions)} versions: {listing(versions)}; were old ones left in the folder?"
            yield SetFinding(Check.SEVERAL_VERSIONS, Level.WARNING, why, project)


def _status(each: Set) -> Iterator[SetFinding]:
    status = each.listed.index_status
    if status in {"archived", "quarantined"}:
        why = f"the index says that the project is {status}: it takes no file while it is"
        yield each.finding(Check.INDEX_STATUS, Level.WARNING, why)


def _no_sdist(each: Set) -> Iterator[SetFinding]:
    there = each.listed.of(each.release) if each.release is not None else []
    if any(file.kind is Kind.SDIST for file in each.files) or any(file.kind == Kind.SDIST for file in there):
        return
    last = previous(each)
    had = last is not None and any(file.kind == Kind.SDIST for file in each.listed.of(last))
    level = Level.WARNING if had else Level.NOTE
    yield each.finding(Check.NO_SDIST, level, f"no sdist{f', and {last} had one' if had else ''}")


def _incomplete(each: Set) -> Iterator[SetFinding]:
    last = previous(each)
    if last is None or not any(file.kind is Kind.WHEEL for file in each.files):
        return
    here = served(each.tags)
    had = served(tags_of(each.listed, last))
    requires = [file.requires_python for file in each.files]
    lacking = {one for one in had if not is_served(one, here) and is_admitted(one.interpreter, requires)}
    if lacking:
        why = f"against {last}: {listing(_in_words(lacking, had, here), most=_MOST_LACKING)} this time"
        yield each.finding(Check.INCOMPLETE, Level.WARNING, why)


def _in_words(lacking: set[Served], had: set[Served], here: set[Served]) -> list[str]:
    """What is missing, in words: a whole platform or interpreter if all of it is missing, else pair by pair."""
    platforms = {one.platform for one in lacking} - {one.platform for one in here}
    platforms -= {one.platform for one in had - lacking}
    left = {one for one in lacking if one.platform not in platforms}
    interpreters = {one.interpreter for one in left} - {one.interpreter for one in here}
    interpreters -= {one.interpreter for one in had - lacking}
    pairs = sorted(one for one in left if one.interpreter not in interpreters)
    return [
        *(f"no {name}" for name in sorted(platforms)),
        *(f"no {name}" for name in sorted(interpreters, key=_by_number)),
        *(f"no {one.interpreter} for {one.platform}" for one in pairs),
    ]


def _by_number(name: str) -> tuple[int, str]:
    return len(name), name


def _forgotten_bump(each: Set) -> Iterator[SetFinding]:
    if each.release is None:
        return
    there = tags_of(each.listed, each.release)
    again = [
        state.file.filename
        for state in each.states
        if state.state is State.DIFFERS or (state.state in {State.JOINS, State.LATE} and _is_again(state.file, there))
    ]
    if again:
        why = f"version {each.release} is there, with other content for the same tags: {listing(again)}"
        yield each.finding(Check.FORGOTTEN_BUMP, Level.WARNING, f"{why}; was the version not raised?")


def _is_again(file: BuiltFile, there: set[Tag]) -> bool:
    """Whether the release has wheels for all tags of a wheel already; with a build number that is on purpose."""
    return bool(file.tags) and not file.build and file.tags <= there


def _build_number(each: Set) -> Iterator[SetFinding]:
    built = [state.file.filename for state in each.states if state.file.build and state.verdict is not Verdict.REFUSED]
    if not built or each.rule is None or each.rule.window is None:
        return
    why = f"{listing(built)}: a build number can repair a release only for {each.rule.days} days after its first file"
    yield each.finding(Check.BUILD_NUMBER, Level.WARNING, f"{why}; after that, a post release can")


def _abi3(each: Set) -> Iterator[SetFinding]:
    """Notes on wheels for single CPythons that one wheel for the stable ABI could replace, platform by platform."""
    wheels: dict[str, set[int]] = {}
    if any(tag.abi == "abi3" for tag in each.tags):
        return
    for file in each.files:
        for tag in file.tags:
            if tag.interpreter == tag.abi and tag.interpreter.removeprefix("cp3").isdecimal():
                wheels.setdefault(tag.platform, set()).add(int(tag.interpreter.removeprefix("cp3")))
    several = {platform: minors for platform, minors in wheels.items() if len(minors) >= _SEVERAL}
    if not several:
        return
    replaced = [file for file in each.files if _is_replaced(file, several)]
    least = min(map(min, several.values()))
    why = (
        f"{len(replaced)} wheels are for one CPython each: if the extension can be built for the stable ABI, "
        f"one cp3{least}-abi3 wheel for each platform can replace them (not for free-threaded builds before 3.15)"
    )
    yield each.finding(Check.ABI3, Level.NOTE, why)


def _is_replaced(file: BuiltFile, several: Mapping[str, set[int]]) -> bool:
    return any(
        tag.interpreter == tag.abi and tag.interpreter.startswith("cp3") and tag.platform in several
        for tag in file.tags
        if tag.abi.removeprefix("cp3").isdecimal()
    )


def _post_release(each: Set) -> Iterator[SetFinding]:
    blocked = [state for state in each.states if state.state in _BLOCKED and state.verdict is not Verdict.ACCEPTED]
    if blocked:
        following = next_version(each.version, each.listed)
        why = f"give these files a version of their own, such as {following}: a release that is out stays as it is"
        yield each.finding(Check.POST_RELEASE, Level.NOTE, why)


CHECKS: Final = (_status, _no_sdist, _incomplete, _forgotten_bump, _build_number, _abi3, _post_release)


def previous(each: Set) -> str | None:
    """The greatest release below this one that has files; for a final version the greatest final one."""
    lower = [
        (version, text)
        for text in each.listed.versions
        if (version := parsed_version(text)) is not None
        and version < each.version
        and text != each.release
        and (each.version.is_prerelease or not version.is_prerelease)
        and each.listed.of(text)
    ]
    return max(lower)[1] if lower else None


def next_version(version: Version, listed: Listed) -> Version:
    """The first version after this one that changes only the files, and that the index never had.

    A post release; for a pre-release the next pre-release, as PEP 440 discourages post releases of those.
    """
    taken = {parsed for text in listed.versions if (parsed := parsed_version(text)) is not None}
    while True:
        version = _following(version)
        if version not in taken:
            return version


def _following(version: Version) -> Version:
    epoch = f"{version.epoch}!" if version.epoch else ""
    base = epoch + ".".join(map(str, version.release))
    pre = version.pre
    if version.dev is not None:
        middle = "" if pre is None else f"{pre[0]}{pre[1]}"
        post = "" if version.post is None else f".post{version.post}"
        return Version(f"{base}{middle}{post}.dev{version.dev + 1}")
    if pre is not None:
        return Version(f"{base}{pre[0]}{pre[1] + 1}")
    return Version(f"{base}.post{1 if version.post is None else version.post + 1}")


def tags_of(listed: Listed, release: str) -> set[Tag]:
    """The tags of a release's wheels; names that are not a wheel's are left out."""
    return {tag for file in listed.of(release) if file.kind == Kind.WHEEL for tag in _tags(file.filename)}


def _tags(filename: str) -> Iterable[Tag]:
    try:
        return parse_wheel_filename(filename)[3]
    except InvalidWheelFilename:
        return ()


def listing(names: Sequence[str], most: int = 5) -> str:
    """Names for a sentence: the first of many, and how many more there are."""
    more = f" and {len(names) - most:,} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more
