"""``release-audit environments``: the environments that picks are computed for."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from audit.answers.format import Format
from audit.cli.options import EnvironmentOption, FormatOption, LimitOption, ThisOption, chosen_environment, show

if TYPE_CHECKING:
    import pyarrow as pa

    from audit.queries.environments import Environment


def environments(
    environment: EnvironmentOption = None,
    this: ThisOption = False,
    form: FormatOption = Format.TABLE,
    limit: LimitOption = None,
) -> None:
    """List the environments that picks are computed for, or the wheel tags of one of them, best first.

    Example: release-audit environments --environment cp312-manylinux_2_28_x86_64
    """
    # Imported late: Arrow, which --help does not need.
    from audit.dataset.answer import Answer
    from audit.queries.environments import all_environments, select

    name = chosen_environment(environment, this=this)
    chosen = all_environments() if name is None else select(name)
    if len(chosen) > 1:
        note = "past: left out of reports unless they are asked for (--environment past, or one of them)."
        show(Answer(_list(chosen)), form, limit, [note])
    else:
        show(Answer(_tags(chosen[0])), form, limit)


def _list(chosen: "Sequence[Environment]") -> "pa.Table":
    import pyarrow as pa

    rows = [
        {
            "environment": each.name,
            "python_version": each.interpreter.version,
            "era": each.era,
            "tag_count": len(each.tags),
        }
        for each in chosen
    ]
    return pa.Table.from_pylist(rows)


def _tags(chosen: "Environment") -> "pa.Table":
    import pyarrow as pa

    return pa.Table.from_pylist([{"rank": rank, "tag": str(tag)} for rank, tag in enumerate(chosen.tags)])
