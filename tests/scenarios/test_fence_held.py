# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A failover that fails after it asked for the promotion leaves the old Region fenced: there may be a new writer."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from playing import LabUnderTest, lab_under_test

from lab.settings import STANDBY

UNPLANNED = ("-e", "mode=unplanned", "-e", "accept_data_loss=true", "-e", "approved_by=Ada")
# Home lives on, and can be fenced; the target is promoted, and can't be proved to be.
NO_SECRET = ("fault", "api", "error", "--service", "secretsmanager", "--action", "GetSecretValue", "--region", STANDBY)


@pytest.fixture(scope="module")
def parted() -> Iterator[LabUnderTest]:
    """A lab under load whose Regions don't see each other any more."""
    with lab_under_test() as lab:
        lab.run("load", "start", "--rate", "50")
        time.sleep(2.0)
        lab.run("fault", "partition")
        yield lab


def test_the_fence_stays_up_once_the_promotion_was_asked_for(parted: LabUnderTest) -> None:
    parted.run(*NO_SECRET, "--status", "400", "--code", "ResourceNotFoundException")
    failed = parted.failover(*UNPLANNED, "-e", "dr_failover_promote_timeout=20")
    assert failed.status != 0, failed.output
    made = [call["action"] for call in failed.writes]
    assert "CreateNetworkAclEntry" in made and "FailoverGlobalCluster" in made, made
    assert "DeleteNetworkAclEntry" not in made, "the fence was lifted with a promotion under way"
    time.sleep(3.0)
    parted.run("load", "stop")
    report = parted.report()
    assert report["acked_rows"] > 30, "the load must have been acknowledged beforehand"
    assert report["stale_acks"] == 0
    parted.run("heal", "api")
    finished = parted.failover(*UNPLANNED)
    assert finished.status == 0 and finished.summary["writer"] == STANDBY, finished.output
