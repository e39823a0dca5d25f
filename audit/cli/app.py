"""The commands, in the order in which a newcomer meets them."""

import typer

from audit.cli import changes, check, crawl, flags, queries, replay, show, sql, stats, status

app = typer.Typer(
    name="release-audit",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="Which files came long after the first file of their release, on any Python package index.",
)

app.command("crawl")(crawl.crawl)
app.command("status")(status.status)
app.command("changes")(changes.changes)
app.command("flags")(flags.flags)
app.command("show")(show.show)
app.command("stats")(stats.stats)
app.command("check")(check.check)
app.command("queries")(queries.queries)
app.command("sql")(sql.sql)
app.command("replay")(replay.replay)
