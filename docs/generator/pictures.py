"""``python -m docs.generator.pictures``: takes the README's pictures again, of the report and the site of the demo.

It needs Chromium. A picture depends on the fonts of the machine, so no test compares it.
"""

import tempfile
from pathlib import Path
from typing import Final

from docs.generator.console import clone
from docs.generator.pages import FOLDER
from tests.browser import DRAWN, chromium

# For each picture: the page of which it is the head, and its size in pixels.
_PICTURES: Final = {
    "report.png": ("data/report.html", 1600, 1310),
    "site.png": ("data/site/projects/numpy.html", 1180, 900),
}


def take() -> None:
    """Writes the pictures."""
    with tempfile.TemporaryDirectory(prefix="release-audit-pictures-") as folder, chromium() as browser:
        with clone(Path(folder)) as console:
            console.run("make demo")
            console.run("release-audit report --dataset data/demo --out data/report.html")
            console.run("release-audit site --dataset data/demo --out data/site")
        for name, (file, width, height) in _PICTURES.items():
            page = browser.new_page(viewport={"width": width, "height": height}, color_scheme="light")
            page.goto((Path(folder) / file).as_uri())
            page.wait_for_selector(DRAWN, state="attached")
            page.screenshot(path=FOLDER / "images" / name)


if __name__ == "__main__":
    take()
