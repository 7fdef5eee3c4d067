# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The backlog of S3's replication rules, as CloudWatch shows it in the destination's Region."""

from __future__ import annotations

import datetime

from moto.cloudwatch.models import MetricDatum, cloudwatch_backends
from moto.s3.models import FakeBucket

from lab.aws import s3_rules
from lab.aws.plane_protocol import Clock, DataPlane
from lab.aws.s3_face import find_bucket
from lab.aws.s3_replication import Replication, config_of, replicating_buckets

NAMESPACE = "AWS/S3"
UNITS = {
    "ReplicationLatency": "Seconds",
    "OperationsPendingReplication": "Count",
    "BytesPendingReplication": "Bytes",
}
PERIOD = 60.0
"""Seconds between two samples in AWS."""
PERIOD_FLOOR = 1.0
KEPT = 1200.0
"""Seconds for which samples are kept: moto looks through all of them at every read."""


class BacklogFeed:
    """Puts a sample a period for each rule with metrics; none while one of its two Regions is lost."""

    def __init__(self, plane: DataPlane, clock: Clock, scale: float, replication: Replication) -> None:
        self._plane, self._clock, self._replication = plane, clock, replication
        self._period = max(PERIOD * scale, PERIOD_FLOOR)
        self._next = clock.monotonic()

    def advance(self) -> None:
        """Take the samples that are due."""
        now = self._clock.monotonic()
        if now < self._next:
            return
        self._next = now + self._period
        for source in replicating_buckets():
            for rule in (config_of(source) or {"Rules": []})["Rules"]:
                if rule["Status"] == "Enabled" and s3_rules.has_metrics(rule):
                    self._sample(source, rule, now)

    def _sample(self, source: FakeBucket, rule: s3_rules.Rule, now: float) -> None:
        target = find_bucket(s3_rules.destination(rule))
        if target is None or not all(self._plane.reachable(each.region_name) for each in (source, target)):
            return
        backlog = self._replication.backlog(source.name, rule["ID"])
        values = {
            "ReplicationLatency": max((now - each.since for each in backlog), default=0.0),
            "OperationsPendingReplication": float(len(backlog)),
            "BytesPendingReplication": float(sum(each.size for each in backlog)),
        }
        dimensions = [
            {"Name": "SourceBucket", "Value": source.name},
            {"Name": "DestinationBucket", "Value": target.name},
            {"Name": "RuleId", "Value": rule["ID"]},
        ]
        # Moto keeps its times in UTC, without saying so.
        at = datetime.datetime.fromtimestamp(self._clock.wall(), datetime.UTC).replace(tzinfo=None)
        oldest = at - datetime.timedelta(seconds=KEPT)
        backend = cloudwatch_backends[target.account_id][target.region_name]
        backend.metric_data = [
            datum
            for datum in backend.metric_data
            if datum.name not in UNITS or datum.timestamp.replace(tzinfo=None) >= oldest
        ]
        for name, value in values.items():
            backend.metric_data.append(MetricDatum(NAMESPACE, name, value, dimensions, at, UNITS[name]))
