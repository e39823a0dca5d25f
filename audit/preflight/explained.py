"""What each finding of a preflight means and what to do about it, in the words of ``docs/preflight.md``."""

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Final

from audit.findings.finding import Rule
from audit.findings.level import Level
from audit.preflight.choice import Check
from audit.preflight.states import State

_REFUSED: Final = (Level.ERROR,)
_BY_RULE: Final = (Level.ERROR, Level.WARNING)
_WARNING: Final = (Level.WARNING,)
_NOTE: Final = (Level.NOTE,)
_OWN_VERSION: Final = "Give the files a version of their own: a release that is out stays as it is."
# For each state that can be a finding: its levels, what it is, what happens on PyPI and elsewhere, what to do.
_STATES: Final[Mapping[State, tuple[tuple[Level, ...], str, str, str, str]]] = {
    State.BAD_FILE: (
        _REFUSED,
        "The archive is broken, or its metadata cannot be read",
        "refused",
        "refused: twine and uv need the metadata",
        "Build the file again.",
    ),
    State.IDENTICAL: (
        _NOTE,
        "The index has this name with this sha256",
        "skipped",
        "skipped or taken again",
        "There is nothing to do.",
    ),
    State.DIFFERS: (
        _REFUSED,
        "The index has this name with other content",
        "refused",
        "refused, unless the index lets files be replaced",
        _OWN_VERSION,
    ),
    State.NAME_USED_BEFORE: (
        _BY_RULE,
        "A file of this name was deleted (only --dataset knows)",
        "refused",
        "may be refused",
        _OWN_VERSION,
    ),
    State.LATE: (
        _REFUSED,
        "The release is more than 14 days old",
        "refused",
        "no finding: the file is added",
        _OWN_VERSION,
    ),
    State.SECOND_SDIST: (
        _BY_RULE,
        "The release has an sdist",
        "refused",
        "may be refused",
        _OWN_VERSION,
    ),
    State.BAD_NAME: (
        _BY_RULE,
        "No name of a wheel or an sdist, or the metadata says otherwise",
        "refused",
        "may be refused; no installer takes such a file",
        "Build the file again, and upload it under the name that the build gave it.",
    ),
    State.JOINS: (
        _WARNING,
        "The release is there: how old it is, and until when it takes files",
        "accepted",
        "accepted",
        "This is reported if the release may be closed already: in its last 24 hours, or if its age is not known. "
        "Upload now, or give the files a version of their own.",
    ),
}
# For each check: its levels, what it finds, what to do.
_CHECKS: Final[Mapping[Check, tuple[tuple[Level, ...], str, str]]] = {
    Check.SEVERAL_PROJECTS: (
        _WARNING,
        "The files belong to more than one project",
        "Name the files that are meant, or empty the folder before you build.",
    ),
    Check.SEVERAL_VERSIONS: (
        _WARNING,
        "The files belong to more than one version: perhaps the folder has old ones",
        "Name the files that are meant, or empty the folder before you build.",
    ),
    Check.INDEX_STATUS: (
        _WARNING,
        "The project is archived or quarantined",
        "The index takes no file while it is. Unarchive the project, or ask the index's support.",
    ),
    Check.NO_SDIST: (
        (Level.WARNING, Level.NOTE),
        "The release has no sdist, and none was built; a warning if the release before had one",
        "Build one too: whoever has no wheel that fits builds from it.",
    ),
    Check.INCOMPLETE: (
        _WARNING,
        "The release before had wheels for interpreters or platforms that this one lacks",
        "Build these too before the upload: on PyPI a release takes files only for 14 days.",
    ),
    Check.FORGOTTEN_BUMP: (
        _WARNING,
        "The version has wheels with these tags already, with other content",
        "Raise the version, and build again.",
    ),
    Check.BUILD_NUMBER: (
        _WARNING,
        "A build number can repair a release only while it takes files",
        "After that, only a post release can.",
    ),
    Check.ABI3: (
        _NOTE,
        "Wheels for one CPython each that one wheel for the stable ABI could replace",
        "Build the extension for the stable ABI, if it keeps to that.",
    ),
    Check.POST_RELEASE: (
        _NOTE,
        "What to do instead: the next free version",
        "Build the files with that version: nothing else needs to change.",
    ),
    Check.DISPLACES: (
        _WARNING,
        "A file that would be picked where installers pick another wheel now, and in which environments",
        "Whoever pins the version without a hash gets another file from then on. Publish it as a version of its own.",
    ),
    Check.BUILDS_NO_MORE: (
        _NOTE,
        "A wheel that would be picked where an sdist is built now",
        "Whoever pins the version without a hash no longer builds it. That is what most late wheels are for.",
    ),
    Check.OTHER_SDIST: (
        _NOTE,
        "An sdist that would be picked where another one is built now",
        "Whoever pins the version without a hash builds another one from then on.",
    ),
}


@cache
def load() -> Mapping[str, Rule]:
    """All kinds of findings by name: the states of a file, then the checks."""
    return {rule.id: rule for rule in [*_of_states(), *_of_checks()]}


def _of_states() -> Iterable[Rule]:
    for state, (levels, title, on_pypi, elsewhere, advice) in _STATES.items():
        summary = f"On PyPI: {on_pypi}. Elsewhere: {elsewhere}."
        yield Rule(state.value, title, levels, summary, f"{title}.\n\n{summary}\n\n{advice}\n")


def _of_checks() -> Iterable[Rule]:
    for check, (levels, title, advice) in _CHECKS.items():
        sentence = title if title.endswith("?") else f"{title}."
        yield Rule(check.value, title, levels, sentence, f"{sentence}\n\n{advice}\n")
