/*
question = "When did each CPython come out?"
grain = "one row for each CPython minor version"
order = "none: it is a relation to query"
source = "python.org's release pages, as the design lists them"
caveat = "Days of the final release, UTC; candidates, which wheels can be built with, come some weeks earlier."

[columns]
python_tag = { type = "VARCHAR", meaning = "interpreter tag, such as cp312" }
final_at = { type = "TIMESTAMP WITH TIME ZONE", unit = "UTC", meaning = "start of the day of the final release" }
*/
select python_tag, (final_day || ' 00:00:00+00')::timestamptz as final_at
from (values
    ('cp27', '2010-07-03'), ('cp32', '2011-02-20'), ('cp33', '2012-09-29'), ('cp34', '2014-03-16'),
    ('cp35', '2015-09-13'), ('cp36', '2016-12-23'), ('cp37', '2018-06-27'), ('cp38', '2019-10-14'),
    ('cp39', '2020-10-05'), ('cp310', '2021-10-04'), ('cp311', '2022-10-24'), ('cp312', '2023-10-02'),
    ('cp313', '2024-10-07'), ('cp314', '2025-10-07')
) as known (python_tag, final_day)
