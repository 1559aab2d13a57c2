"""A real browser measures the letter: no screen is too narrow for it, whether its style blocks are kept or dropped."""

from __future__ import annotations

import html
import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from config.wording import LANGUAGES
from tasks.adapters.pages import html_page
from tests.reports.sample import a_blocked_day, a_day, a_day_with_nothing_to_report, a_ledger_to_sign

BROWSER = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
WIDTHS = (320, 360, 600, 1000)
_MEASURE = """<script>addEventListener("load", () => {
  const told = [...document.querySelectorAll("iframe")].map((one) => one.contentDocument.documentElement.scrollWidth);
  document.body.textContent = JSON.stringify(told);
})</script>"""


@pytest.mark.proof
@pytest.mark.skipif(BROWSER is None, reason="no browser is installed that could measure a page")
@pytest.mark.parametrize("language", LANGUAGES)
def test_no_page_is_wider_than_its_screen(language: str, tmp_path: Path) -> None:
    wanted: list[int] = []
    frames: list[str] = []
    for told in (a_day(), a_blocked_day(), a_day_with_nothing_to_report(), a_ledger_to_sign()):
        page = html_page(told, language, {"trend": "data:image/gif;base64,R0lGODlhAQABAAAAACw="})
        for kept in (page, re.sub(r"<style.*?</style>", "", page, flags=re.DOTALL)):
            for width in WIDTHS:
                wanted.append(width)
                frames.append(f'<iframe style="border:0;width:{width}px" srcdoc="{html.escape(kept)}"></iframe>')
    album = tmp_path / "album.html"
    album.write_text(f"<!DOCTYPE html><body>{''.join(frames)}{_MEASURE}</body>", encoding="utf-8")
    assert BROWSER is not None
    told_back = subprocess.run(
        [BROWSER, "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars",
         f"--user-data-dir={tmp_path / 'profile'}", "--dump-dom", album.as_uri()],
        capture_output=True, text=True, check=True, timeout=120,
    ).stdout  # fmt: skip
    measured = json.loads(re.sub(r"<[^>]+>", "", told_back))
    assert measured == wanted
