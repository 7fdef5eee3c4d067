# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The two Regions of a fake AWS with buckets, secrets and keys as well, which a test sets and breaks."""

from __future__ import annotations

import io
from datetime import UTC, datetime, timedelta
from typing import Any

from botocore.exceptions import ClientError

from ansible_collections.multiregion.aws_dr.tests.unit.plugins.module_utils._probe.fake_aws import (
    HOME,
    STANDBY,
    FakeAws,
    _Client,
)

VALUE = "hunter2"
BUCKETS: dict[str, Any] = {
    "pairs": [
        {
            "source": {"bucket": f"assets-{source}", "region": source},
            "destination": {"bucket": f"assets-{destination}", "region": destination},
            "rule_ids": None,
        }
        for source, destination in ((HOME, STANDBY), (STANDBY, HOME))
    ],
    "sentinel_key": None,
}
PENDING = ("OperationsPendingReplication", "BytesPendingReplication", "ReplicationLatency")


def error(code: str, status: int = 400) -> ClientError:
    answer: Any = {"Error": {"Code": code, "Message": "no"}, "ResponseMetadata": {"HTTPStatusCode": status}}
    return ClientError(answer, "x")


class LayeredAws(FakeAws):
    """``failing`` breaks any of it; ``objects`` are by bucket and key."""

    def __init__(self) -> None:
        super().__init__()
        self.rule = {HOME: "Enabled", STANDBY: "Enabled"}
        self.objects: dict[tuple[str, str], bytes] = {}
        self.forgets = False
        self.standing: dict[str, str] = {HOME: "primary", STANDBY: "replica"}
        self.version = {HOME: "v1", STANDBY: "v1"}
        self.replica = {"Region": STANDBY, "Status": "InSync", "StatusMessage": ""}
        self.key_state = {HOME: "Enabled", STANDBY: "Enabled"}
        for name in PENDING:
            self.sample(name, 0.0)
        self.sample("AuroraGlobalDBRPOLag", 80.0)

    def sample(self, metric: str, value: float) -> None:
        self.metrics[metric] = ([datetime.now(UTC) - timedelta(seconds=20)], [value])

    def get(self, service: str, region: str) -> LayeredClient:
        return LayeredClient(self, region)

    def asked(self, action: str) -> list[str]:
        """The Regions that an action went to."""
        return [region for name, region, _given in self.calls if name == action]


class LayeredClient(_Client):
    """What S3, Secrets Manager and KMS answer in a Region."""

    _aws: LayeredAws

    def _head_bucket(self, **wanted: str) -> dict[str, Any]:
        if wanted["Bucket"] != f"assets-{self._region}":
            raise error("404", 404)
        return {}

    def _get_bucket_versioning(self, **_wanted: str) -> dict[str, Any]:
        return {"Status": "Enabled"}

    def _get_bucket_replication(self, **_wanted: str) -> dict[str, Any]:
        other = STANDBY if self._region == HOME else HOME
        rule = {
            "ID": f"aws-dr-to-assets-{other}",
            "Status": self._aws.rule[self._region],
            "Filter": {"Prefix": ""},
            "Destination": {"Bucket": f"arn:aws:s3:::assets-{other}"},
        }
        return {"ReplicationConfiguration": {"Role": "arn:aws:iam::123456789012:role/r", "Rules": [rule]}}

    def _put_object(self, **given: Any) -> dict[str, Any]:
        if not self._aws.forgets:
            self._aws.objects[given["Bucket"], given["Key"]] = given["Body"]
        return {}

    def _get_object(self, **wanted: str) -> dict[str, Any]:
        found = self._aws.objects.get((wanted["Bucket"], wanted["Key"]))
        if found is None:
            raise error("NoSuchKey", 404)
        return {"Body": io.BytesIO(found)}

    def _describe_secret(self, **wanted: str) -> dict[str, Any]:
        standing = self._aws.standing.get(self._region)
        if standing is None:
            raise error("ResourceNotFoundException")
        described: dict[str, Any] = {
            "Name": wanted["SecretId"],
            "ARN": f"arn:aws:secretsmanager:{self._region}:123456789012:secret:{wanted['SecretId']}-AbCdEf",
            "VersionIdsToStages": {self._aws.version[self._region]: ["AWSCURRENT"]},
        }
        if standing == "replica":
            described["PrimaryRegion"] = HOME
        if standing == "primary":
            described |= {"PrimaryRegion": HOME, "ReplicationStatus": [self._aws.replica]}
        return described

    def _get_secret_value(self, **wanted: str) -> dict[str, Any]:
        return {"Name": wanted["SecretId"], "SecretString": VALUE}

    def _describe_key(self, **wanted: str) -> dict[str, Any]:
        state = self._aws.key_state.get(self._region)
        if state is None:
            raise error("NotFoundException")
        arn = f"arn:aws:kms:{self._region}:123456789012:key/{wanted['KeyId']}"
        return {"KeyMetadata": {"KeyId": wanted["KeyId"], "Arn": arn, "KeyState": state}}
