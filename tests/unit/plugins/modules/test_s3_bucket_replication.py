# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Two buckets' replication from end to end: made, mended, disabled, removed; beside other rules; and interrupted."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.errors import DrError, Refused
from ansible_collections.multiregion.aws_dr.plugins.modules import s3_bucket_replication as module
from ansible_collections.multiregion.aws_dr.tests.unit.plugins.modules.storage_stage import (
    HOME,
    ONE,
    REGION,
    ROLE,
    STANDBY,
    TIMEOUT,
    TWO,
    Stage,
    error,
)

BUCKETS = [{"bucket": name, "region": region, "role": None, "kms_key_arn": None} for name, region in REGION.items()]
FOREIGN = {
    "ID": "logs",
    "Priority": 7,
    "Status": "Enabled",
    "Filter": {"Prefix": "logs/"},
    "DeleteMarkerReplication": {"Status": "Disabled"},
    "Destination": {"Bucket": "arn:aws:s3:::archive", "StorageClass": "GLACIER"},
}
PUT = "put_bucket_replication"


@pytest.fixture
def stage(monkeypatch: pytest.MonkeyPatch) -> Stage:
    stage = Stage(module)
    monkeypatch.setattr(module, "guarded", stage.guarded)
    return stage


def replicate(stage: Stage, **options: Any) -> Any:
    return stage.run(**{"buckets": copy.deepcopy(BUCKETS), "role": ROLE, **options})


def rule(stage: Stage, bucket: str = ONE, number: int = -1) -> dict[str, Any]:
    return dict(stage.cloud.replication[bucket]["Rules"][number])


def refused(caught: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [finding.code for finding in caught.value.findings]


@pytest.mark.parametrize("state", ["present", "disabled", "absent"])
def test_check_mode_changes_nothing_the_first_run_does_and_the_second_does_not(stage: Stage, state: str) -> None:
    if state != "present":
        replicate(stage)
        stage.cloud.calls.clear()
    before = copy.deepcopy(stage.cloud.replication)
    foretold = replicate(stage, state=state, check_mode=True)
    assert foretold.changed and stage.cloud.replication == before and stage.cloud.changes() == []
    first = replicate(stage, state=state)
    assert first.changed and (first.calls, first.before, first.after) == (
        foretold.calls,
        foretold.before,
        foretold.after,
    )
    action = "DeleteBucketReplication" if state == "absent" else "PutBucketReplication"
    assert [(call.action, call.region) for call in first.calls] == [(action, HOME), (action, STANDBY)]
    stage.cloud.calls.clear()
    second = replicate(stage, state=state)
    assert (second.changed, second.calls, stage.cloud.changes()) == (False, (), [])
    assert second.before == second.after == first.after


def test_the_rule_takes_everything_and_what_was_changed_or_deleted_and_has_metrics(stage: Stage) -> None:
    result = replicate(stage)
    assert rule(stage) == {
        "ID": f"aws-dr-to-{TWO}",
        "Priority": 1,
        "Status": "Enabled",
        "Filter": {"Prefix": ""},
        "DeleteMarkerReplication": {"Status": "Enabled"},
        "SourceSelectionCriteria": {"ReplicaModifications": {"Status": "Enabled"}},
        "Destination": {"Bucket": f"arn:aws:s3:::{TWO}", "Metrics": {"Status": "Enabled"}},
    }
    assert rule(stage, TWO)["Destination"]["Bucket"] == f"arn:aws:s3:::{ONE}"
    assert stage.cloud.replication[ONE]["Role"] == ROLE
    one = result.values["replication"][0]
    assert (one["source"], one["rule"]["id"], one["changed"]) == (
        {"bucket": ONE, "region": HOME},
        f"aws-dr-to-{TWO}",
        True,
    )


def test_a_promised_time_and_the_destinations_key_are_set_where_asked_for(stage: Stage) -> None:
    buckets = copy.deepcopy(BUCKETS)
    buckets[1]["kms_key_arn"] = "key-two"
    replicate(stage, buckets=buckets, time_control=True)
    to_two, to_one = rule(stage)["Destination"], rule(stage, TWO)["Destination"]
    assert to_two["EncryptionConfiguration"] == {"ReplicaKmsKeyID": "key-two"}
    assert "EncryptionConfiguration" not in to_one
    assert rule(stage)["SourceSelectionCriteria"]["SseKmsEncryptedObjects"] == {"Status": "Enabled"}
    assert to_one["ReplicationTime"] == {"Status": "Enabled", "Time": {"Minutes": 15}}
    assert to_one["Metrics"]["EventThreshold"] == {"Minutes": 15}


@pytest.mark.parametrize(
    "changed",
    [
        {"Status": "Disabled"},
        {"DeleteMarkerReplication": {"Status": "Disabled"}},
        {"SourceSelectionCriteria": {}},
        {"Filter": {"Prefix": "only/"}},
        {"Destination": {"Bucket": f"arn:aws:s3:::{TWO}"}},
    ],
)
def test_a_rule_of_ours_that_was_changed_is_mended_in_its_bucket_alone(stage: Stage, changed: dict[str, Any]) -> None:
    replicate(stage)
    good = rule(stage)
    stage.cloud.replication[ONE]["Rules"][0] |= changed
    result = replicate(stage)
    assert [call.region for call in result.calls] == [HOME]
    assert rule(stage) == good


@pytest.mark.parametrize("state", ["present", "disabled", "absent"])
def test_other_rules_stay_as_they_are_and_ours_takes_a_priority_of_its_own(stage: Stage, state: str) -> None:
    stage.cloud.replication[ONE] = {"Role": ROLE, "Rules": [copy.deepcopy(FOREIGN)]}
    result = replicate(stage)
    assert (rule(stage, number=0), rule(stage)["Priority"]) == (FOREIGN, 8)
    assert result.values["replication"][0]["other_rules"] == ["logs"]
    replicate(stage, state=state)
    assert rule(stage, number=0) == FOREIGN


def test_nothing_is_made_only_to_be_disabled(stage: Stage) -> None:
    assert not replicate(stage, state="disabled").changed
    assert stage.cloud.replication == {}


def test_a_change_says_that_it_depends_on_us_east_1_and_no_change_does_not(stage: Stage) -> None:
    assert replicate(stage).values["needs_us_east_1"] is True
    assert "us-east-1" in stage.warnings[0]
    stage.warnings.clear()
    assert replicate(stage).values["needs_us_east_1"] is False
    assert stage.warnings == []


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ({"buckets": BUCKETS[:1]}, "not_two_buckets"),
        ({"buckets": [BUCKETS[0], BUCKETS[0]]}, "not_two_buckets"),
        ({"role": None}, "no_role"),
    ],
)
def test_a_wrong_request_is_refused_before_anything_is_read(stage: Stage, options: Any, code: str) -> None:
    with pytest.raises(Refused) as caught:
        replicate(stage, **options)
    assert (refused(caught), stage.cloud.calls) == ([code], [])


@pytest.mark.parametrize("versions", ["Suspended", None])
def test_a_bucket_without_versions_is_refused_and_the_other_is_left_alone(stage: Stage, versions: str | None) -> None:
    stage.cloud.versioning[TWO] = versions
    with pytest.raises(Refused) as caught:
        replicate(stage)
    assert (refused(caught), stage.cloud.changes()) == (["versioning_off"], [])


def test_a_bucket_that_is_not_there_is_refused(stage: Stage) -> None:
    del stage.cloud.versioning[TWO]
    with pytest.raises(Refused) as caught:
        replicate(stage)
    assert set(refused(caught)) == {"no_such_bucket"} and stage.cloud.changes() == []


def test_the_role_that_other_rules_use_is_not_taken_from_them(stage: Stage) -> None:
    stage.cloud.replication[ONE] = {"Role": "another", "Rules": [copy.deepcopy(FOREIGN)]}
    with pytest.raises(Refused) as caught:
        replicate(stage)
    assert refused(caught) == ["other_role"]


def test_rules_of_the_older_schema_are_not_mixed_with(stage: Stage) -> None:
    old = {"ID": "old", "Status": "Enabled", "Prefix": "", "Destination": {"Bucket": "arn:aws:s3:::archive"}}
    stage.cloud.replication[ONE] = {"Role": ROLE, "Rules": [old]}
    with pytest.raises(Refused) as caught:
        replicate(stage)
    assert refused(caught) == ["old_rules"]


def test_a_change_whose_answer_was_lost_is_looked_for_and_not_made_twice(stage: Stage) -> None:
    stage.cloud.lost[PUT, HOME] = [TIMEOUT]
    result = replicate(stage)
    assert result.changed and stage.cloud.changes() == [(PUT, HOME), (PUT, STANDBY)]
    assert len(result.calls) == 2


@pytest.mark.parametrize("fault", [TIMEOUT, error("SlowDown", 503), error("OperationAborted", 409)])
def test_a_change_that_had_no_effect_is_made_again(stage: Stage, fault: Exception) -> None:
    stage.cloud.broken[PUT, HOME] = [fault]
    assert replicate(stage).changed
    assert stage.cloud.changes() == [(PUT, HOME), (PUT, HOME), (PUT, STANDBY)]
    assert rule(stage)["Status"] == "Enabled"


def test_a_rule_that_somebody_adds_meanwhile_is_kept(stage: Stage) -> None:
    def add() -> None:
        stage.cloud.replication[ONE] = {"Role": ROLE, "Rules": [copy.deepcopy(FOREIGN)]}

    stage.cloud.before_change = [add]
    stage.cloud.broken[PUT, HOME] = [TIMEOUT]
    replicate(stage)
    assert [each["ID"] for each in stage.cloud.replication[ONE]["Rules"]] == ["logs", f"aws-dr-to-{TWO}"]


@pytest.mark.parametrize("fault", [error("AccessDenied", 403), error("InvalidRequest", 400)])
def test_a_final_refusal_is_not_asked_for_twice(stage: Stage, fault: Exception) -> None:
    stage.cloud.broken[PUT, HOME] = [fault]
    with pytest.raises(DrError, match="s3:PutReplicationConfiguration in eu-central-1"):
        replicate(stage)
    assert stage.cloud.changes() == [(PUT, HOME)]


def test_a_fault_that_does_not_pass_ends_with_the_deadline(stage: Stage) -> None:
    stage.cloud.broken[PUT, HOME] = [TIMEOUT] * 100
    with pytest.raises(DrError, match="ReadTimeoutError"):
        replicate(stage, timeout=10)


def test_a_passing_fault_of_reading_passes(stage: Stage) -> None:
    stage.cloud.broken["get_bucket_replication", HOME] = [error("InternalError", 500)]
    assert replicate(stage).changed


def test_each_bucket_is_a_step_with_its_call_and_a_second_run_says_that_there_was_nothing_to_do(stage: Stage) -> None:
    replicate(stage)
    replicate(stage)
    first, second = (guard.steps for guard in stage.guards)
    assert first[:2] == [
        ("started replicate_bucket", ["PutBucketReplication"]),
        ("done replicate_bucket", {"bucket": ONE, "state": "present", "changed": True}),
    ]
    assert [name for name, _seen in second] == ["already replicate_bucket"] * 2
