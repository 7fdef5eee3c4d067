# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Out of a Region that is lost and home again, under load."""

from __future__ import annotations

import shlex
import time

from playing import LabUnderTest

from lab.settings import HOME

UNPLANNED = ("-e", "mode=unplanned", "-e", "accept_data_loss=true", "-e", "approved_by=Ada")
ACCEPTED = ("-e", "accept_unreconciled=true", "-e", "reason=rehearsal")


def test_a_workload_goes_home_once_its_region_has_returned(lab: LabUnderTest) -> None:
    lab.run("load", "start", "--rate", "50")
    time.sleep(1.0)
    lab.run("fault", "region", HOME)
    away = lab.failover(*UNPLANNED)
    assert away.status == 0, away.output
    lost = int(lab.report()["lost_rows"])
    lab.run("heal", "region", HOME)
    lab.wait_for_replica(HOME)
    way_back = (*shlex.split(away.summary["way_back"]), *ACCEPTED)
    assert away.summary["way_back"] in away.output
    home = lab.play(*way_back)
    lab.run("load", "stop")
    assert home.status == 0, home.output
    assert home.summary["writer"] == HOME and home.summary["rpo_seconds"] == 0.0
    assert [gate["step"] for gate in home.summary["gates"]][:3] == ["losses", "home_stable", "resync"]
    latch = [
        call for call in home.writes if call["service"] == "s3" and call["params"]["Bucket"].startswith("shop-latch")
    ]
    assert {call["action"] for call in latch} == {"DeleteObject"}
    report = lab.report()
    assert (report["lost_rows"], report["writers"], report["served_again"]) == (lost, 1, True)
    again = lab.play(*way_back)
    assert (again.status, again.changed) == (0, 0), again.output
    assert [call for call in again.writes if call["service"] != "sts"] == []
