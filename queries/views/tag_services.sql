/*
question = "What does each set of a wheel's tags serve: which interpreters, platforms, pairs of them, and environments?"
grain = "one row for each set of tags and each thing that it serves; environments that decide for no set are left out"
order = "none: it is a relation to query"
source = "wheel_sets, deciding_fits"
caveat = "All services have numbers of their own, so that one number says which it is. A set with an interpreter or a platform that no environment simulates has no environments here."
is_shared = true
portable = true
uses = ["wheel_sets", "deciding_fits"]

[columns]
set_number = { type = "BIGINT", meaning = "the set of tags, as in wheel_sets" }
service = { type = "VARCHAR", choices = ["python", "platform", "pair", "environment"], meaning = "an interpreter with ABI, a platform, a pair of both, or an environment" }
service_number = { type = "BIGINT", meaning = "a number for it, less than 2^32" }
is_deciding = { type = "BOOLEAN", meaning = "not an environment, or one that decides for this set: see deciding_fits" }
*/
-- Each kind has a quarter of the numbers below 2^32.
select distinct set_number, 'python' as service, python_number as service_number, true as is_deciding
from wheel_sets
union all
select distinct set_number, 'platform' as service, platform_number + 1073741824 as service_number, true as is_deciding
from wheel_sets
union all
select set_number, 'pair' as service, pair_number + 2147483648 as service_number, true as is_deciding
from wheel_sets
union all
select set_number, 'environment' as service, environment_number + 3221225472 as service_number, is_deciding
from deciding_fits
