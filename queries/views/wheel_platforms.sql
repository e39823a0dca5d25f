/*
question = "Which operating systems, architectures and C libraries does a set of platform tags serve?"
grain = "one row for each platform_tag of a wheel or of an environment and each (operating system, architecture, libc) that it serves"
order = "none: it is a relation to query"
source = "files.parquet and the environments; PEP 425 (the tags), PEP 600 and 513, 571, 599 (manylinux), PEP 656 (musllinux), PEP 730, 738, 783; the fat architectures of macOS as packaging.tags lists them"
caveat = "The version of the system or of its C library is left out: a wheel for an older one serves the same platform."
is_shared = true
portable = true

[columns]
platform_tag = { type = "VARCHAR", meaning = "a wheel's platform tags, sorted, joined by '.', or an environment's platform" }
platform = { type = "VARCHAR", meaning = "operating system, architecture and libc, joined by spaces, such as 'linux x86_64 glibc'" }
*/
with sets as (
    select platform_tag from files where platform_tag is not null
    union
    select platform from environments where era != 'this'
),

tags as (
    select sets.platform_tag, tags.tag
    from sets
    cross join unnest(string_split(sets.platform_tag, '.')) as tags (tag)
),

-- A tag that fits no rule is a platform of its own, never a guess.
split as (
    select
        platform_tag,
        tag,
        case
            when regexp_full_match(tag, 'manylinux(1|2010|2014|_\d+_\d+)_.+') then 'linux'
            when regexp_full_match(tag, 'musllinux_\d+_\d+_.+') or substr(tag, 1, 6) = 'linux_' then 'linux'
            when regexp_full_match(tag, 'macosx_\d+_\d+_.+') then 'macos'
            when tag = 'win32' or substr(tag, 1, 4) = 'win_' then 'windows'
            when regexp_full_match(tag, 'ios_\d+_\d+_.+') then 'ios'
            when regexp_full_match(tag, 'android_\d+_.+') then 'android'
            when regexp_full_match(tag, '(pyodide|emscripten|pyemscripten)_.+_wasm32') then 'emscripten'
            else tag
        end as system,
        case
            when substr(tag, 1, 9) = 'manylinux' then 'glibc' when substr(tag, 1, 9) = 'musllinux' then 'musl' else ''
        end as libc,
        case when tag = 'win32' then 'x86' else regexp_replace(
            tag, '^(manylinux(1|2010|2014|_\d+_\d+)|musllinux_\d+_\d+|linux|macosx_\d+_\d+|win|ios_\d+_\d+|android_\d+)_', ''
        ) end as machine
    from tags
),

fat as (
    select *
    from (values
        ('universal2', 'arm64.x86_64'),
        ('universal', 'i386.ppc.ppc64.x86_64'),
        ('intel', 'i386.x86_64'),
        ('fat', 'i386.ppc'),
        ('fat32', 'i386.ppc'),
        ('fat3', 'i386.ppc.x86_64'),
        ('fat64', 'ppc64.x86_64')
    ) as known (machine, machines)
),

-- No tag holds the '.' that divides tags, so it divides machines too.
served as (
    select
        split.platform_tag,
        split.system,
        split.libc,
        case
            when split.system = split.tag or split.system = 'emscripten' then ''
            when split.system = 'macos' then coalesce(fat.machines, split.machine)
            else split.machine
        end as machines
    from split
    left join fat on fat.machine = split.machine
)

select distinct
    served.platform_tag,
    trim(served.system || ' ' || machines.machine || ' ' || served.libc) as platform
from served
cross join unnest(string_split(served.machines, '.')) as machines (machine)
