# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

ROLES = Path(__file__).resolve().parents[3] / "roles"
LAYERS = ("buckets", "secrets", "keys", "thresholds")
WRITES = "bucket_canary_key"


def look_of(role: str) -> dict[str, Any]:
    tasks = yaml.safe_load((ROLES / role / "tasks" / "look.yml").read_text(encoding="utf-8"))
    return dict(tasks[0]["multiregion.aws_dr.region_health_info"])


def test_what_is_published_is_what_health_looks_at() -> None:
    published, looked_at = look_of("dr_observability"), look_of("dr_health")
    assert {name: published.get(name) for name in LAYERS} == {name: looked_at[name] for name in LAYERS}


def test_a_look_on_a_schedule_writes_nothing_to_buckets() -> None:
    assert WRITES in look_of("dr_health")
    assert WRITES not in look_of("dr_observability")
