"""``release-audit scan``: whether a lock file, a list of requirements or an environment takes files that came late."""

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from audit.answers.format import LogFormat
from audit.cli.findings import FindingsFormatOption
from audit.cli.judging import (
    BaselineOption,
    ExitCodesOption,
    FailOnOption,
    chosen_failures,
    ending,
    judged,
    tell,
)
from audit.cli.options import (
    DEFAULT_WORKERS,
    ContactOption,
    EnvironmentOption,
    IndexOption,
    JsonUrlOption,
    OutputOption,
    OwnIndexOption,
    ThisOption,
    WindowOption,
    WorkersOption,
    check_workers,
    chosen_environment,
    index_address,
    instant,
    setting,
)
from audit.cli.watching import watching
from audit.errors import InputError, UsageError
from audit.findings.form import Form

if TYPE_CHECKING:
    from packaging.utils import NormalizedName

    from audit.crawl.index import IndexAddress
    from audit.dataset.dataset import Dataset
    from audit.scan.pins import Input
    from audit.scan.scanning import Question

_LONGEST_DAYS: Final = 36_500


def scan(
    context: typer.Context,
    paths: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="PATH", help="Lock files, lists, folders of them, or - for standard input (default: this folder)."
        ),
    ] = None,
    environment: EnvironmentOption = None,
    this: ThisOption = False,
    installed: Annotated[
        bool, typer.Option("--installed", help="Scan what is installed in this environment, or in that of --prefix.")
    ] = False,
    prefix: Annotated[
        Path | None, typer.Option("--prefix", metavar="DIR", help="With --installed: another environment's folder.")
    ] = None,
    dataset: Annotated[
        Path | None, setting("dataset", metavar="DIR", help="Ask this dataset (default: the index).")
    ] = None,
    index_url: IndexOption = None,
    json_url: JsonUrlOption = None,
    offline: Annotated[
        bool, typer.Option("--offline", help="Use only what the inputs say: ask no index and no dataset.")
    ] = False,
    locked_at: Annotated[
        str | None, typer.Option("--locked-at", metavar="TIME", help="When the inputs were made (UTC).")
    ] = None,
    window_days: WindowOption = None,
    cooldown_days: Annotated[
        int | None,
        typer.Option("--cooldown-days", metavar="N", min=1, max=_LONGEST_DAYS, help="Your cooldown, for RA006."),
    ] = None,
    verify: Annotated[
        bool, typer.Option("--verify", help="Compare digests, sizes and times in the inputs with the index's (RA004).")
    ] = False,
    form: FindingsFormatOption = Form.TABLE,
    out: OutputOption = None,
    baseline: BaselineOption = None,
    fail_on: FailOnOption = None,
    exit_codes: ExitCodesOption = None,
    workers: WorkersOption = DEFAULT_WORKERS,
    own_index: OwnIndexOption = False,
    contact: ContactOption = None,
) -> None:
    """Say whether what you install touches late files; ends with 1 if a finding fails, with 4 if something is unknown.

    Inputs are lock files (uv, pylock, Poetry, PDM, Pipenv), lists of requirements, reports of pip, bills of materials
    (CycloneDX, SPDX), or an environment. The facts come from a dataset, else from the index, which is asked for these
    projects only, else (--offline) from the inputs. release-audit rules explains what is looked for.

    Example: release-audit scan uv.lock --this
    """
    # Imported late: these load Arrow and DuckDB, which --help does not need.
    from audit.dataset.dataset import Dataset
    from audit.scan.locked import lock_time
    from audit.scan.offline import CAVEAT, of_inputs
    from audit.scan.scanning import projects_of
    from audit.scan.scanning import scan as run

    now = datetime.now(UTC)
    is_installed = installed or prefix is not None
    failing = chosen_failures(fail_on)
    given = None if locked_at is None else instant("--locked-at", locked_at)
    question = _question(
        _environment(environment, this=this, is_installed=installed and prefix is None),
        window_days,
        cooldown_days,
        is_verifying=verify,
        is_installed=is_installed,
    )
    check_workers(workers, own_index=own_index)
    source = _source(context, offline=offline)
    question = replace(question, is_fresh=source == "index")
    inputs = _inputs(paths or [], prefix, is_installed=is_installed)
    locked = [lock_time(each, given) for each in inputs]
    projects = projects_of(inputs)
    opened: AbstractContextManager[Dataset]
    if source == "offline":
        opened = of_inputs(inputs, now)
    elif source == "dataset" and dataset is not None:
        opened = Dataset(dataset, projects=projects)
    else:
        address = index_address(context, index_url, json_url)
        opened = _asked(address, projects, workers, contact, now)
    with opened as facts:
        scanned = run(inputs, locked, facts, question, [CAVEAT] if offline else [])
    verdict = judged(scanned, context.obj, baseline, now.date())
    tell(verdict, form, failing, out=out, outside=dataset)
    if code := ending(verdict, form, failing, is_asked=bool(fail_on), exit_codes=exit_codes):
        raise typer.Exit(code)


def _environment(name: str | None, *, this: bool, is_installed: bool) -> str:
    """The chosen environment; for what is installed here, this one by default.

    Raises:
        UsageError: there is none of this name, or two are given.
    """
    from audit.queries.environments.environment import ERAS, THIS

    return chosen_environment(name, this=this) or (THIS if is_installed else ERAS[0])


def _question(
    environment: str, window_days: int | None, cooldown_days: int | None, *, is_verifying: bool, is_installed: bool
) -> "Question":
    """What to look for: if it is not installed yet and there is one environment, only the files taken there.

    Raises:
        UsageError: the window does not fit.
    """
    from audit.scan.scanning import DEFAULT_DAYS, Question

    if window_days is not None and not 1 <= window_days <= _LONGEST_DAYS:
        raise UsageError(f"--window-days {window_days} does not fit: expected a number from 1 to {_LONGEST_DAYS}")
    question = Question(window_days or DEFAULT_DAYS, cooldown_days, environment, is_verifying=is_verifying)
    return replace(question, is_taken=question.is_one_environment and not is_installed)


def _source(context: typer.Context, *, offline: bool) -> str:
    """Which of dataset, index and offline is used: the one typed, else the one in a setting, a dataset first.

    Raises:
        UsageError: two are on the command line.
    """
    options = {"dataset": "dataset", "index_url": "index", "json_url": "index", "offline": "offline"}
    sources = {name: context.get_parameter_source(name) for name in options}
    typed = {options[name] for name, source in sources.items() if source and source.name == "COMMANDLINE"}
    if len(typed) > 1:
        raise UsageError("say one of --dataset, --index-url and --offline: where the facts come from")
    if typed:
        return typed.pop()
    return "dataset" if context.params.get("dataset") is not None else "offline" if offline else "index"


@contextmanager
def _asked(
    address: "IndexAddress", projects: "Sequence[NormalizedName]", workers: int, contact: str | None, now: datetime
) -> Iterator["Dataset"]:
    """What the index lists of the projects; shows progress meanwhile."""
    from audit.crawl.fetch import Manners
    from audit.lean import take_memory_from_system
    from audit.scan.asked import of_index

    take_memory_from_system()
    with ExitStack() as stack:
        with watching(LogFormat.TEXT) as watch:
            manners = Manners(workers=workers, contact=contact)
            facts = stack.enter_context(of_index(address, projects, manners, now, watch))
        yield facts


def _inputs(paths: Sequence[str], prefix: Path | None, *, is_installed: bool) -> "list[Input]":
    """The inputs to scan.

    Raises:
        InputError: an input cannot be read, or there is none.
    """
    from audit.scan.inputs import apart, find, installed, read
    from audit.scan.inputs.reading import STANDARD_INPUT

    found = [installed(prefix)] if is_installed else []
    for given in paths or ([] if is_installed else ["."]):
        if given != STANDARD_INPUT and Path(given).is_dir():
            below = find(Path(given))
            if not below:
                raise InputError(given, None, "no file in this folder has the name of a lock file: name one")
            found += [read(str(path)) for path in below]
        else:
            found.append(read(given))
    return apart(found)
