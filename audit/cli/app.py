"""The commands, in the order in which a newcomer meets them."""

import typer

app = typer.Typer(
    name="release-audit",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="Which files came long after the first file of their release, on any Python package index.",
)
