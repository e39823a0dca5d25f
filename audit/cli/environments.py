"""``release-audit environments``: the environments that picks are told for."""

from typing import TYPE_CHECKING

from audit.cli.options import EnvironmentOption, FormatOption, LimitOption, ThisOption, chosen_environment, show
from audit.reports.format import Format

if TYPE_CHECKING:
    import pyarrow as pa


def environments(
    environment: EnvironmentOption = None,
    this: ThisOption = False,
    form: FormatOption = Format.TABLE,
    limit: LimitOption = None,
) -> None:
    """List the environments that picks are told for, or the wheel tags of one of them, best first.

    Example: release-audit environments --environment cp312-manylinux_2_28_x86_64
    """
    # Imported late: Arrow, which --help does without.
    from audit.scan import Answer

    name = chosen_environment(environment, this=this)
    if name is None:
        note = "past: simulated where it is named (--environment), left out of reports about today."
        show(Answer(_list()), form, limit, [note])
    else:
        show(Answer(_tags(name)), form, limit)


def _list() -> "pa.Table":
    import pyarrow as pa

    from audit.environments import all_environments

    rows = [
        {
            "environment": each.name,
            "python_version": each.interpreter.version,
            "era": "today" if each.interpreter.is_current else "past",
            "tag_count": len(each.tags),
        }
        for each in all_environments()
    ]
    return pa.Table.from_pylist(rows)


def _tags(name: str) -> "pa.Table":
    import pyarrow as pa

    from audit.environments import find

    return pa.Table.from_pylist([{"rank": rank, "tag": str(tag)} for rank, tag in enumerate(find(name).tags)])
