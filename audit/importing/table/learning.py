"""What is done in Python: each distinct version, tail of a wheel's name and declared kind, once."""

from collections.abc import Sequence
from dataclasses import fields
from operator import attrgetter
from typing import Final

import pyarrow as pa

from audit.crawl.decode.filename import KIND_BY_ENDING, WHEEL_COLUMNS, wheel_tags
from audit.crawl.decode.json_api import declared_kind
from audit.crawl.decode.version import VersionFacts, facts_of
from audit.dataset.engine import Engine
from audit.model import Kind

_TEXT: Final = pa.string()
_FACT_TYPES: Final = {"is_prerelease": pa.bool_(), "is_postrelease": pa.bool_()}
_FACTS: Final = tuple(each.name for each in fields(VersionFacts))
_facts_in_order = attrgetter(*_FACTS)  # like astuple, which would copy each value
_VERSIONS: Final = pa.schema([("version", _TEXT), *((name, _FACT_TYPES.get(name, _TEXT)) for name in _FACTS)])
_TAILS: Final = pa.schema([(name, _TEXT) for name in ("tail", *WHEEL_COLUMNS)])
_DECLARED: Final = pa.schema([("packagetype", _TEXT), ("kind", _TEXT), ("declared_kind", _TEXT)])
_ENDINGS: Final = pa.schema([("ending", _TEXT), ("kind", _TEXT)])

# What a chunk has and is not known yet; null is not a version.
_NEW: Final = {
    "versions": """
        select version from distinct_rows where version is not null
        union
        select wheel_version from distinct_rows where wheel_version is not null
        except
        select version from versions
    """,
    "tails": "select wheel_tail from distinct_rows where wheel_tail is not null except select tail from tails",
    "declared": """
        select packagetype, kind from distinct_rows where packagetype is not null
        except
        select packagetype, kind from declared
    """,
}


def prepare(engine: Engine) -> None:
    """Makes the tables of known values, with the endings of names, which are known from the start."""
    for name, schema in {"versions": _VERSIONS, "tails": _TAILS, "declared": _DECLARED, "endings": _ENDINGS}.items():
        engine.register("fresh", schema.empty_table())
        engine.run(f"create table {name} as from fresh")
    kinds = {ending: str(kind) for ending, kind in KIND_BY_ENDING.items()}
    _add(engine, "endings", pa.Table.from_pydict({"ending": [*kinds], "kind": [*kinds.values()]}, _ENDINGS))


def learn(engine: Engine) -> None:
    """Handles the values in ``distinct_rows`` that no earlier chunk had."""
    versions = engine.table(_NEW["versions"]).column(0).to_pylist()
    _add(engine, "versions", _rows([(version, *_facts_in_order(facts_of(version))) for version in versions], _VERSIONS))
    tails = engine.table(_NEW["tails"]).column(0).to_pylist()
    # The version and the name are checked elsewhere: a fixed valid name and version take their place here.
    _add(engine, "tails", _rows([(tail, *wheel_tags(f"name-0-{tail}")) for tail in tails], _TAILS))
    pairs = engine.table(_NEW["declared"]).to_pylist()
    declared = [(each["packagetype"], each["kind"], _declared(**each)) for each in pairs]
    _add(engine, "declared", _rows(declared, _DECLARED))


def _declared(packagetype: str, kind: str | None) -> str | None:
    return declared_kind(packagetype, None if kind is None else Kind(kind))


def _rows(rows: Sequence[tuple[object, ...]], schema: pa.Schema) -> pa.Table:
    columns = zip(*rows, strict=True) if rows else ([] for _ in schema.names)
    return pa.Table.from_arrays(
        [pa.array(column, field.type) for column, field in zip(columns, schema, strict=True)], schema=schema
    )


def _add(engine: Engine, name: str, rows: pa.Table) -> None:
    if rows.num_rows:
        engine.register("fresh", rows)
        engine.run(f"insert into {name} from fresh")
