# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""drill.yml on the lab: every drill that leaves production alone passes, and leaves production alone."""

from __future__ import annotations

from drilling import drill, left, outside, sync_parameters, untouched, verdicts
from playing import LabUnderTest


def test_every_drill_passes_touches_nothing_of_production_and_leaves_nothing(lab: LabUnderTest) -> None:
    sync_parameters(lab)
    played = drill(lab)
    assert played.status == 0, played.output
    assert set(verdicts(played).values()) == {"passed"} and len(verdicts(played)) == 4
    assert untouched(lab, played), played.writes
    assert outside(played, "drill") == set()
    assert left(lab) == []
    shown = lab.play("ansible-playbook", "multiregion.aws_dr.status", "-i", "inventories/lab")
    assert "succeeded: health_check_simulation passed, failover_simulation passed" in shown.output
