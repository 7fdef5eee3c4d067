# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The storage and the secrets of a leg: each asked in its own Region, and no value of a secret told to anybody."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import EndpointConnectionError

from ansible_collections.multiregion.aws_dr.tests.unit.plugins.module_utils._probe.fake_aws import HOME, STANDBY
from ansible_collections.multiregion.aws_dr.tests.unit.plugins.modules.health_stage import (
    BUCKETS,
    VALUE,
    LayeredAws,
    error,
)
from ansible_collections.multiregion.aws_dr.tests.unit.plugins.modules.test_region_health_info import look, run

REFUSED = EndpointConnectionError(endpoint_url="https://nowhere")
STORAGE: dict[str, Any] = {"global_cluster_id": None, "buckets": BUCKETS}
SECRETS: dict[str, Any] = {"global_cluster_id": None, "secrets": ["shop/db"], "keys": ["alias/shop"]}
CANARY: dict[str, Any] = {**STORAGE, "bucket_canary_key": "aws-dr/health"}


@pytest.fixture
def aws() -> Any:
    return LayeredAws()


def services(values: Any, name: str) -> dict[str, dict[str, Any]]:
    return {leg["region"]: leg["services"][name] for leg in values["legs"]}


def statuses(found: dict[str, dict[str, Any]]) -> list[str]:
    return [found[region]["status"] for region in (HOME, STANDBY)]


def storage(aws: Any, **given: Any) -> dict[str, dict[str, Any]]:
    return services(look(aws, **STORAGE, **given), "storage")


def secrets(aws: Any, **given: Any) -> dict[str, dict[str, Any]]:
    return services(look(aws, **SECRETS, **given), "secrets")


def test_buckets_that_are_there_and_replicate_are_healthy(aws: Any) -> None:
    found = storage(aws)
    assert statuses(found) == ["healthy", "healthy"]
    assert [each["bucket"] for each in found[HOME]["buckets"]] == [f"assets-{HOME}"]
    assert [each["source"]["region"] for each in found[STANDBY]["replication"]] == [HOME]
    assert found[HOME]["response_ms"] > 0 and found[HOME]["buckets"][0]["canary"] is None
    assert {call for call, _region, _given in aws.calls} == {
        *("head_bucket", "get_bucket_versioning", "get_bucket_replication", "get_metric_data"),
    }


def test_each_bucket_is_asked_for_in_its_own_region(aws: Any) -> None:
    storage(aws)
    asked = {(region, given["Bucket"]) for action, region, given in aws.calls if action == "head_bucket"}
    assert asked == {(HOME, f"assets-{HOME}"), (STANDBY, f"assets-{STANDBY}")}
    assert sorted(aws.asked("get_metric_data")) == sorted(aws.asked("get_bucket_versioning")) == [HOME, STANDBY]


def test_a_bucket_that_is_gone_is_unhealthy(aws: Any) -> None:
    aws.failing["head_bucket", STANDBY] = error("404", 404)
    found = storage(aws)
    assert statuses(found) == ["healthy", "unhealthy"]
    assert f"there is no bucket assets-{STANDBY}" in found[STANDBY]["reasons"]


@pytest.mark.parametrize("failure", [error("403", 403), REFUSED])
def test_a_bucket_that_could_not_be_asked_for_is_unknown(aws: Any, failure: Exception) -> None:
    aws.failing["head_bucket", STANDBY] = failure
    assert statuses(storage(aws)) == ["healthy", "unknown"]


def test_a_backlog_is_the_destinations_to_tell(aws: Any) -> None:
    aws.sample("OperationsPendingReplication", 1001.0)
    aws.failing["get_metric_data", HOME] = REFUSED
    found = storage(aws)
    assert statuses(found) == ["unknown", "degraded"]
    assert "1001 operations pending" in found[STANDBY]["reasons"][0]


@pytest.mark.parametrize(
    ("own", "status"), [({"max_lag_ms": 59_000.0}, "degraded"), ({"max_lag_ms": 61_000.0}, "healthy")]
)
def test_how_far_behind_is_too_far_is_the_storages_own_threshold(aws: Any, own: Any, status: str) -> None:
    aws.sample("ReplicationLatency", 60.0)
    assert storage(aws, max_lag_ms=1.0, thresholds={"storage": own})[STANDBY]["status"] == status


def test_a_missing_backlog_is_unknown_and_not_zero(aws: Any) -> None:
    aws.metrics.clear()
    found = storage(aws)
    assert statuses(found) == ["unknown", "unknown"]
    assert found[STANDBY]["replication"][0]["operations_pending"] is None


def test_a_rule_that_is_off_is_the_sources_to_tell(aws: Any) -> None:
    aws.rule[HOME] = "Disabled"
    found = storage(aws)
    assert statuses(found) == ["degraded", "healthy"]
    assert "disabled" in found[HOME]["reasons"][0]


def test_a_canary_is_written_and_read_in_each_region_under_a_key_of_its_own(aws: Any) -> None:
    result = run(aws, check_mode=False, **CANARY)
    assert set(aws.objects) == {(f"assets-{region}", f"aws-dr/health/{region}") for region in (HOME, STANDBY)}
    assert result.changed and [call.action for call in result.calls] == ["PutObject", "PutObject"]
    canary = services(result.values, "storage")[HOME]["buckets"][0]["canary"]
    assert canary["good"] and canary["response_ms"] > 0 and not canary["error"]


def test_check_mode_writes_no_canary_and_lists_it(aws: Any) -> None:
    result = run(aws, check_mode=True, **CANARY)
    assert aws.objects == {} and aws.asked("put_object") == []
    assert [call.as_dict() for call in result.calls] == [
        {"service": "s3", "action": "PutObject", "region": region} for region in (HOME, STANDBY)
    ]


def test_no_canary_is_written_that_nobody_asked_for(aws: Any) -> None:
    result = run(aws, check_mode=False, **STORAGE)
    assert (result.changed, result.calls, aws.objects) == (False, (), {})


def test_a_canary_that_is_not_what_was_written_is_unhealthy(aws: Any) -> None:
    aws.objects[f"assets-{HOME}", f"aws-dr/health/{HOME}"] = b"1000000000.000"
    aws.forgets = True
    found = services(run(aws, check_mode=False, **CANARY).values, "storage")
    assert statuses(found) == ["unhealthy", "unhealthy"]
    assert "isn't what was written" in found[HOME]["reasons"][0]


@pytest.mark.parametrize(("code", "status"), [("AccessDenied", "unknown"), ("KMS.DisabledException", "unhealthy")])
def test_a_canary_that_may_not_be_written_says_nothing_of_others(aws: Any, code: str, status: str) -> None:
    aws.failing["put_object", STANDBY] = error(code)
    found = services(run(aws, check_mode=False, **CANARY).values, "storage")
    assert statuses(found) == ["healthy", status]
    assert "writing it" in found[STANDBY]["reasons"][0]


def test_a_replica_in_sync_and_usable_keys_are_healthy(aws: Any) -> None:
    found = secrets(aws)
    assert statuses(found) == ["healthy", "healthy"]
    [told] = found[STANDBY]["secrets"]
    assert (told["standing"], told["in_sync"], told["replication_status"]) == ("replica", True, "InSync")
    assert told["readable"] is None and aws.asked("get_secret_value") == []
    assert found[HOME]["kms_keys"] == [{"key_id": "alias/shop", "state": "Enabled", "usable": True, "error": ""}]


def test_a_value_is_read_where_asked_for_and_told_to_nobody(aws: Any) -> None:
    values = look(aws, **SECRETS, read_secrets=True)
    assert [each["secrets"][0]["readable"] for each in services(values, "secrets").values()] == [True, True]
    assert sorted(aws.asked("get_secret_value")) == [HOME, STANDBY]
    assert VALUE not in repr(values)


@pytest.mark.parametrize(
    ("code", "status", "readable"),
    [("DecryptionFailure", "unhealthy", False), ("AccessDeniedException", "unknown", None)],
)
def test_a_value_that_cannot_be_read(aws: Any, code: str, status: str, readable: bool | None) -> None:
    aws.failing["get_secret_value", STANDBY] = error(code)
    found = secrets(aws, read_secrets=True)
    assert statuses(found) == ["healthy", status]
    assert found[STANDBY]["secrets"][0]["readable"] is readable
    assert code in found[STANDBY]["reasons"][0]


def test_a_replication_that_failed_is_told_of_the_replicas_region(aws: Any) -> None:
    aws.replica |= {"Status": "Failed", "StatusMessage": "its key is gone"}
    found = secrets(aws)
    assert statuses(found) == ["healthy", "degraded"]
    assert "its key is gone" in found[STANDBY]["reasons"][0]


def test_a_replica_that_is_a_version_behind_is_degraded(aws: Any) -> None:
    aws.version[HOME] = "v2"
    found = secrets(aws)
    assert statuses(found) == ["healthy", "degraded"]
    assert found[STANDBY]["secrets"][0]["in_sync"] is False


def test_whether_a_replica_is_in_sync_is_unknown_without_its_primarys_word(aws: Any) -> None:
    for action in ("describe_secret", "describe_key"):
        aws.failing[action, HOME] = REFUSED
    found = secrets(aws)
    assert statuses(found) == ["unknown", "unknown"]
    assert found[STANDBY]["secrets"][0]["in_sync"] is None
    assert f"{HOME} gave no answer" in found[STANDBY]["reasons"][0]


def test_a_secret_that_is_missing_is_unhealthy(aws: Any) -> None:
    del aws.standing[STANDBY]
    found = secrets(aws)
    assert statuses(found) == ["healthy", "unhealthy"]
    assert found[STANDBY]["secrets"][0]["standing"] == "missing"


@pytest.mark.parametrize("state", ["Disabled", "PendingDeletion", None])
def test_a_key_that_cannot_be_used_is_unhealthy(aws: Any, state: str | None) -> None:
    aws.key_state[STANDBY] = state
    found = secrets(aws)
    assert statuses(found) == ["healthy", "unhealthy"]
    assert found[STANDBY]["kms_keys"][0]["usable"] is False


def test_one_that_may_not_be_asked_for_hides_no_other(aws: Any) -> None:
    aws.failing["describe_key", STANDBY] = error("AccessDeniedException")
    found = secrets(aws)
    assert statuses(found) == ["healthy", "unknown"]
    assert found[STANDBY]["secrets"][0]["in_sync"] is True and found[STANDBY]["kms_keys"][0]["usable"] is None
