"""The main results in words: sentences with numbers, each with the total that it is a part of; pure."""

from collections.abc import Iterator
from datetime import datetime
from itertools import chain

from audit.answers.text import plain
from audit.answers.untimed import no_times_note
from audit.answers.values import days
from audit.answers.words import REASONS
from audit.page.content import Content
from audit.page.sentence import Figure, Row, Sentence, figures, part, said


def headline(content: Content) -> list[Sentence]:
    """The sentences, most important first; those without numbers in the dataset are left out.

    If no file has an upload time, the only sentence is that nothing can be said.
    """
    held = content.first("coverage")
    nothing = no_times_note(held["files"], held["untimed_file_count"])
    if nothing:
        return [[nothing]]
    sentences = [*_how_many(content)]
    if content.first("reasons")["late_files"]:
        sentences += [*_why(content), *_whom(content), *_when(content), *_who(content)]
    return [*sentences, *_rules(content), *_cooldowns(content), *_since_the_rule(content)]


def _how_many(content: Content) -> Iterator[Sentence]:
    late, all_ = figures(content.first("reasons"), "reasons"), figures(content.first("policies"), "policies")
    yield said(
        f"{{}} of {{}} files{{}} came more than {days(content.window_days)} after the first file of their release.",
        *part(late("late_files"), all_("files")),
    )
    yield said(
        "A first file cannot be late: of the files that came after the first of their release they are {} of {}{}.",
        *part(late("late_files"), all_("later_file_count")),
    )
    yield said(
        "They are in {} of {} releases{} and in {} of {} projects{}.",
        *part(late("late_releases"), all_("releases")),
        *part(late("late_projects"), all_("projects")),
    )


def _why(content: Content) -> Iterator[Sentence]:
    most = max(content.sections["reasons"].rows.to_pylist(), key=lambda row: row["files"])
    figure = figures(most, "reasons")
    reason = most["reason"]
    yield said(
        f"The most frequent reason is {reason} ({REASONS[reason]}): {{}} of {{}} late files{{}}.",
        *part(figure("files"), figure("late_files")),
    )


def _whom(content: Content) -> Iterator[Sentence]:
    figure = figures(content.first("displacement"), "displacement")
    late = figure("late_files")
    yield said(
        "{} of {} late files{}, in {} of {} releases{} and {} of {} projects{} with late files, are picked in at least "
        "one of {} environments of today where an installer picked another wheel before: only a hash pin protects "
        "from that. {} of {}{} save somebody a build, {} of {}{} are the first that somebody can install.",
        *part(figure("displacing_file_count"), late),
        *part(figure("displacing_release_count"), figure("late_releases")),
        *part(figure("displacing_project_count"), figure("late_projects")),
        figure("environment_count"),
        *part(figure("builds_no_more_file_count"), late),
        *part(figure("new_file_count"), late),
    )


def _when(content: Content) -> Iterator[Sentence]:
    years = content.sections["late-by-year"].rows.to_pylist()
    most = max(years, key=lambda row: row["late_files"])
    sentence = f"Most came in {most['year']}: {{}} of the {{}} files of that year{{}}"
    values = _year(most)
    # The year of the newest upload may not be over.
    before = [row for row in years if row["year"] == years[-1]["year"] - 1]
    if before:
        sentence += f"; in {before[0]['year']} it was {{}} of {{}}{{}}"
        values += _year(before[0])
    yield said(f"{sentence}.", *values)


def _year(row: Row) -> tuple[str | Figure, ...]:
    figure = figures(row, "late-by-year")
    return part(figure("late_files"), figure("files"))


def _who(content: Content) -> Iterator[Sentence]:
    projects = content.sections["who"].rows.to_pylist()
    most = figures(projects[0], "who")
    sentence = "The project with most is {}: {} of {} late files{}"
    values = (plain(projects[0]["project"]), *part(most("late_files"), most("all_late_file_count")))
    if len(projects) > 10:
        sentence += "; ten projects have {} of {}{}"
        ten = Figure(sum(row["late_files"] for row in projects[:10]), "who", "late_files")
        values += part(ten, most("all_late_file_count"))
    yield said(f"{sentence}.", *values)


def _rules(content: Content) -> Iterator[Sentence]:
    rows = {(row["policy"], row["window"]): row for row in content.sections["policies"].rows.to_pylist()}
    named = [("after-first", "14d"), ("after-last", "72h"), ("superseded", None)]
    refused = [figures(rows[rule], "policies") for rule in named]
    parts = [part(figure("refused_files"), figure("files")) for figure in refused]
    yield said(
        "Freezing each release 14 days after its first file would have refused {} of {} files{}; "
        "72 hours after its last file, {} of {}{}; as soon as a newer stable release was out, {} of {}{}.",
        *chain.from_iterable(parts),
    )
    first = figures(rows["after-first", "14d"], "policies")
    yield said(
        "{} of {} releases{} are not 14 days old yet: no such rule can have refused a file of theirs.",
        *part(first("young_release_count"), first("releases")),
    )


def _cooldowns(content: Content) -> Iterator[Sentence]:
    """What a cooldown of 14 days does by each rule except per-file, which delays every file and hides no release."""
    rows = content.sections["cooldown-gaps-counts"].rows.to_pylist()
    named = {row["rule"]: figures(row, "cooldown-gaps-counts") for row in rows if row["cooldown_days"] == 14}
    earliest, last, newest = (named[rule] for rule in ("earliest-of-release", "last-by-filename", "newest-of-release"))
    late = earliest("late_files")
    if late.value:
        yield said(
            "A cooldown takes nothing younger than so many days. One of 14 days that goes by a release's earliest file "
            "lets {} of {} late files{} pass at once, in {} releases of {} projects; one that goes by the release's "
            "last file by filename, {} of {}{}. If it goes by the newest file, {} of {}{} hide a release that could be "
            "installed before, {} releases in all. If it goes by each file's own age, no late file passes at once, and "
            "none hides a release.",
            *part(earliest("passing_file_count"), late),
            earliest("passing_release_count"),
            earliest("passing_project_count"),
            *part(last("passing_file_count"), late),
            *part(newest("hiding_file_count"), late),
            newest("hiding_release_count"),
        )


def _since_the_rule(content: Content) -> Iterator[Sentence]:
    enforced = [row for row in content.sections["enforcement"].rows.to_pylist() if row["is_enforced"]]
    months = [row for row in enforced if row["is_whole"]]
    if months:
        late, files = (
            Figure(sum(row[name] for row in months), "enforcement", name)
            for name in ("refused_by_rule_file_count", "files")
        )
        yield said(
            f"In the whole months since PyPI's rule against files for releases older than 14 days was merged "
            f"({months[-1]['month']} to {months[0]['month']}), {{}} of {{}} files{{}} were such files.",
            *part(late, files),
        )
    for running in enforced[: len(enforced) - len(months)]:
        month = figures(running, "enforcement")
        yield said(
            f"In {running['month']} so far, to {_day(running['known_until_at'])}, it is {{}} of {{}}{{}}.",
            *part(month("refused_by_rule_file_count"), month("files")),
        )


def _day(at: datetime | None) -> str:
    return "a day that is not known" if at is None else f"{at:%Y-%m-%d}"
