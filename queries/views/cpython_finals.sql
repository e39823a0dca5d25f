/*
question = "When did each CPython come out, and from when on could wheels for it be built?"
grain = "one row for each CPython minor version"
order = "none: it is a relation to query"
source = "python.org's release pages for the finals, the release schedules for the first candidates: PEP 373, 392, 398, 429, 478, 494, 537, 569, 596, 619, 664, 693, 719, 745, 790"
caveat = "Days, UTC. From the first release candidate on the ABI is fixed: wheels built for it are good for the final."

[columns]
python_tag = { type = "VARCHAR", meaning = "interpreter tag, such as cp312" }
release_candidate_at = { type = "TIMESTAMP WITH TIME ZONE", unit = "UTC", meaning = "start of the day of the first release candidate" }
final_at = { type = "TIMESTAMP WITH TIME ZONE", unit = "UTC", meaning = "start of the day of the final release" }
*/
select
    python_tag,
    (candidate_day || ' 00:00:00+00')::timestamptz as release_candidate_at,
    (final_day || ' 00:00:00+00')::timestamptz as final_at
from (values
    ('cp27', '2010-06-05', '2010-07-03'), ('cp32', '2011-01-16', '2011-02-20'),
    ('cp33', '2012-08-24', '2012-09-29'), ('cp34', '2014-02-10', '2014-03-16'),
    ('cp35', '2015-08-10', '2015-09-13'), ('cp36', '2016-12-06', '2016-12-23'),
    ('cp37', '2018-06-12', '2018-06-27'), ('cp38', '2019-10-01', '2019-10-14'),
    ('cp39', '2020-08-11', '2020-10-05'), ('cp310', '2021-08-03', '2021-10-04'),
    ('cp311', '2022-08-08', '2022-10-24'), ('cp312', '2023-08-06', '2023-10-02'),
    ('cp313', '2024-08-01', '2024-10-07'), ('cp314', '2025-07-22', '2025-10-07'),
    ('cp315', '2026-08-04', '2026-10-09')
) as known (python_tag, candidate_day, final_day)
