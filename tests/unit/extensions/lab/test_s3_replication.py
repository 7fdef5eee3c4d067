# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""S3 replication, against the reference's section 4: what is copied, when, and what CloudWatch says of the rest."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError

from lab.aws.cloudwatch_feed import HISTORY, PERIOD

from .conftest import HOME, STANDBY, Lab

ONE, TWO = "assets-one", "assets-two"
REGION = {ONE: HOME, TWO: STANDBY}
TIMED = {"Bucket": f"arn:aws:s3:::{TWO}", "ReplicationTime": {"Status": "Enabled", "Time": {"Minutes": 15}}}
ROLE = "arn:aws:iam::123456789012:role/replication"
ALL = {"Prefix": ""}
ON = {"Status": "Enabled"}
TAGGED = {"And": {"Prefix": "a/", "Tags": [{"Key": "keep", "Value": "yes"}]}}
SOON = 5.0


def rule(destination: str = TWO, **more: Any) -> dict[str, Any]:
    given = {
        "ID": f"to-{destination}",
        "Priority": 1,
        "Status": "Enabled",
        "Filter": ALL,
        "DeleteMarkerReplication": {"Status": "Disabled"},
        "Destination": {"Bucket": f"arn:aws:s3:::{destination}", "Metrics": ON},
    }
    return {name: value for name, value in (given | more).items() if value is not None}


def replicate(lab: Lab, *rules: dict[str, Any], source: str = ONE) -> None:
    config = {"Role": ROLE, "Rules": list(rules) or [rule()]}
    lab.client("s3", REGION[source]).put_bucket_replication(Bucket=source, ReplicationConfiguration=config)


@pytest.fixture
def pair(lab: Lab) -> Lab:
    for bucket, region in REGION.items():
        s3 = lab.client("s3", region)
        s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": region})
        s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration=ON)
    return lab


def put(lab: Lab, key: str = "a/1", bucket: str = ONE, **more: Any) -> str:
    made = lab.client("s3", REGION[bucket]).put_object(Bucket=bucket, Key=key, Body=b"content", **more)
    return str(made["VersionId"])


def head(lab: Lab, bucket: str, key: str = "a/1", **more: Any) -> dict[str, Any] | None:
    try:
        return dict(lab.client("s3", REGION[bucket]).head_object(Bucket=bucket, Key=key, **more))
    except ClientError as error:
        if error.response["Error"]["Code"] != "404":
            raise
        return None


def status(lab: Lab, bucket: str, key: str = "a/1") -> str | None:
    seen = head(lab, bucket, key)
    assert seen is not None
    return seen.get("ReplicationStatus")


def test_an_object_is_copied_some_seconds_later_with_its_version_and_metadata(pair: Lab) -> None:
    replicate(pair)
    version = put(pair, Metadata={"colour": "red"}, ContentType="text/css")
    assert (status(pair, ONE), head(pair, TWO)) == ("PENDING", None)
    pair.look(SOON)
    seen = pair.client("s3", STANDBY).get_object(Bucket=TWO, Key="a/1")
    assert (seen["Body"].read(), seen["VersionId"]) == (b"content", version)
    assert (seen["Metadata"], seen["ContentType"], seen["ReplicationStatus"]) == (
        {"colour": "red"},
        "text/css",
        "REPLICA",
    )
    assert status(pair, ONE) == "COMPLETED"


@pytest.mark.parametrize("fault", ["cut", "source", "destination"])
def test_nothing_is_copied_while_the_regions_are_apart_and_all_of_it_after(pair: Lab, fault: str) -> None:
    replicate(pair)
    put(pair)
    pair.plane.cut = fault == "cut"
    pair.plane.lost = {"source": {HOME}, "destination": {STANDBY}}.get(fault, set())
    pair.look(3600)
    assert (status(pair, ONE), head(pair, TWO)) == ("PENDING", None)
    pair.plane.cut, pair.plane.lost = False, set()
    pair.look()
    assert (status(pair, ONE), status(pair, TWO)) == ("COMPLETED", "REPLICA")


def test_a_new_rule_says_nothing_of_the_objects_that_are_there(pair: Lab) -> None:
    put(pair)
    replicate(pair)
    pair.look(SOON)
    assert (status(pair, ONE), head(pair, TWO)) == (None, None)


def test_a_destination_that_takes_no_versions_any_more_fails_it(pair: Lab) -> None:
    replicate(pair)
    pair.client("s3", STANDBY).put_bucket_versioning(Bucket=TWO, VersioningConfiguration={"Status": "Suspended"})
    put(pair)
    pair.look(SOON)
    assert (status(pair, ONE), head(pair, TWO)) == ("FAILED", None)


@pytest.mark.parametrize(
    ("given", "key", "tagging", "copied"),
    [
        ({"Filter": {"Prefix": "a/"}}, "a/1", "", True),
        ({"Filter": {"Prefix": "a/"}}, "b/1", "", False),
        ({"Filter": {"Tag": {"Key": "keep", "Value": "yes"}}}, "b/1", "keep=yes", True),
        ({"Filter": TAGGED}, "a/1", "keep=yes&other=1", True),
        ({"Filter": TAGGED}, "a/1", "keep=no", False),
        ({"Filter": TAGGED}, "b/1", "keep=yes", False),
        ({"Status": "Disabled"}, "a/1", "", False),
        ({"Filter": None, "Prefix": "a/", "Priority": None, "DeleteMarkerReplication": None}, "a/1", "", True),
    ],
)
def test_a_rule_takes_what_its_filter_says(
    pair: Lab, given: dict[str, Any], key: str, tagging: str, copied: bool
) -> None:
    replicate(pair, rule(**given))
    put(pair, key, Tagging=tagging)
    pair.look(SOON)
    assert (head(pair, TWO, key) is not None) is copied
    assert status(pair, ONE, key) == ("COMPLETED" if copied else None)


def test_tags_are_copied(pair: Lab) -> None:
    replicate(pair)
    put(pair, Tagging="a=1")
    pair.look(SOON)
    assert pair.client("s3", STANDBY).get_object_tagging(Bucket=TWO, Key="a/1")["TagSet"] == [
        {"Key": "a", "Value": "1"}
    ]


@pytest.mark.parametrize("wanted", ["Enabled", "Disabled"])
def test_a_delete_marker_is_copied_where_the_rule_says_so(pair: Lab, wanted: str) -> None:
    replicate(pair, rule(DeleteMarkerReplication={"Status": wanted}))
    put(pair)
    pair.look(SOON)
    pair.client("s3", HOME).delete_object(Bucket=ONE, Key="a/1")
    pair.look(SOON)
    assert head(pair, ONE) is None
    assert (head(pair, TWO) is None) is (wanted == "Enabled")


def test_deleting_a_version_is_never_replicated(pair: Lab) -> None:
    replicate(pair, rule(DeleteMarkerReplication=ON))
    version = put(pair)
    pair.look(SOON)
    pair.client("s3", HOME).delete_object(Bucket=ONE, Key="a/1", VersionId=version)
    pair.look(SOON)
    assert head(pair, ONE) is None and status(pair, TWO) == "REPLICA"


def test_a_version_deleted_before_it_was_copied_is_forgotten(pair: Lab) -> None:
    replicate(pair)
    version = put(pair)
    pair.client("s3", HOME).delete_object(Bucket=ONE, Key="a/1", VersionId=version)
    pair.look(SOON)
    assert head(pair, TWO) is None


def two_ways(pair: Lab, **more: Any) -> None:
    replicate(pair, rule(TWO, DeleteMarkerReplication=ON, **more), source=ONE)
    replicate(pair, rule(ONE, DeleteMarkerReplication=ON, **more), source=TWO)


def versions(pair: Lab, bucket: str) -> list[str]:
    page = pair.client("s3", REGION[bucket]).list_object_versions(Bucket=bucket)
    return [each["VersionId"] for each in (*page.get("Versions", []), *page.get("DeleteMarkers", []))]


def test_a_replica_and_a_replicated_delete_marker_go_no_further(pair: Lab) -> None:
    two_ways(pair)
    put(pair)
    pair.look(SOON)
    pair.client("s3", HOME).delete_object(Bucket=ONE, Key="a/1")
    for _unused in range(3):
        pair.look(SOON)
    assert len(versions(pair, ONE)) == len(versions(pair, TWO)) == 2
    assert set(versions(pair, ONE)) == set(versions(pair, TWO))


def test_two_regions_that_both_wrote_come_to_the_same_latest_version(pair: Lab) -> None:
    two_ways(pair)
    put(pair, bucket=ONE)
    last = put(pair, bucket=TWO)
    pair.look(SOON)
    latest = [head(pair, bucket) for bucket in (ONE, TWO)]
    assert [seen["VersionId"] for seen in latest if seen] == [last, last]


@pytest.mark.parametrize("wanted", ["Enabled", "Disabled"])
def test_a_change_made_to_a_replica_comes_back_with_replica_modifications_only(pair: Lab, wanted: str) -> None:
    two_ways(pair, SourceSelectionCriteria={"ReplicaModifications": {"Status": wanted}})
    put(pair)
    pair.look(SOON)
    tags = [{"Key": "a", "Value": "2"}]
    pair.client("s3", STANDBY).put_object_tagging(Bucket=TWO, Key="a/1", Tagging={"TagSet": tags})
    pair.look(SOON)
    seen = pair.client("s3", HOME).get_object_tagging(Bucket=ONE, Key="a/1")["TagSet"]
    assert seen == (tags if wanted == "Enabled" else [])


@pytest.mark.parametrize("selected", [True, False])
def test_what_kms_encrypted_is_copied_where_it_is_selected_with_the_destinations_key(pair: Lab, selected: bool) -> None:
    destination = {"Bucket": f"arn:aws:s3:::{TWO}", "EncryptionConfiguration": {"ReplicaKmsKeyID": "key-2"}}
    criteria = {"SseKmsEncryptedObjects": {"Status": "Enabled" if selected else "Disabled"}}
    replicate(pair, rule(Destination=destination, SourceSelectionCriteria=criteria))
    put(pair, ServerSideEncryption="aws:kms", SSEKMSKeyId="key-1")
    pair.look(SOON)
    seen = head(pair, TWO)
    assert (seen and seen["SSEKMSKeyId"]) == ("key-2" if selected else None)


def test_the_configuration_reads_as_it_was_written(pair: Lab) -> None:
    destination = {
        "Bucket": f"arn:aws:s3:::{TWO}",
        "StorageClass": "STANDARD_IA",
        "ReplicationTime": {"Status": "Enabled", "Time": {"Minutes": 15}},
        "Metrics": {"Status": "Enabled", "EventThreshold": {"Minutes": 15}},
        "EncryptionConfiguration": {"ReplicaKmsKeyID": "key-2"},
    }
    criteria = {"ReplicaModifications": ON, "SseKmsEncryptedObjects": ON}
    rules = [
        rule(Destination=destination, SourceSelectionCriteria=criteria, DeleteMarkerReplication=ON),
        rule(ID="tagged", Priority=2, Filter=TAGGED),
    ]
    replicate(pair, *rules)
    seen = pair.client("s3", HOME).get_bucket_replication(Bucket=ONE)["ReplicationConfiguration"]
    assert seen == {"Role": ROLE, "Rules": rules}


@pytest.mark.parametrize(
    ("rules", "text"),
    [
        ([rule("nobody")], "must exist"),
        ([rule(ONE)], "differ"),
        ([rule(), rule(Priority=2)], "unique"),
        ([rule(), rule(ID="other")], "priority"),
        ([rule(DeleteMarkerReplication=None)], "DeleteMarkerReplication"),
        ([rule(Filter=TAGGED, DeleteMarkerReplication=ON)], "Tag filter"),
        ([rule(), rule(ID="old", Filter=None, Prefix="", Priority=None, DeleteMarkerReplication=None)], "mixed"),
        (
            [rule(Destination={"Bucket": f"arn:aws:s3:::{TWO}", "ReplicationTime": ON | {"Time": {"Minutes": 15}}})],
            "Metr",
        ),
    ],
)
def test_what_s3_refuses_is_refused(pair: Lab, rules: list[dict[str, Any]], text: str) -> None:
    with pytest.raises(ClientError, match=text) as caught:
        replicate(pair, *rules)
    assert caught.value.response["Error"]["Code"] == "InvalidRequest"


@pytest.mark.parametrize("suspended", [ONE, TWO])
def test_both_buckets_need_versions(pair: Lab, suspended: str) -> None:
    pair.client("s3", REGION[suspended]).put_bucket_versioning(
        Bucket=suspended, VersioningConfiguration={"Status": "Suspended"}
    )
    with pytest.raises(ClientError, match="ersioning") as caught:
        replicate(pair)
    assert caught.value.response["Error"]["Code"] == "InvalidRequest"


def test_a_bucket_that_replicates_keeps_its_versions(pair: Lab) -> None:
    replicate(pair)
    with pytest.raises(ClientError) as caught:
        pair.client("s3", HOME).put_bucket_versioning(Bucket=ONE, VersioningConfiguration={"Status": "Suspended"})
    assert caught.value.response["Error"]["Code"] == "InvalidBucketState"


class TestMetrics:
    """The backlog is published in the destination's Region."""

    def samples(self, lab: Lab, region: str = STANDBY) -> dict[str, list[float]]:
        now = datetime.fromtimestamp(lab.clock.wall(), UTC)
        names = ("OperationsPendingReplication", "BytesPendingReplication", "ReplicationLatency")
        dimensions = [
            {"Name": "SourceBucket", "Value": ONE},
            {"Name": "DestinationBucket", "Value": TWO},
            {"Name": "RuleId", "Value": f"to-{TWO}"},
        ]
        found = {}
        for name in names:
            answer = lab.client("cloudwatch", region).get_metric_statistics(
                Namespace="AWS/S3",
                MetricName=name,
                Dimensions=dimensions,
                StartTime=now - timedelta(minutes=30),
                EndTime=now + timedelta(seconds=1),
                Period=60,
                Statistics=["Maximum"],
            )
            points = sorted(answer["Datapoints"], key=lambda point: point["Timestamp"])
            found[name.replace("Replication", "")] = [point["Maximum"] for point in points]
        return found

    def test_what_waits_is_counted_and_then_it_is_none(self, pair: Lab) -> None:
        replicate(pair)
        pair.plane.cut = True
        put(pair)
        put(pair, "a/2")
        pair.look(PERIOD)
        pair.plane.cut = False
        pair.look(PERIOD)
        seen = self.samples(pair)
        assert seen == {"OperationsPending": [2.0, 0.0], "BytesPending": [14.0, 0.0], "Latency": [60.0, 0.0]}

    def test_a_seeded_rule_has_some_minutes_of_history(self, pair: Lab) -> None:
        replicate(pair)
        pair.state.look_older()
        pair.look()
        assert self.samples(pair)["OperationsPending"] == [0.0] * (HISTORY + 1)

    def test_the_sources_region_has_none(self, pair: Lab) -> None:
        replicate(pair)
        pair.look(PERIOD)
        assert self.samples(pair)["OperationsPending"] == [0.0]
        assert self.samples(pair, HOME)["OperationsPending"] == []

    @pytest.mark.parametrize("lost", [HOME, STANDBY])
    def test_a_lost_region_stops_the_samples(self, pair: Lab, lost: str) -> None:
        replicate(pair)
        pair.plane.lost = {lost}
        pair.look(PERIOD)
        assert self.samples(pair)["OperationsPending"] == []

    def test_a_rule_without_metrics_has_none(self, pair: Lab) -> None:
        replicate(pair, rule(Destination={"Bucket": f"arn:aws:s3:::{TWO}"}))
        pair.look(PERIOD)
        assert self.samples(pair)["OperationsPending"] == []
