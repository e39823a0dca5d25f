"""``release-audit show``: one project's, or one release's, timeline."""

import shutil
from typing import TYPE_CHECKING, Annotated

import typer

from audit.cli.options import (
    DEFAULT_DATASET,
    DatasetOption,
    EnvironmentOption,
    ThisOption,
    WindowOption,
    chosen_environment,
    naming_options,
)
from audit.cli.output import write
from audit.errors import UsageError

if TYPE_CHECKING:
    from audit.dataset.answer import Answer


def show(
    project: Annotated[str, typer.Argument(metavar="PROJECT[==VERSION]", help="A project, or one release of it.")],
    dataset: DatasetOption = DEFAULT_DATASET,
    window_days: WindowOption = None,
    environment: EnvironmentOption = None,
    this: ThisOption = False,
) -> None:
    """Show how releases grew: one line per release of a project, or per file of a release; ! marks what came late.

    With an environment: which file an installer picked for a release there, and until when; for a project below each
    release's line.

    Example: release-audit show numpy==1.21.0 --environment cp38-win32
    """
    # Imported late: these load DuckDB and Arrow, which --help does not need.
    from audit.answers.standing import standing_notes, why_no_file
    from audit.answers.text import folded
    from audit.answers.untimed import no_times_note
    from audit.dataset.dataset import Dataset

    name, version = _parts(project)
    chosen = chosen_environment(environment, this=this)
    width = shutil.get_terminal_size((80, 24)).columns
    window = {} if window_days is None else {"window_days": window_days}
    with Dataset(dataset) as opened, naming_options(window):
        timeline = opened.query("timeline", project=name, version=version, **window)
        named = {"project": timeline.parameters["project"]}
        [known] = opened.sql("select * from projects where project = $project", named).rows()
        if not len(timeline):
            raise UsageError(f"{project}: the dataset at {dataset} lists no file of it: {why_no_file(known)}")
        if chosen:
            picks = opened.query("pick-history", project=name, version=version, environment=chosen)
            lines, notes = _picks(picks, chosen, width) if version else _beside(timeline, picks, chosen, width)
        else:
            signs = opened.query("suspicious-releases", project=name, **window).rows()
            meant = [row for row in signs if version is None or row["version"] == version]
            lines, notes = _files(timeline, width, is_release=version is not None)
            notes = [*(f"Signs of {row['version']}: {row['why']}." for row in meant), *notes]
        notes = [*standing_notes(known, None if version else len(set(timeline.arrow()["version"].to_pylist()))), *notes]
    times = timeline.arrow()["uploaded_at"]
    if nothing := no_times_note(len(times), times.null_count, f" of {project}"):
        notes = [nothing, *notes]
    write("".join(f"{line}\n" for line in [*lines, "", *(folded(note, width) for note in notes)]))


def _parts(text: str) -> tuple[str, str | None]:
    """The named project and version (None: all).

    Raises:
        UsageError: the text is not of this form.
    """
    from packaging.utils import canonicalize_name, is_normalized_name

    name, equals, version = (part.strip() for part in text.partition("=="))
    if not is_normalized_name(canonicalize_name(name)) or (equals and not version):
        raise UsageError(f"{text!r} does not fit: expected PROJECT or PROJECT==VERSION, such as numpy==1.21.0")
    return name, version or None


def _files(answer: "Answer", width: int, *, is_release: bool) -> tuple[list[str], list[str]]:
    from audit.answers.timeline import file_lines, release_lines

    lines = file_lines(answer.rows(), width) if is_release else release_lines(answer.rows(), width)
    return list(lines), _caveat(answer)


def _picks(answer: "Answer", chosen: str, width: int) -> tuple[list[str], list[str]]:
    from audit.answers.timeline import MOST_NAMED, pick_lines
    from audit.queries.environments import select

    names = [each.name for each in select(chosen)]
    more = ["flags pick-history --format csv lists each environment on its own."] if len(names) > MOST_NAMED else []
    return list(pick_lines(answer.rows(), names, width)), [*more, *_caveat(answer)]


def _beside(timeline: "Answer", answer: "Answer", chosen: str, width: int) -> tuple[list[str], list[str]]:
    """A project's timeline, and below each release the files picked from it."""
    from audit.answers.timeline import MOST_NAMED, grown_lines
    from audit.queries.environments import select

    names = [each.name for each in select(chosen)]
    lines = list(grown_lines(timeline.rows(), answer.rows(), names, width))
    if len(names) == 1:
        return lines, [f"Below each release: the files that {names[0]} picked.", *_caveat(answer)]
    more = ["flags pick-history --format csv lists each environment on its own."] if len(names) > MOST_NAMED else []
    return lines, [*more, *_caveat(answer)]


def _caveat(answer: "Answer") -> list[str]:
    return [answer.header.caveat] if answer.header else []
