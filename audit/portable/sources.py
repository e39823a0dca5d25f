"""Public tables of uploads as tables of a dataset: what a portable query reads, made from their columns.

Written in the subset, with five more functions, which `audit.portable.dialects` writes for each engine: ``replaced``
(every match of a pattern), ``captured`` (its one group, empty: no match), ``sorted_tags`` (the tags of a set that '.'
joins, each once, in order), ``padded`` (digits, 20 of them) and ``instant_of`` (a time of the table).
"""

from enum import StrEnum
from typing import Final

from sqlglot import exp, parse_one

from audit.errors import UsageError, hint
from audit.portable.dialects import Dialect


class TableSource(StrEnum):
    """The source of the tables: a dataset, BigQuery's public table of PyPI, or ClickHouse's copy of that."""

    DATASET = "dataset"
    DISTRIBUTION_METADATA = "distribution_metadata"
    PROJECTS = "projects"


def named_source(name: str | None) -> TableSource:
    """The source of a name; None: a dataset.

    Raises:
        UsageError: there is none.
    """
    if name is not None and name not in list(TableSource):
        raise UsageError(f"no source {name!r}: {hint(name, map(str, TableSource))}")
    return TableSource(name or TableSource.DATASET)


# The address of each public table; in other engines it is a table of this name.
_ADDRESSES: Final = {
    (TableSource.DISTRIBUTION_METADATA, Dialect.BIGQUERY): "`bigquery-public-data.pypi.distribution_metadata`",
    (TableSource.PROJECTS, Dialect.CLICKHOUSE): "pypi.projects",
}
# The columns of the public tables that are read.
COLUMNS: Final = ("name", "version", "filename", "upload_time")

_SDIST: Final = r"(?:tar\.gz|zip|tar\.bz2|tgz|tar\.xz|tar|tbz|txz|tlz|tar\.lz|tar\.lzma|tar\.z)"
_DUMB: Final = r"\.(?:linux|macosx|darwin|freebsd|cygwin|solaris|aix|win)(?:-[\w.-]+|32)"
_BUILD: Final = "[0-9][^-]*"
# The grammar of PEP 440 in lower case, without local parts, which the index of these tables does not accept. The count
# of numbers in a release, and of their digits, is limited: a longer version counts as not PEP 440.
_NUMBERS: Final = 10
_DIGITS: Final = "[0-9]{1,20}"
_MORE: Final = rf"(?:\.{_DIGITS})"
_PHASE: Final = "alpha|a|beta|b|preview|pre|c|rc"
_PARTS_OF_VERSION: Final = {
    "epoch": _DIGITS,
    "release": f"{_DIGITS}{_MORE}{{0,{_NUMBERS - 1}}}",
    "phase": f"(?:{_PHASE})",
    "pre": f"(?:{_DIGITS})?",
    "implied": _DIGITS,
    "post": "(?:post|rev|r)",
    "post_number": f"(?:{_DIGITS})?",
    "dev": "dev",
    "dev_number": f"(?:{_DIGITS})?",
}


def _version(**groups: str) -> str:
    """A pattern for a whole version, with the named parts replaced, for example by a group."""
    part = _PARTS_OF_VERSION | groups
    return (
        f"v?(?:{part['epoch']}!)?{part['release']}"
        f"(?:[-_.]?{part['phase']}[-_.]?{part['pre']})?"
        f"(?:-{part['implied']}|[-_.]?{part['post']}[-_.]?{part['post_number']})?"
        f"(?:[-_.]?{part['dev']}[-_.]?{part['dev_number']})?"
    )


def _captured(**groups: str) -> str:
    return rf"captured(text, '\A{_version(**groups)}\z')"


def _number(place: int) -> str:
    """SQL for the number at a position of a release."""
    before = f"{_DIGITS}{_MORE}{{{place - 1}}}[.]" if place else ""
    return f"padded({_captured(release=f'{before}({_DIGITS}){_MORE}{{0,{_NUMBERS - 1 - place}}}')}) as number_{place}"


_NUMBER_COLUMNS: Final = ", ".join(map(_number, range(_NUMBERS)))
_ALL_NUMBERS: Final = " || ".join(f"number_{place}" for place in range(_NUMBERS))

_UPLOADS: Final = """
    select
        source_rows.filename,
        min(replaced(lower(source_rows.name), '[-_.]+', '-')) as project,
        min(source_rows.version) as version,
        min(instant_of(source_rows.upload_time)) as uploaded_at
    from source_rows
    where source_rows.filename is not null and source_rows.filename != ''
    group by source_rows.filename
"""
_TEXTS: Final = "select distinct version, lower(trim(version)) as text from uploads"
_PARTS: Final = f"""
    select
        version,
        padded({_captured(epoch=f"({_DIGITS})")}) as epoch,
        {_NUMBER_COLUMNS},
        nullif({_captured(phase=f"({_PHASE})")}, '') as phase,
        padded({_captured(pre=f"({_DIGITS})?")}) as pre_number,
        nullif({_captured(post="(post|rev|r)")}, '') as post_word,
        nullif({_captured(implied=f"({_DIGITS})")}, '') as implied,
        padded({_captured(post_number=f"({_DIGITS})?")}) as post_number,
        nullif({_captured(dev="(dev)")}, '') as dev_word,
        padded({_captured(dev_number=f"({_DIGITS})?")}) as dev_number
    from texts
    where regexp_full_match(text, '{_version()}')
"""
_FACTS: Final = f"""
    select
        version,
        epoch || {_ALL_NUMBERS} || case
            when phase in ('a', 'alpha') then '1a' || pre_number
            when phase in ('b', 'beta') then '1b' || pre_number
            when phase is not null then '1c' || pre_number
            when dev_word is not null and post_word is null and implied is null then '0'
            else '2'
        end || case
            when implied is not null then '1' || padded(implied)
            when post_word is not null then '1' || post_number
            else '0'
        end || case when dev_word is not null then '0' || dev_number else '1' end as version_key,
        phase is not null or dev_word is not null as is_prerelease,
        post_word is not null or implied is not null as is_postrelease,
        epoch || number_0 || number_1 as series
    from parts
"""
_NUMBERED: Final = """
    select project, version, dense_rank() over (order by project, version) as release_number
    from (select distinct project, version from uploads) as named
"""
_RELEASES: Final = """
    select
        release.project,
        release.version,
        facts.version_key,
        facts.is_prerelease,
        facts.is_postrelease,
        facts.series,
        true as is_listed,
        release.release_number
    from numbered as release
    left join facts on facts.version = release.version
"""
_KINDS: Final = rf"""
    select
        *,
        case
            when regexp_full_match(lower(filename), '.*\.whl') then 'wheel'
            when regexp_full_match(lower(filename), '.*\.egg') then 'egg'
            when regexp_full_match(lower(filename), '.*\.exe') then 'wininst'
            when regexp_full_match(lower(filename), '.*\.msi') then 'msi'
            when regexp_full_match(lower(filename), '.*\.rpm') then 'rpm'
            when regexp_full_match(lower(filename), '.*\.dmg') then 'dmg'
            when regexp_full_match(lower(filename), '.*{_DUMB}.*\.{_SDIST}') then 'dumb'
            when regexp_full_match(lower(filename), '.*\.{_SDIST}') then 'sdist'
        end as kind,
        regexp_full_match(filename, '[^-]+-[^-]+(?:-{_BUILD})?-[^-]+-[^-]+-[^-]+\.whl')
            and replaced(lower(captured(filename, '\A([^-]+)-')), '[-_.]+', '-') = project
            and regexp_full_match(lower(captured(filename, '\A[^-]+-([^-]+)-')), '{_version()}(?:\+[a-z0-9._]+)?')
            as has_tags
    from uploads
"""
_FILES: Final = rf"""
    select
        file.project,
        file.version,
        file.filename,
        file.kind,
        file.uploaded_at,
        case when file.has_tags then
            nullif(captured(file.filename, '\A[^-]+-[^-]+-({_BUILD})-[^-]+-[^-]+-[^-]+\z'), '')
        end as build,
        case when file.has_tags then
            sorted_tags(captured(lower(file.filename), '-([^-]+)-[^-]+-[^-]+\z'))
        end as python_tag,
        case when file.has_tags then
            sorted_tags(captured(lower(file.filename), '-([^-]+)-[^-]+\z'))
        end as abi_tag,
        case when file.has_tags then
            sorted_tags(captured(lower(file.filename), '-([^-]+)[.]whl\z'))
        end as platform_tag,
        null::boolean as has_provenance,
        release.release_number,
        row_number() over (
            order by file.project, file.version, file.uploaded_at, file.filename
        ) as file_number
    from kinds as file
    join numbered as release on release.project = file.project and release.version = file.version
"""
_PROJECTS: Final = """
    select project, null::timestamptz as recorded_at, max(uploaded_at) as last_checked_at
    from uploads
    group by project
"""
# Each step with those that it reads.
_STEPS: Final = {
    "uploads": (_UPLOADS, ()),
    "texts": (_TEXTS, ("uploads",)),
    "parts": (_PARTS, ("texts",)),
    "facts": (_FACTS, ("parts",)),
    "numbered": (_NUMBERED, ("uploads",)),
    "releases": (_RELEASES, ("numbered", "facts")),
    "kinds": (_KINDS, ("uploads",)),
    "files": (_FILES, ("kinds", "numbered")),
    "projects": (_PROJECTS, ("uploads",)),
}
# The tables of a dataset that are made in this way.
MADE: Final = ("files", "releases", "projects")


def table_of(source: TableSource, dialect: Dialect) -> str:
    """The table that is read, as ``dialect`` writes it."""
    return _ADDRESSES.get((source, dialect), source.value)


def step(name: str, source: TableSource, dialect: Dialect) -> tuple[exp.Query, tuple[str, ...]]:
    """The query for a table of `MADE`, or for one of its intermediate steps; and the steps that it reads."""
    text, reads = _STEPS[name]
    tree: exp.Query = parse_one(text, read="duckdb", into=exp.Select)
    for place in [each for each in tree.find_all(exp.Table) if each.name == "source_rows"]:
        table = exp.to_table(table_of(source, dialect), dialect=dialect.value)
        place.replace(exp.alias_(table, "source_rows", table=True))
    return tree, reads
