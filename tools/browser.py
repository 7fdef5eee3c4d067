# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Opens sample reports in a headless Chromium, light and dark: charts are drawn, and the console has nothing to say.

python tools/browser.py    leaves the pages and their pictures in build/browser
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.report.run import run_report
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.report.series import series_report
from ansible_collections.multiregion.aws_dr.plugins.plugin_utils.report.pages import report_files
from ansible_collections.multiregion.aws_dr.tests.unit.plugins.module_utils._plan.report.recorded import (
    EVENTS,
    T,
    record,
)

ROOT = Path(__file__).resolve().parent.parent
BUILD = ROOT / "build" / "browser"
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
NOT_HERE = 3
SECONDS = 60
SIZE = "1100,3600"
SCHEMES = {"light": (), "dark": ("--force-dark-mode", "--blink-settings=preferredColorScheme=0")}
CHARTS = {"run": ("timeline", "probe"), "series": ("trend-rto", "trend-rpo")}
MEASURE = """<script>addEventListener('load', () => {
  const charts = [...document.querySelectorAll('svg')].map(svg => {
    const bars = [...svg.querySelectorAll('rect')].filter(bar => bar.getBoundingClientRect().width > 0);
    const painted = new Set(bars.map(bar => getComputedStyle(bar).fill + getComputedStyle(bar).stroke)).size;
    return `${svg.id}:${svg.getBoundingClientRect().width > 300}:${bars.length}:${painted}`;
  });
  const wide = document.documentElement.scrollWidth > innerWidth;
  document.title = ['measured', matchMedia('(prefers-color-scheme: dark)').matches, wide,
    getComputedStyle(document.body).backgroundColor, ...charts].join('|');
})</script>"""


def browser() -> str | None:
    return next((found for name in NAMES if (found := shutil.which(name))), None)


def pages() -> dict[str, str]:
    """A run's page and a series', of records that have everything."""
    runs = [record(id=f"shop-{n}", opened_at=T + n * 86400) for n in range(12)]
    run = run_report(record(), EVENTS, "the state table").as_dict()
    series = series_report("shop", runs, {"live": 30.0, "failover": 9999.0}, T + 1e6, "the state table").as_dict()
    return {"run": report_files(run)["report.html"], "series": report_files(series)["report.html"]}


def open_page(program: str, page: Path, *options: str) -> subprocess.CompletedProcess[str]:
    profile = page.parent / "profile"
    words = [program, "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", f"--window-size={SIZE}"]
    words += [f"--user-data-dir={profile}", "--enable-logging=stderr", *options, page.as_uri()]
    # With a home of its own it reads nobody's settings, and writes none.
    environment = {**os.environ, "HOME": str(page.parent)}
    return subprocess.run(words, text=True, capture_output=True, timeout=SECONDS, check=False, env=environment)


def faults(name: str, scheme: str, program: str, page: Path) -> list[str]:
    """What is wrong with a page: as it is, by its console; with a script that measures it, by what was drawn."""
    shot = page.with_name(f"{name}-{scheme}.png")
    plain = open_page(program, page, *SCHEMES[scheme], f"--screenshot={shot}")
    found = [line for line in plain.stderr.splitlines() if "CONSOLE" in line]
    if not shot.exists() or shot.stat().st_size < 10_000:
        found.append(f"no picture: {plain.stderr[-300:]}")
    measured = page.with_name(f"{name}-measured.html")
    # The page's own policy lets no script run: here, and only here, it has to.
    text = re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', MEASURE, page.read_text(encoding="utf-8"))
    measured.write_text(text, encoding="utf-8")
    dumped = open_page(program, measured, *SCHEMES[scheme], "--dump-dom").stdout
    title = re.search(r"<title>measured\|(.*?)</title>", dumped)
    return found + (_drawn(title[1].split("|"), CHARTS[name], scheme) if title else ["it couldn't be measured"])


def _drawn(told: list[str], charts: tuple[str, ...], scheme: str) -> list[str]:
    dark, wide, background, *drawn = told
    by_id: Mapping[str, list[str]] = {each.split(":")[0]: each.split(":")[1:] for each in drawn}
    missing = [f"the chart {name} isn't drawn: {by_id.get(name)}" for name in charts if not _has_bars(by_id.get(name))]
    light_page = background == "rgb(255, 255, 255)"
    return missing + [
        text
        for text, holds in {
            f"it doesn't follow {scheme}: {background}": (dark == "true") != (scheme == "dark")
            or light_page != (scheme == "light"),
            "it is wider than its window": wide == "true",
        }.items()
        if holds
    ]


def _has_bars(drawn: list[str] | None) -> bool:
    return drawn is not None and drawn[0] == "true" and int(drawn[1]) >= 2


def main() -> int:
    program = browser()
    if program is None:
        print(f"no Chromium on this machine ({', '.join(NAMES)}): the reports' pages weren't opened in one")
        return NOT_HERE
    started, failed, checked = time.monotonic(), 0, 0
    BUILD.mkdir(parents=True, exist_ok=True)
    for name, text in pages().items():
        page = BUILD / f"{name}.html"
        page.write_text(text, encoding="utf-8")
        for scheme in SCHEMES:
            found = faults(name, scheme, program, page)
            checked, failed = checked + 1, failed + bool(found)
            print(f"{name:8}{scheme:7}{'FAILED' if found else 'ok'}", *found, sep="\n    ", flush=True)
    print(f"{checked - failed} passed, {failed} failed in {time.monotonic() - started:.1f}s")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
