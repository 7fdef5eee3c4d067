# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""S3 Batch Operations as botocore's model has them: S3ReplicateObject for versions that are NONE or FAILED."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from .conftest import HOME, STANDBY, Lab

ONE, TWO, ACCOUNT = "assets-one", "assets-two", "123456789012"
REGION = {ONE: HOME, TWO: STANDBY}
ON = {"Status": "Enabled"}
SOON = 30.0


@pytest.fixture
def pair(lab: Lab) -> Lab:
    for bucket, region in REGION.items():
        s3 = lab.client("s3", region)
        s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": region})
        s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration=ON)
    return lab


def replicate(lab: Lab) -> None:
    rule = {
        "ID": "all",
        "Priority": 1,
        "Status": "Enabled",
        "Filter": {"Prefix": ""},
        "DeleteMarkerReplication": {"Status": "Disabled"},
        "Destination": {"Bucket": f"arn:aws:s3:::{TWO}"},
    }
    config = {"Role": f"arn:aws:iam::{ACCOUNT}:role/replication", "Rules": [rule]}
    lab.client("s3", HOME).put_bucket_replication(Bucket=ONE, ReplicationConfiguration=config)


def create(lab: Lab, region: str = HOME, token: str = "one", priority: int = 10) -> str:
    found = {"EligibleForReplication": True, "ObjectReplicationStatuses": ["NONE", "FAILED"]}
    source = {"SourceBucket": f"arn:aws:s3:::{ONE}", "EnableManifestOutput": False, "Filter": found}
    made = lab.client("s3control", region).create_job(
        AccountId=ACCOUNT,
        ConfirmationRequired=False,
        Operation={"S3ReplicateObject": {}},
        Report={"Enabled": False},
        ClientRequestToken=token,
        Priority=priority,
        RoleArn=f"arn:aws:iam::{ACCOUNT}:role/backfill",
        ManifestGenerator={"S3JobManifestGenerator": source},
    )
    return str(made["JobId"])


def describe(lab: Lab, job: str, region: str = HOME) -> tuple[str, dict[str, Any]]:
    found = lab.client("s3control", region).describe_job(AccountId=ACCOUNT, JobId=job)["Job"]
    return found["Status"], found["ProgressSummary"]


def keys(lab: Lab, bucket: str) -> set[str]:
    listed = lab.client("s3", REGION[bucket]).list_objects_v2(Bucket=bucket)
    return {each["Key"] for each in listed.get("Contents", [])}


def test_what_was_there_before_the_rule_is_replicated(pair: Lab) -> None:
    pair.client("s3", HOME).put_object(Bucket=ONE, Key="old", Body=b"x")
    replicate(pair)
    pair.look(SOON)
    assert keys(pair, TWO) == set()
    job = create(pair)
    assert describe(pair, job)[0] == "Active"
    pair.look(SOON)
    status, progress = describe(pair, job)
    counts = (progress["TotalNumberOfTasks"], progress["NumberOfTasksSucceeded"], progress["NumberOfTasksFailed"])
    assert (status, counts) == ("Complete", (1, 1, 0))
    assert keys(pair, TWO) == {"old"}


def test_what_replication_has_done_already_is_left_alone(pair: Lab) -> None:
    replicate(pair)
    pair.client("s3", HOME).put_object(Bucket=ONE, Key="new", Body=b"x")
    pair.look(SOON)
    status, progress = describe(pair, create(pair))
    assert (status, progress["TotalNumberOfTasks"]) == ("Complete", 0)


def test_the_same_token_gives_the_same_job_and_no_other_request(pair: Lab) -> None:
    replicate(pair)
    assert create(pair) == create(pair)
    assert create(pair, token="two") != create(pair)
    with pytest.raises(ClientError, match="IdempotencyException"):
        create(pair, priority=11)


def test_a_job_is_of_one_region_and_of_a_bucket_that_replicates(pair: Lab) -> None:
    with pytest.raises(ClientError, match="no replication configuration"):
        create(pair)
    replicate(pair)
    with pytest.raises(ClientError, match="isn't in"):
        create(pair, STANDBY)
    with pytest.raises(ClientError, match="NotFoundException"):
        describe(pair, create(pair), STANDBY)
