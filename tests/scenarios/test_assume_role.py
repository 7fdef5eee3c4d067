# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A failover whose profile assumes a role does so once a Region, through that Region's own STS."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from playing import FAILOVER, LabUnderTest, Played

from lab.settings import HOME, STANDBY

UNPLANNED = ("-e", "mode=unplanned", "-e", "accept_data_loss=true", "-e", "approved_by=Ada")
CONFIG = """
[profile operator]
role_arn = arn:aws:iam::123456789012:role/operator
source_profile = base
[profile base]
aws_access_key_id = AKIDEXAMPLE
aws_secret_access_key = example
"""


@pytest.fixture
def profile(tmp_path: Path) -> tuple[str, ...]:
    """A home directory of its own, whose profile assumes a role."""
    (tmp_path / "config").write_text(CONFIG, encoding="utf-8")
    unset = ("-u", "AWS_ACCESS_KEY_ID", "-u", "AWS_SECRET_ACCESS_KEY", "-u", "AWS_SESSION_TOKEN")
    return ("env", *unset, f"HOME={tmp_path}", f"AWS_CONFIG_FILE={tmp_path / 'config'}", "AWS_PROFILE=operator")


def assumed(played: Played) -> Counter[str]:
    calls = [call for call in played.calls if (call["service"], call["action"]) == ("sts", "AssumeRole")]
    return Counter(call["region"] for call in calls)


def test_once_a_region_and_run(lab: LabUnderTest, profile: tuple[str, ...]) -> None:
    played = lab.play(*profile, *FAILOVER)
    assert played.status == 0, played.output
    found = assumed(played)
    assert {HOME, STANDBY} <= set(found)
    assert set(found.values()) == {1}, found


def test_a_lost_regions_service_is_not_needed(lab: LabUnderTest, profile: tuple[str, ...]) -> None:
    lab.run("fault", "region", HOME, "--mode", "hang")
    played = lab.play(*profile, *FAILOVER, *UNPLANNED)
    assert played.status == 0, played.output
    assert assumed(played)[STANDBY] == 1
    assert played.summary["run_seconds"] < 40
