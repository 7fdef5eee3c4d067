# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A switchover that a disaster overtakes becomes a failover, and that a detach: one run, each confirmed again."""

from __future__ import annotations

import json

from playing import LabUnderTest

from lab.settings import HOME, STANDBY

LOSSY = ("-e", "mode=unplanned", "-e", "accept_data_loss=true")
REFUSE = ("fault", "api", "error", "--service", "rds", "--status", "400", "--code", "InvalidGlobalClusterStateFault")
JOURNAL = """
import boto3, json
table = boto3.client("dynamodb", region_name="eu-west-1")
items = table.scan(TableName="aws-dr-state", ConsistentRead=True)["Items"]
keys = [(item["pk"]["S"], item["sk"]["S"]) for item in items]
print(json.dumps({"runs": sorted({pk for pk, sk in keys if pk.startswith("run#")}), "text": json.dumps(items)}))
"""


def runs(lab: LabUnderTest) -> tuple[list[str], str]:
    """The runs in the state table, and all that stands in it."""
    found = json.loads(lab.run("exec", "--", "python3", "-c", JOURNAL).stdout)
    return found["runs"], found["text"]


def test_one_run_from_switchover_to_failover_to_detach(lab: LabUnderTest) -> None:
    for action in ("SwitchoverGlobalCluster", "FailoverGlobalCluster"):
        lab.run(*REFUSE, "--action", action)

    planned = lab.failover()
    assert planned.status != 0, planned.output
    assert "as the same run" in planned.output and "mode=unplanned" in planned.output

    lab.run("fault", "region", HOME)
    unapproved = lab.failover(*LOSSY)
    assert unapproved.status != 0 and "not_approved" in unapproved.output
    assert unapproved.writes == []

    lost = lab.failover(*LOSSY, "-e", "approved_by=Ada")
    assert lost.status != 0, lost.output
    assert "refused_by_rds" in lost.output and "-e accept_detach=true" in lost.output
    assert "RemoveFromGlobalCluster" not in {call["action"] for call in lost.writes}

    resort = ("-e", "accept_detach=true", "-e", "detach_after=3")
    unapproved = lab.failover(*LOSSY, *resort)
    assert unapproved.status != 0 and "not_approved" in unapproved.output
    assert unapproved.writes == []

    detached = lab.failover(*LOSSY, *resort, "-e", "approved_by=Grace")
    assert detached.status == 0, detached.output
    assert (detached.summary["writer"], detached.summary["outcome"]) == (STANDBY, "degraded")
    assert "was detached" in detached.output
    assert detached.summary["rpo_known_as"] == "unknown"

    found, text = runs(lab)
    assert len(found) == 1, "it is one run from beginning to end"
    assert "Ada" in text and "Grace" in text and "detach_database" in text


def test_a_switchover_that_is_refused_can_be_left(lab: LabUnderTest) -> None:
    lab.run(*REFUSE, "--action", "SwitchoverGlobalCluster")
    planned = lab.failover()
    assert "nothing was promoted" in planned.output and "multiregion.aws_dr.abort" in planned.output
