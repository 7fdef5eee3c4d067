# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The backlog of S3's replication rules, as CloudWatch shows it in the destination's Region."""

from __future__ import annotations

from moto.s3.models import FakeBucket

from lab.aws import s3_rules
from lab.aws.cloudwatch_feed import Feed
from lab.aws.plane_protocol import Clock, DataPlane
from lab.aws.s3_face import find_bucket
from lab.aws.s3_replication import Replication, config_of, replicating_buckets


class BacklogFeed:
    """Puts a sample a period for each rule with metrics; none while one of its two Regions is lost."""

    def __init__(self, plane: DataPlane, clock: Clock, scale: float, replication: Replication) -> None:
        self._plane, self._clock, self._replication = plane, clock, replication
        self._feed = Feed("AWS/S3", clock, scale)
        self.look_older = self._feed.look_older

    def advance(self) -> None:
        """Take the samples that are due."""
        if self._feed.due():
            self._feed.taken(
                [
                    self._sample(source, rule)
                    for source in replicating_buckets()
                    for rule in (config_of(source) or {"Rules": []})["Rules"]
                    if rule["Status"] == "Enabled" and s3_rules.has_metrics(rule)
                ]
            )

    def _sample(self, source: FakeBucket, rule: s3_rules.Rule) -> bool:
        """Take one of a rule; False while one of its Regions is lost."""
        target = find_bucket(s3_rules.destination(rule))
        if target is None or not all(self._plane.reachable(each.region_name) for each in (source, target)):
            return False
        backlog, now = self._replication.backlog(source.name, rule["ID"]), self._clock.monotonic()
        values = {
            "ReplicationLatency": (max((now - each.since for each in backlog), default=0.0), "Seconds"),
            "OperationsPendingReplication": (float(len(backlog)), "Count"),
            "BytesPendingReplication": (float(sum(each.size for each in backlog)), "Bytes"),
        }
        rule_of = {"SourceBucket": source.name, "DestinationBucket": target.name, "RuleId": rule["ID"]}
        self._feed.put(target.account_id, target.region_name, values, rule_of)
        return True
