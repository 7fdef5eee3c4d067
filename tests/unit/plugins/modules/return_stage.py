# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A lost Region that may answer again, beside the one that writes now, and the state table in a file."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from botocore.exceptions import EndpointConnectionError

from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.clock import Deadline, SystemClock
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.module import Context, Result
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.baseline import Baseline
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.cluster_snapshot import LOST_PREFIX
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.fence_record import FenceRecord
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.lock import Lock
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.run import (
    Event,
    EventState,
    Outcome,
    RunKind,
    RunRecord,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run.local_store import LocalStore
from ansible_collections.multiregion.aws_dr.plugins.modules import region_return as module

from .fence_stage import ARN, DATABASE, REGION, FakeRegion, Journal, _Client, client_error

OTHER = "eu-west-1"
OTHER_ARN = f"arn:aws:rds:{OTHER}:123456789012:cluster:shop-b"
LOST_AT = 1_790_000_000.0
SOURCE = f"{LOST_PREFIX}shop-2026-09-21-14-13-40"


class ReturningRegion(FakeRegion):
    """``writer`` is who each Region says writes; ``sync`` how the lost one stands; ``snapshots`` what is there."""

    def __init__(self) -> None:
        super().__init__()
        self.silent: set[str] = set()
        self.writer = {REGION: OTHER, OTHER: OTHER}
        self.sync = "pending-resync"
        self.detached = False
        self.ended = False  # there is no global cluster of that name any more
        self.taken_out = False  # somebody took the lost one out of it
        self.joined = ""  # the global cluster that the lost one is in now
        self.snapshots: list[dict[str, Any]] = []

    def get(self, service: str, region: str) -> Any:
        return _Returning(self, service, region)

    def snapshot(self, name: str, status: str = "available", tags: dict[str, str] | None = None) -> None:
        self.snapshots.append(
            {
                "DBClusterSnapshotIdentifier": name,
                "DBClusterIdentifier": "shop",
                "Status": status,
                "SnapshotCreateTime": datetime.fromtimestamp(LOST_AT + 60, UTC),
                "TagList": [{"Key": key, "Value": value} for key, value in (tags or {}).items()],
            }
        )


class _Returning(_Client):
    def __init__(self, region: ReturningRegion, service: str, where: str) -> None:
        super().__init__(region, service)
        self._two, self._where = region, where

    def __getattr__(self, action: str) -> Any:
        if self._where in self._two.silent:
            raise EndpointConnectionError(endpoint_url=f"https://{self._service}.{self._where}")
        return super().__getattr__(action)

    def _describe_global_clusters(self, **_given: Any) -> Any:
        if (self._two.detached and self._where == OTHER) or self._two.ended:
            raise client_error("GlobalClusterNotFoundFault")
        writer = self._two.writer[self._where]
        lost = {"DBClusterArn": ARN, "IsWriter": writer == REGION, "SynchronizationStatus": self._two.sync}
        members: list[dict[str, Any]] = [] if self._two.taken_out else [lost]
        if not self._two.detached:
            members.append({"DBClusterArn": OTHER_ARN, "IsWriter": writer == OTHER})
        return {"GlobalClusters": [{"GlobalClusterIdentifier": "shop", "GlobalClusterMembers": members}]}

    def _describe_db_clusters(self, **_given: Any) -> Any:
        if self._where == REGION:
            (found,) = super()._describe_db_clusters()["DBClusters"]
            return {"DBClusters": [{**found, "Status": "available", "GlobalClusterIdentifier": self._two.joined}]}
        tag = {"Key": "multiregion.aws_dr/detached-from", "Value": "shop"}
        return {"DBClusters": [{"DBClusterArn": OTHER_ARN, "Status": "available", "TagList": [tag]}]}

    def _describe_db_cluster_snapshots(self, **_given: Any) -> Any:
        return {"DBClusterSnapshots": list(self._two.snapshots)}

    def _copy_db_cluster_snapshot(self, **given: Any) -> None:
        self._make(given)

    def _create_db_cluster_snapshot(self, **given: Any) -> None:
        self._make({**given, "TargetDBClusterSnapshotIdentifier": given["DBClusterSnapshotIdentifier"]})

    def _make(self, given: dict[str, Any]) -> None:
        tags = {tag["Key"]: tag["Value"] for tag in given["Tags"]}
        self._two.snapshot(given["TargetDBClusterSnapshotIdentifier"], tags=tags)


class Stage:
    """Runs the module; ``refuses`` is how the server itself answers a write."""

    def __init__(self, path: Path) -> None:
        self.region = ReturningRegion()
        self.store = LocalStore(str(path / "table.json"))
        self.warnings: list[str] = []
        self.journals: list[Journal] = []

    def lost(self, state: str = "owed", **changed: Any) -> None:
        self.store.write_fence(FenceRecord("shop", REGION, state, at=LOST_AT, run_id="shop-1", **changed))

    def ran(
        self,
        *owed: str,
        target: str = OTHER,
        mode: str = "unplanned",
        at: float = LOST_AT,
        outcome: Outcome | None = None,
    ) -> None:
        """The last run was a failover."""
        outcome = outcome or (Outcome.DEGRADED if owed else Outcome.SUCCEEDED)
        run = RunRecord("shop-1", RunKind.FAILOVER, "shop", "shop", mode, target, "", "ada", "", at, 1, outcome=outcome)
        self.store.add_history(RunRecord(**{**vars(run), "summary": {"owed": list(owed)}}))

    def returned(self, outcome: Outcome | None, region: str = REGION, workload: str = "shop") -> None:
        """What was done about the Region that has returned ended so; ``None`` where it was killed in the middle."""
        run = RunRecord(
            "return-1",
            RunKind.REGION_RETURN,
            workload,
            "shop",
            "unplanned",
            region,
            "",
            "",
            "",
            LOST_AT + 600,
            2,
            outcome=outcome,
        )
        self.store.write_run(run)
        if outcome is None:
            self.store.write_lock(Lock("shop", 2, 1, run_id=run.id), None)
        else:
            self.store.add_history(run)

    def noted(self, arn: str = ARN) -> None:
        """The run's journal has the members that there were before the promotion."""
        seen = {"before": {"members": [OTHER_ARN, arn]}}
        self.store.add_event(Event("shop-1", 1, LOST_AT, "promote_database", EventState.STARTED, seen=seen))

    def preflight(self, cluster: str) -> None:
        """The last one saw that cluster in the Region."""
        observed = {"database": {REGION: {"cluster_id": cluster}}}
        self.store.write_baseline(Baseline("shop", LOST_AT - 3600, observed=observed))

    @property
    def record(self) -> FenceRecord:
        found = self.store.read_fence("shop", REGION)
        assert found is not None
        return found

    @property
    def steps(self) -> list[dict[str, Any]]:
        return [step for journal in self.journals for step in journal.steps]

    def ask(self, state: str = "settled", check_mode: bool = False, **options: Any) -> Result:
        clock = SystemClock()
        given = {
            "state": state,
            "workload": "shop",
            "region": REGION,
            "database": DATABASE,
            "fenced": True,
            "methods": ["network_acl"],
            "first_rule": 1,
            "allow_shared_acl": False,
            "compute": None,
            "hook": None,
            "api_url": None,
            "resolvers": [],
            "table": "aws-dr-state",
            "table_region": OTHER,
            "journal": None,
            "wait": True,
            "run": None,
            "timeout": 10.0,
            **options,
        }
        stand_in: Any = self.region
        context = Context(
            check_mode=check_mode,
            diff_mode=True,
            clock=clock,
            deadline=Deadline.after(clock, given["timeout"]),
            clients=stand_in,
            progress=lambda line: None,
            warn=self.warnings.append,
        )
        return module.execute(given, context)
