# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""SIGKILL after every AWS call of an isolated drill, the state table's included; then the next drill, or a cleanup.

Whatever was left is found by its tag: no copy, no health check and no open run stays, and production stays as it was.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass

import boto3
from crash import Case
from journal import store
from stage import Attempt, Stage, calls_of, gist

from lab.load.report import writers
from lab.settings import HOME, REGIONS

DRILL_ON = ("multiregion.aws_dr.drill", "-i", "inventories/lab", "-e", "reason=matrix")
PLAYBOOK = (*DRILL_ON, "-e", "type=failover_simulation")
CLEANUP = (*DRILL_ON, "-e", "type=cleanup")
CONTROL = "cleanup"
PRODUCTION = {f"shop-{region}" for region in REGIONS}


@dataclass(frozen=True)
class DrillCase:
    """A crash point, and whether the next drill or a cleanup comes after it."""

    crash: Case
    by_cleanup: bool

    def __str__(self) -> str:
        return f"{self.crash}; then {'a cleanup' if self.by_cleanup else 'the next drill'}"


class CrashDrill:
    """The matrix of an isolated drill's crash points."""

    def cases(self, stage: Stage) -> Sequence[DrillCase]:
        """One for each call of an uninterrupted drill, with its workers and without; by turns, either comes after."""
        stage.lab("reset")
        began = time.time()
        last = stage.attempt(playbook=PLAYBOOK)
        if last.status:
            raise SystemExit(f"the uninterrupted drill failed: {last.output[-2000:]}")
        names = [f"{call['service']}:{call['action']} {call['region']}" for call in calls_of(stage, began)]
        points = [Case(after, name, tree) for after, name in enumerate(names, 1) for tree in (True, False)]
        return [DrillCase(point, by_cleanup=(point.after + point.tree) % 2 == 0) for point in points]

    def try_case(self, stage: Stage, case: DrillCase) -> list[str]:
        stage.lab("reset")
        process = stage.begin(playbook=PLAYBOOK)
        spec = {"kind": "kill", "pid": process.pid, "tree": case.crash.tree, "skip": case.crash.after - 1, "times": 1}
        stage.admin.fault({"kind": "api", "fault": spec})
        first = stage.end(process)
        second = stage.attempt(playbook=CLEANUP if case.by_cleanup else PLAYBOOK)
        wrongs = [*self.wrongs(stage, second), *stage.late_orphans()]
        if first.status not in (-9, 0):
            wrongs.append(f"the first attempt wasn't killed, but ended with {first.status}")
        return wrongs

    def wrongs(self, stage: Stage, last: Attempt) -> list[str]:
        """What is left, and what became of production."""
        found = [] if last.status == 0 else [f"the last attempt ended with {last.status}: {gist(last.output)}"]
        writing = writers(stage.instance)
        if writing != [HOME]:
            found.append(f"the writers are {writing}, not {HOME}")
        found += [f"left: {each}" for each in left(stage)]
        return found


def left(stage: Stage) -> list[str]:
    """What isn't production's, asked of AWS without the product's help; and a lock that is still held."""
    lock = store(stage.instance).read_lock("shop")  # it sets the lab's environment, too
    found = [f"the run {lock.run_id} holds the lock"] if lock is not None and not lock.free else []
    for region in REGIONS:
        rds = boto3.client("rds", region_name=region)
        clusters = {each["DBClusterIdentifier"] for each in rds.describe_db_clusters()["DBClusters"]}
        instances = {each["DBInstanceIdentifier"] for each in rds.describe_db_instances()["DBInstances"]}
        found += sorted(clusters - PRODUCTION) + sorted(instances - {f"{each}-1" for each in PRODUCTION})
        found += [f"{each} is gone" for each in sorted({f"shop-{region}"} - clusters)]
    checks = boto3.client("route53", region_name=HOME).list_health_checks()["HealthChecks"]
    return found + [each["CallerReference"] for each in checks if each["CallerReference"].startswith("aws-dr:")]


DRILL = CrashDrill()
