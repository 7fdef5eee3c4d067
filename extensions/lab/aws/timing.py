# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""How long things take in the lab: AWS's times, multiplied by the one scale."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

WRITE_BLOCK = 10.0
"""How long a failover tries to block the old writer before it goes on (event 0391). Unpublished: assumed."""
WRITE_BLOCK_FLOOR = 1.0
SWITCHOVER_GIVE_UP = 120.0
"""How long a switchover waits for a source that can't be reached before it fails (event 0187). Unpublished: assumed."""
SWITCHOVER_GIVE_UP_FLOOR = 2.0
RESYNC_RETRY = 0.5
"""Until a rebuild that failed is tried again. Real seconds: it is the data plane that needs them."""


@dataclass(frozen=True)
class Timing:
    """Seconds, scaled. The floors are what real processes need, whatever the scale."""

    scale: float
    api_call: float
    failover_start: float
    failover_promote: float
    failover_resync: float
    switchover_start: float
    switchover_write_gap: float
    switchover_finish: float
    detach: float
    global_endpoint_dns: float
    route53_insync: float
    health_check_flip: float
    table_create: float
    table_replicate: float
    table_catch_up: float
    asg_instance: float
    ecs_task: float
    provisioned_concurrency: float
    event_source: float
    routing_control: float
    secret_replication: float
    key_replication: float
    key_primary_update: float
    s3_replication: float
    cloudfront_deploy: float
    cache_promotion: float
    cache_disassociate: float
    snapshot: float
    snapshot_copy: float
    restore: float
    write_block: float
    switchover_give_up: float
    resync_retry: float

    @classmethod
    def scaled(cls, latency: Mapping[str, float], scale: float) -> Timing:
        """Multiply the table of AWS's times by the scale (0: as fast as the machine; 1: as AWS)."""
        if not 0 <= scale <= 1:
            raise ValueError(f"the scale is from 0 to 1, not {scale}")
        return cls(
            scale=scale,
            write_block=max(WRITE_BLOCK * scale, WRITE_BLOCK_FLOOR),
            switchover_give_up=max(SWITCHOVER_GIVE_UP * scale, SWITCHOVER_GIVE_UP_FLOOR),
            resync_retry=RESYNC_RETRY,
            **{name: seconds * scale for name, seconds in latency.items()},
        )
