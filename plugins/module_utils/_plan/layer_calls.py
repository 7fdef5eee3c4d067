# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The changing calls of a workload's layers that a failover makes beside those that every one makes. Pure.

Readiness is told of them, and names what of them needs us-east-1 or the Region that is left.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.call import Call
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.promotion import Mode

US_EAST_1 = "us-east-1"


@dataclass(frozen=True)
class Described:
    """What the inventory has of it. ``endpoints`` are the Regions of the routing controls' cluster."""

    traffic: str
    endpoints: tuple[str, ...] = ()
    cloudfront: bool = False
    secrets_written: bool = False


def layer_calls(described: Described, source: str, target: str, mode: Mode) -> tuple[Call, ...]:
    """The calls of a run from ``source`` to ``target``."""
    return tuple(_calls(described, source, target, mode))


def _calls(described: Described, source: str, target: str, mode: Mode) -> Iterator[Call]:
    if described.traffic == "records":
        yield Call("route53", "ChangeResourceRecordSets", US_EAST_1)
    elif described.traffic == "routing_control":
        # Any of the endpoints does: it needs us-east-1 or the source only where there is no other.
        others = [region for region in described.endpoints if region not in (US_EAST_1, source)]
        yield Call("route53-recovery-cluster", "UpdateRoutingControlStates", (*others, *described.endpoints, target)[0])
    if described.cloudfront:
        yield Call("cloudfront", "UpdateDistribution", US_EAST_1)
    if described.secrets_written and mode is Mode.UNPLANNED:
        yield Call("secretsmanager", "StopReplicationToReplica", target)
