# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import gc
import os
import subprocess
import sys
from pathlib import Path

import pytest

from ansible_collections.multiregion.aws_dr.plugins.plugin_utils.read_ahead import kept

ROOT = Path(__file__).resolve().parents[4]
FILTERS = sorted(path.stem for path in (ROOT / "plugins" / "filter").glob("*.py"))
HEAVY = {"boto3", "botocore"}
LOADED_BY_REFUSE = """
from ansible.plugins.loader import action_loader, filter_loader, init_plugin_loader
init_plugin_loader()
action_loader.get("multiregion.aws_dr.refuse", class_only=True)
import sys
from pathlib import Path
print(*(Path(path).stem for path in filter_loader._module_cache if "/multiregion/aws_dr/" in path))
print(*sys.modules)
"""


def test_a_plays_first_action_brings_all_filters_and_what_the_actions_need() -> None:
    done = subprocess.run([sys.executable, "-c", LOADED_BY_REFUSE], capture_output=True, text=True, check=True)
    filters, modules = (line.split() for line in done.stdout.splitlines()[-2:])
    assert sorted(filters) == FILTERS
    assert set(modules) >= HEAVY


def test_bytecode_is_kept_where_python_may_keep_it(tmp_path: Path) -> None:
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    environment["PYTHONPYCACHEPREFIX"] = str(tmp_path)
    subprocess.run([sys.executable, "-c", LOADED_BY_REFUSE], capture_output=True, check=True, env=environment)
    compiled = {path.name.partition(".")[0] for path in tmp_path.rglob("plugin*/**/*.pyc") if "aws_dr" in str(path)}
    assert {"action", "in_process", "failover_course", "clients"} <= compiled


@pytest.mark.parametrize("enabled", [True, False])
def test_what_is_read_ahead_is_out_of_the_collectors_sight(enabled: bool) -> None:
    before = gc.isenabled()
    (gc.enable if enabled else gc.disable)()
    try:
        with kept():
            made: list[dict[str, str]] = [{}]
            assert not gc.isenabled()
        assert gc.isenabled() is enabled
        assert not any(each is made for each in gc.get_objects())
    finally:
        (gc.enable if before else gc.disable)()
        gc.unfreeze()


def test_every_play_begins_with_that_action() -> None:
    lacking = [
        path.name
        for path in (ROOT / "playbooks").glob("*.yml")
        if "multiregion.aws_dr.refuse:" not in path.read_text(encoding="utf-8")
    ]
    assert lacking == []
