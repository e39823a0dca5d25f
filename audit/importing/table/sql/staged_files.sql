select
    release_number,
    filename,
    distinct_rows.kind,
    declared.declared_kind,
    upload_time as uploaded_at,
    size as size_bytes,
    sha256,
    tails.build,
    tails.python_tag,
    tails.abi_tag,
    tails.platform_tag,
    requires_python,
    null::boolean as is_yanked,
    null::varchar as yanked_reason,
    null::boolean as has_provenance,
    uploaded_via,
    $source as source,
    $precision_us::bigint as time_precision_us
from distinct_rows
join release_rows using (number, version)
left join declared on declared.packagetype = distinct_rows.packagetype and declared.kind = distinct_rows.kind
left join tails on tails.tail = distinct_rows.wheel_tail
where place = 1
