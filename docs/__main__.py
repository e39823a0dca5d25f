"""``python -m docs``: writes again what the pages take from the program, and what their commands answer."""

import sys

from docs.generator import pages, rules

if not sys.argv[1:]:
    for path, text in rules.answered().items():  # before the pages that hold their text
        path.write_text(text, "utf-8")
for name in sys.argv[1:] or [*pages.GENERATED, *pages.executed()]:
    (pages.FOLDER / name).write_text(pages.current(name), "utf-8")
