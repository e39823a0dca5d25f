"""The machine's own Chromium, driven by Playwright; where there is none, its tests are skipped, but not in CI."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

MISSING = "no Chromium: `apt-get install chromium` (or another system's package) brings the browser of these tests"
PATIENCE_MS = 300_000
PHONE, TABLET, DESKTOP, WIDE = 390, 820, 1280, 1920


@dataclass
class Seen:
    """What a page did beside showing itself: console lines, errors, and the addresses that it asked for."""

    told: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)


@contextmanager
def chromium() -> Iterator[Browser]:
    """A headless browser; skips the test where there is none, and fails it there in CI."""
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if found is None:
        assert not os.environ.get("CI"), MISSING
        pytest.skip(MISSING)
    with sync_playwright() as playwright:
        # A container's root cannot use Chromium's sandbox, nor much shared memory; the pages are the tests' own files.
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox", "--disable-dev-shm-usage"])
        yield browser
        browser.close()


@contextmanager
def opened(browser: Browser, file: Path, *, width: int = DESKTOP, scheme: str = "light") -> Iterator[tuple[Page, Seen]]:
    """The file in a tab without a network, when its charts are drawn."""
    seen = Seen()
    context = browser.new_context(
        viewport={"width": width, "height": 900},
        color_scheme="dark" if scheme == "dark" else "light",
        offline=True,
        has_touch=width == PHONE,
    )
    context.set_default_timeout(PATIENCE_MS)
    page = context.new_page()
    page.on("console", lambda message: seen.told.append(message.text))
    page.on("pageerror", lambda error: seen.told.append(str(error)))
    page.on("request", lambda request: seen.asked.append(request.url))
    page.goto(file.as_uri())
    page.wait_for_selector("html[data-charts=drawn]", state="attached")
    yield page, seen
    context.close()
