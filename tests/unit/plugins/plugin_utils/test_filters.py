# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[4]
FILTERS = sorted(path.stem for path in (ROOT / "plugins" / "filter").glob("*.py"))
HEAVY = {"boto3", "botocore", "psycopg", "dns"}
LOADED_BY_REFUSE = """
from ansible.plugins.loader import action_loader, filter_loader, init_plugin_loader
init_plugin_loader()
action_loader.get("multiregion.aws_dr.refuse", class_only=True)
import sys
from pathlib import Path
print(*(Path(path).stem for path in filter_loader._module_cache if "/multiregion/aws_dr/" in path))
print(*sys.modules)
"""


def test_a_plays_first_action_brings_all_filters_and_nothing_heavy_with_them() -> None:
    done = subprocess.run([sys.executable, "-c", LOADED_BY_REFUSE], capture_output=True, text=True, check=True)
    filters, modules = (line.split() for line in done.stdout.splitlines()[-2:])
    assert sorted(filters) == FILTERS
    assert HEAVY & set(modules) == set()


def test_every_play_begins_with_that_action() -> None:
    lacking = [
        path.name
        for path in (ROOT / "playbooks").glob("*.yml")
        if "multiregion.aws_dr.refuse:" not in path.read_text(encoding="utf-8")
    ]
    assert lacking == []
