# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where acknowledged rows went: the way home with the lost writes reconciled, and what is then in neither place.

As a person does it: the failback refuses to leave lost writes behind, so the snapshot that AWS took of the lost primary
is restored aside and compared, which writes them to a file. Nothing is replayed here: a row must be in the live data
or in a file.
"""

from __future__ import annotations

import json
import tempfile
import time
from pathlib import Path
from typing import Any

from home import aws, failback, until
from journal import store
from stage import Attempt, Stage

from lab.lifecycle import load_log
from lab.load.meter import read_log
from lab.load.report import rows
from lab.settings import HOME, STANDBY

RECONCILE = ("multiregion.aws_dr.reconcile", "-i", "inventories/lab")
TAKEN = "rds:unplanned-global-failover-"
TABLE = "public.writes"
PAST_RUNS = 20
LONGEST = 60.0  # seconds from a fault to the failover, at most


class Trace:
    """The ids of the orders that stand in a file of lost writes."""

    def __init__(self) -> None:
        self.filed: set[int] = set()

    def go_home(self, stage: Stage, *extra: str) -> Attempt:
        """A failback; where it refuses to leave lost writes behind, they are reconciled first."""
        refused = self.reconcile_where_refused(stage, failback(stage, *extra))
        return failback(stage, *extra) if refused is None else refused

    def reconcile_where_refused(self, stage: Stage, last: Attempt) -> Attempt | None:
        """``None`` once what held ``last`` up was reconciled; else how it, or the reconciliation, ended."""
        if "[losses_unreconciled]" not in last.output:
            return last
        for run in _unreconciled(stage):
            reconciled = self._reconcile(stage, run)
            if reconciled.status:
                return reconciled
        return None

    def _reconcile(self, stage: Stage, run: Any) -> Attempt:
        rds: Any = aws(stage, "rds", HOME)
        name, snapshot = f"lost-{time.time_ns()}", _snapshot(rds, run.opened_at)
        if not snapshot:
            return Attempt(1, f"ERROR: {HOME} has no snapshot of the primary that run {run.id} lost", 0.0)
        _restore(rds, snapshot, name)
        with tempfile.TemporaryDirectory() as directory:
            where = ("-e", f"old_cluster={name}", "-e", f"run_id={run.id}", "-e", f"directory={directory}")
            # Nobody told the run when the first request failed; whoever goes home knows.
            reconciled = stage.attempt(*where, "-e", f"since={run.opened_at - LONGEST}", playbook=RECONCILE)
            if reconciled.status == 0:
                self.filed |= _orders(Path(directory) / "shop-lost-writes.jsonl")
        rds.delete_db_instance(DBInstanceIdentifier=f"{name}-1", SkipFinalSnapshot=True)
        rds.delete_db_cluster(DBClusterIdentifier=name, SkipFinalSnapshot=True)
        return reconciled

    def lost(self, stage: Stage) -> list[str]:
        """Acknowledged rows that are neither in home's database nor in a file."""
        acknowledged = {write.id for write in read_log(load_log(stage.instance)) if write.acknowledged}
        missing = acknowledged - set(rows(stage.instance, HOME))
        gone = missing - self.filed
        print(f"    {len(acknowledged)} rows acknowledged, {len(missing)} not there, {len(gone)} of them in no file")
        return [f"{len(gone)} acknowledged rows are lost without a trace, as {sorted(gone)[:5]}"] if gone else []


def _unreconciled(stage: Stage) -> tuple[Any, ...]:
    from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.failback import Losses
    from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.failback_losses import unreconciled

    return unreconciled(Losses(store(stage.instance).read_history("shop", PAST_RUNS)), STANDBY)


def _snapshot(rds: Any, since: float) -> str | None:
    """The first snapshot that AWS took of home's primary since then, once it is available."""

    def taken() -> list[dict[str, Any]]:
        found = rds.describe_db_cluster_snapshots(DBClusterIdentifier=f"shop-{HOME}")["DBClusterSnapshots"]
        mine = [each for each in found if each["DBClusterSnapshotIdentifier"].startswith(TAKEN)]
        later = [each for each in mine if each["SnapshotCreateTime"].timestamp() >= since]
        return sorted(later, key=lambda each: float(each["SnapshotCreateTime"].timestamp()))

    if not taken():
        return None
    until("the snapshot is available", lambda: taken()[0]["Status"] == "available")
    return str(taken()[0]["DBClusterSnapshotIdentifier"])


def _restore(rds: Any, snapshot: str, name: str) -> None:
    """A cluster of its own out of a snapshot, with a server that answers."""
    rds.restore_db_cluster_from_snapshot(
        DBClusterIdentifier=name, SnapshotIdentifier=snapshot, Engine="aurora-postgresql"
    )
    rds.create_db_instance(
        DBInstanceIdentifier=f"{name}-1",
        DBClusterIdentifier=name,
        DBInstanceClass="db.r6g.large",
        Engine="aurora-postgresql",
    )

    def serves() -> bool:
        rds.describe_db_cluster_snapshots()  # the lab's restored clusters go on when they are looked at
        (found,) = rds.describe_db_instances(DBInstanceIdentifier=f"{name}-1")["DBInstances"]
        return bool(found["DBInstanceStatus"] == "available")

    until(f"{name} serves", serves)


def _orders(review: Path) -> set[int]:
    """The orders that a file of lost writes has, whatever is to become of each."""
    lines = [json.loads(line) for line in review.read_text(encoding="utf-8").splitlines()]
    return {int(each["old"]["values"]["id"]) for each in lines if each["table"] == TABLE and each["old"]}
