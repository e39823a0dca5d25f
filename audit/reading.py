"""Decides whether SQL only reads, by DuckDB's own parse tree; pure.

Everything not known to only read is refused: an SQL SELECT can have a COPY or a DELETE in its WITH clause, and call
functions that write files or take memory addresses.
"""

import re
from collections.abc import Iterable, Set
from typing import Final

# Lists what matters in the parse tree of the statement $sql, for `refusal` and `unproved`. DuckDB walks the tree, as it
# can be too deep for Python.
TREE: Final = r"""
    with tree as (
        select id, parent, key, atom ->> '$' as said from json_tree(json_serialize_sql($sql::varchar))
    )
    select distinct
        case
            when named.key = 'function_name' then if(owner.key = 'function', 'relation', 'function')
            else named.key
        end as kind,
        named.said as said
    from tree as named left join tree as owner on owner.id = named.parent
    where named.key in ('error_message', 'function_name')
        or named.key = 'type' and named.said like '%\_NODE' escape '\'
    order by all
"""
# Every other kind of node changes something, such as COPY_QUERY_NODE.
_READING_NODES: Final = frozenset({"SELECT_NODE", "SET_OPERATION_NODE", "RECURSIVE_CTE_NODE", "CTE_NODE"})
# DuckDB's own table functions that only read; the engine limits which files they can read.
READING_RELATIONS: Final = frozenset(
    {
        *("range", "generate_series", "repeat", "repeat_row", "unnest", "query_table", "summary"),
        *("json_each", "json_tree", "test_all_types", "test_vector_types"),
        *("read_parquet", "parquet_scan", "parquet_metadata", "parquet_file_metadata", "parquet_full_metadata"),
        *("parquet_kv_metadata", "parquet_schema", "parquet_bloom_probe", "read_csv", "read_csv_auto", "read_text"),
        *("read_blob", "read_json", "read_json_auto", "read_ndjson", "read_ndjson_auto", "read_json_objects"),
        *("read_json_objects_auto", "read_ndjson_objects", "sniff_csv", "glob"),
        *("duckdb_columns", "duckdb_constraints", "duckdb_databases", "duckdb_functions", "duckdb_keywords"),
        *("duckdb_memory", "duckdb_schemas", "duckdb_settings", "duckdb_tables", "duckdb_types", "duckdb_views"),
        *("duckdb_extensions", "duckdb_optimizers", "duckdb_temporary_files", "pragma_table_info", "pragma_version"),
        *("icu_calendar_names", "pg_timezone_names"),
    }
)
# Scalar functions with an effect that outlives the statement.
CHANGING_FUNCTIONS: Final = frozenset({"nextval", "setseed", "setval", "write_log"})
# Only words in the brackets: no option that names a file.
_BLANK: Final = r"(?:\s|--[^\n]*(?:\n|$)|/\*.*?\*/)"
_EXPLAIN: Final = re.compile(rf"{_BLANK}*(explain\b(?:{_BLANK}+analyze\b)?(?:{_BLANK}*\([\w\s,]*\))?)(.*)", re.I | re.S)


def parts_of_explain(sql: str) -> tuple[str, str] | None:
    """The words of an EXPLAIN statement and the statement that it explains; None: this cannot split it.

    The caller joins both again after the second was found to only read, so that no other reading of them counts.
    """
    found = _EXPLAIN.fullmatch(sql)
    return (found[1], found[2]) if found else None


def refusal(listed: Iterable[tuple[str, str]]) -> str | None:
    """Why a statement does more than read, from what `TREE` lists of it; None: it only reads, see `unproved` too."""
    for kind, said in listed:
        if kind == "error_message":
            return "it does more than read"
        if kind == "type" and said not in _READING_NODES:
            return f"it holds {said.removesuffix('_NODE').removesuffix('_QUERY').replace('_', ' ')}"
        if kind == "function" and said.lower() in CHANGING_FUNCTIONS:
            return f"{said.lower()} changes what later statements mean"
    return None


def unproved(listed: Iterable[tuple[str, str]], macros: Set[str]) -> list[str]:
    """The table functions in what `TREE` lists that are neither known to only read nor ``macros``."""
    called = {said.lower() for kind, said in listed if kind == "relation"}
    return sorted(called - READING_RELATIONS - macros)
