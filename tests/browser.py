"""The machine's own Chromium, driven by Playwright; without one, its tests are skipped, but not in CI."""

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
DRAWN = "html[data-charts=drawn]"


@dataclass
class Seen:
    """What a page did beside showing itself: console lines, errors, and the addresses that it asked for."""

    messages: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)


@contextmanager
def chromium() -> Iterator[Browser]:
    """A headless browser; skips the test if there is none; in CI the test fails."""
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
    with tab(browser, width=width, scheme=scheme, offline=True) as (page, seen):
        page.goto(file.as_uri())
        page.wait_for_selector(DRAWN, state="attached")
        yield page, seen


@contextmanager
def tab(
    browser: Browser, *, width: int = DESKTOP, scheme: str = "light", offline: bool = False
) -> Iterator[tuple[Page, Seen]]:
    """An empty tab of its own, and what it will do."""
    seen = Seen()
    context = browser.new_context(
        viewport={"width": width, "height": 900},
        color_scheme="dark" if scheme == "dark" else "light",
        offline=offline,
        has_touch=width == PHONE,
    )
    context.set_default_timeout(PATIENCE_MS)
    page = context.new_page()
    page.on("console", lambda message: seen.messages.append(message.text))
    page.on("pageerror", lambda error: seen.messages.append(str(error)))
    page.on("request", lambda request: seen.asked.append(request.url))
    yield page, seen
    context.close()


def unreadable(page: Page) -> list[str]:
    """Texts whose contrast with their background is below 4.5 to 1 (WCAG 2.2, AA)."""
    found: list[str] = page.evaluate(
        """() => {
            const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
            const parts = (colour) => {
                canvas.clearRect(0, 0, 1, 1);
                canvas.fillStyle = colour;
                canvas.fillRect(0, 0, 1, 1);
                return [...canvas.getImageData(0, 0, 1, 1).data];
            };
            const light = (rgb) => rgb.slice(0, 3).map((part) => part / 255)
                .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4))
                .reduce((sum, part, place) => sum + part * [0.2126, 0.7152, 0.0722][place], 0);
            const paperOf = (place) => {
                for (let at = place; at; at = at.parentElement) {
                    const colour = parts(getComputedStyle(at).backgroundColor);
                    if (colour[3] === 255) return colour;
                }
                throw new Error("no paper");
            };
            const hasText = (place) => [...place.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
            const isSeen = (place) => place.checkVisibility() && hasText(place) && !place.closest("script, style");
            return [...document.body.querySelectorAll("*")].filter(isSeen).filter((place) => {
                const style = getComputedStyle(place);
                const ink = light(parts(place.closest("svg") ? style.fill : style.color));
                const paper = light(paperOf(place));
                return (Math.max(ink, paper) + 0.05) / (Math.min(ink, paper) + 0.05) < 4.5;
            }).map((place) => `${place.tagName} ${place.className?.baseVal ?? place.className}: ${place.textContent}`);
        }"""
    )
    return found
