# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""From RDS's answers to records."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.cluster_snapshot import ClusterSnapshot
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.failback import Resync
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.global_cluster import (
    AVAILABLE,
    DETACHED_TAG,
    KEPT_TAG,
    Cluster,
    FailoverState,
    GlobalCluster,
    Member,
    SyncStatus,
    WriteBlock,
    region_of,
)

# DescribeEvents gives no event id, only the text that RDS documents for each.
_WRITE_BLOCK = re.compile(
    r"Attempt to block writes for DB cluster `?(?P<cluster>[^\s`]+)`?"
    r" in Region `?(?P<region>[^\s`]+)`? (?P<how>succeeded|timed out)"
)
_WRITE_BLOCK_EVENTS = {"succeeded": "RDS-EVENT-0390", "timed out": "RDS-EVENT-0391"}
_RESYNC = re.compile(
    r"(?P<how>Started|Finished) resynchronizing members of DB cluster `?(?P<cluster>[^\s`]+)`? in Region"
)


def global_cluster(raw: Mapping[str, Any]) -> GlobalCluster:
    """A record from an item of ``GlobalClusters``."""
    return GlobalCluster(
        id=raw["GlobalClusterIdentifier"],
        status=raw.get("Status", ""),
        members=tuple(_member(member) for member in raw.get("GlobalClusterMembers", [])),
        failover=_failover(raw.get("FailoverState")),
        endpoint=raw.get("Endpoint", ""),
        engine_version=raw.get("EngineVersion", ""),
    )


def _member(raw: Mapping[str, Any]) -> Member:
    arn = raw["DBClusterArn"]
    known = {status.value: status for status in SyncStatus}
    return Member(
        arn=arn,
        region=region_of(arn),
        is_writer=bool(raw.get("IsWriter", False)),
        readers=tuple(raw.get("Readers", [])),
        sync=known.get(raw.get("SynchronizationStatus", "")),
    )


def _failover(raw: Mapping[str, Any] | None) -> FailoverState | None:
    if not raw or not raw.get("Status"):
        return None
    return FailoverState(
        status=raw["Status"],
        from_arn=raw.get("FromDbClusterArn", ""),
        to_arn=raw.get("ToDbClusterArn", ""),
        data_loss_allowed=bool(raw.get("IsDataLossAllowed", False)),
    )


def cluster(raw: Mapping[str, Any]) -> Cluster:
    """A record from an item of ``DBClusters``."""
    return Cluster(
        arn=raw["DBClusterArn"],
        endpoint=raw.get("Endpoint", ""),
        port=int(raw.get("Port", 0)),
        status=raw.get("Status", ""),
        engine=raw.get("Engine", ""),
        engine_version=raw.get("EngineVersion", ""),
        instances=tuple(item["DBInstanceIdentifier"] for item in raw.get("DBClusterMembers", [])),
        reader_endpoint=raw.get("ReaderEndpoint", ""),
        detached_from=_tag(raw, DETACHED_TAG),
        kept_from=_tag(raw, KEPT_TAG).partition("/")[0],
    )


def _tag(raw: Mapping[str, Any], key: str) -> str:
    return next((tag["Value"] for tag in raw.get("TagList", []) if tag["Key"] == key), "")


def detached(found: Cluster) -> GlobalCluster:
    """A cluster that was taken out of its global cluster, as the one that is left of that one here."""
    return GlobalCluster(
        id=found.detached_from or found.kept_from,
        status=found.status,
        members=(Member(found.arn, region_of(found.arn), is_writer=found.status == AVAILABLE),),
        engine_version=found.engine_version,
        detached=True,
    )


def cluster_snapshot(raw: Mapping[str, Any]) -> ClusterSnapshot:
    """A record from an item of ``DBClusterSnapshots``. One that is being made may have no time yet: 0."""
    created = raw.get("SnapshotCreateTime")
    return ClusterSnapshot(
        id=raw["DBClusterSnapshotIdentifier"],
        cluster=raw.get("DBClusterIdentifier", ""),
        status=raw.get("Status", ""),
        created_at=created.timestamp() if created else 0.0,
        tags={tag["Key"]: tag.get("Value", "") for tag in raw.get("TagList", [])},
    )


def write_blocks(raw: Iterable[Mapping[str, Any]]) -> tuple[WriteBlock, ...]:
    """The events 0390 and 0391 among ``Events``, oldest first."""
    found = []
    for event in raw:
        match = _WRITE_BLOCK.search(event.get("Message", ""))
        if match:
            found.append(
                WriteBlock(
                    event=_WRITE_BLOCK_EVENTS[match["how"]],
                    cluster=match["cluster"],
                    region=match["region"],
                    seen_at=event["Date"].timestamp(),
                    message=event["Message"],
                )
            )
    return tuple(sorted(found, key=lambda block: block.seen_at))


def resyncs(raw: Iterable[Mapping[str, Any]]) -> tuple[Resync, ...]:
    """The events 0240 and 0241 among ``Events``, oldest first."""
    found = [(event, _RESYNC.search(event.get("Message", ""))) for event in raw]
    events = [
        Resync(match["cluster"], match["how"] == "Finished", event["Date"].timestamp())
        for event, match in found
        if match
    ]
    return tuple(sorted(events, key=lambda each: each.at))
