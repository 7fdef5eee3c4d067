# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The module between two Regions' secrets: what it calls and where, what it refuses, survives, and never tells."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.errors import DrError
from ansible_collections.multiregion.aws_dr.plugins.modules import secretsmanager_replica as module
from ansible_collections.multiregion.aws_dr.tests.unit.plugins.modules.regional import (
    HOME,
    STANDBY,
    THIRD,
    Bench,
    RegionalAws,
    error,
)

NAME = "shop/db"
OLD, NEW, OTHER = "hunter2-old", "hunter2-new", "hunter2-other"


def arn(region: str) -> str:
    return f"arn:aws:secretsmanager:{region}:123456789012:secret:{NAME}-AbCdEf"


class FakeSecrets(RegionalAws):
    """One secret, in HOME with a replica in STANDBY at first. Versions are counted; ``takes``: seconds to replicate."""

    def __init__(self) -> None:
        super().__init__()
        self.values = {HOME: (OLD, 1), STANDBY: (OLD, 1)}
        self.primary = {STANDBY: HOME}
        self.failed = ""
        self.stalled = False
        self.started_at = 0.0
        self.takes = 0.0

    def write(self, region: str, value: str, version: int) -> None:
        self.values[region] = (value, version)

    def _settle(self) -> None:
        for region, source in self.primary.items():
            if not self.stalled and not self.failed and self.clock.now - self.started_at >= self.takes:
                self.values[region] = self.values[source]

    def describe_secret(self, region: str, **asked: Any) -> dict[str, Any]:
        self._settle()
        assert asked["SecretId"] in (NAME, arn(region))
        if region not in self.values:
            raise error("ResourceNotFoundException")
        version = self.values[region][1]
        shown: dict[str, Any] = {
            "Name": NAME,
            "ARN": arn(region),
            "VersionIdsToStages": {f"v{version}": ["AWSCURRENT"], "v0": ["AWSPREVIOUS"]},
            "LastChangedDate": datetime.fromtimestamp(version, UTC),
        }
        if region in self.primary:
            shown["PrimaryRegion"] = self.primary[region]
        replicas = [each for each, source in self.primary.items() if source == region]
        if replicas:
            shown["ReplicationStatus"] = [self._status(each, region) for each in replicas]
        return shown

    def _status(self, region: str, source: str) -> dict[str, str]:
        same = self.values.get(region) == self.values[source]
        status = "Failed" if self.failed else "InSync" if same else "InProgress"
        return {"Region": region, "Status": status, "StatusMessage": self.failed}

    def get_secret_value(self, region: str, **_asked: Any) -> dict[str, Any]:
        return {"SecretString": self.values[region][0]}

    def stop_replication_to_replica(self, region: str, **_asked: Any) -> None:
        if region not in self.primary:
            raise error("InvalidParameterException", "Operation not permitted on a primary secret.")
        del self.primary[region]

    def replicate_secret_to_regions(self, region: str, **asked: Any) -> None:
        assert not self.primary.get(region)
        (replica,) = asked["AddReplicaRegions"]
        self.failed = ""
        self.started_at = self.clock.now
        if replica["Region"] in self.values and not asked["ForceOverwriteReplicaSecret"]:
            self.failed = "Replication failed: Secret name shop/db already exists."
        self.primary[replica["Region"]] = region


@pytest.fixture
def aws() -> FakeSecrets:
    return FakeSecrets()


@pytest.fixture
def bench(aws: FakeSecrets, monkeypatch: pytest.MonkeyPatch) -> Bench:
    defaults = {
        "secret_id": NAME,
        "state": "in_sync",
        "target": STANDBY,
        "source": HOME,
        "force": False,
        "key_id": None,
        "wait": True,
        "timeout": 30.0,
    }
    return Bench(module, aws, defaults, monkeypatch)


def promoted(aws: FakeSecrets, value: str = OLD, version: int = 1) -> None:
    aws.primary.clear()
    aws.write(STANDBY, value, version)


# in_sync


def test_a_replica_in_sync_is_said_to_be_so(bench: Bench, aws: FakeSecrets) -> None:
    result = bench.run()
    assert not result.changed
    assert result.values == {
        "secret": {
            "name": NAME,
            "region": STANDBY,
            "standing": "replica",
            "primary_region": HOME,
            "status": "InSync",
            "in_sync": True,
            "source_read": True,
            "version": "v1",
            "source_version": "v1",
        },
        "findings": [],
    }
    assert aws.changes() == []


@pytest.mark.parametrize("secret_id", [arn(HOME), arn(STANDBY)])
def test_an_arn_of_either_region_will_do(bench: Bench, secret_id: str) -> None:
    assert bench.run(secret_id=secret_id).values["secret"]["in_sync"] is True


def test_a_replica_that_is_behind_is_waited_for(bench: Bench, aws: FakeSecrets) -> None:
    aws.write(HOME, NEW, 2)
    aws.takes = aws.clock.now + 3.0
    assert bench.run().values["secret"]["in_sync"] is True
    assert aws.clock.now >= 103.0


def test_a_replica_that_stays_behind_is_refused_in_time(bench: Bench, aws: FakeSecrets) -> None:
    aws.write(HOME, NEW, 2)
    aws.stalled = True
    assert bench.refused() == ["secret_not_in_sync"]
    assert aws.clock.now <= 130.0


@pytest.mark.parametrize("asked", [HOME, None])
def test_a_lost_source_leaves_the_replica_readable_and_the_rest_unknown(
    bench: Bench, aws: FakeSecrets, asked: str | None
) -> None:
    aws.dead = {HOME}
    result = bench.run(source=asked)
    secret = result.values["secret"]
    assert (secret["standing"], secret["in_sync"], secret["source_read"]) == ("replica", None, False)
    assert [finding["code"] for finding in result.values["findings"]] == (["secret_not_compared"] if asked else [])
    assert (HOME in {region for _name, region in aws.calls}) is bool(asked)
    assert aws.clock.now - 100.0 <= 11.0


def test_no_secret_in_the_target_is_refused_in_any_mode(bench: Bench, aws: FakeSecrets) -> None:
    aws.primary.clear()
    del aws.values[STANDBY]
    assert bench.refused() == ["secret_missing"]
    assert bench.refused(source=None) == ["secret_missing"]


def test_a_failed_replication_is_refused_at_once(bench: Bench, aws: FakeSecrets) -> None:
    aws.failed = "Replication failed: no key."
    assert bench.refused() == ["secret_replication_failed"]
    assert aws.clock.now == 100.0


def test_a_secret_of_its_own_is_refused_where_it_differs(bench: Bench, aws: FakeSecrets) -> None:
    promoted(aws)
    assert bench.run().values["secret"]["in_sync"] is True
    promoted(aws, OTHER, 7)
    assert bench.refused() == ["secret_not_replicated"]


# promoted


def test_a_promotion_goes_through_the_replicas_region_alone_and_once(bench: Bench, aws: FakeSecrets) -> None:
    aws.dead = {HOME}
    result = bench.run(state="promoted", source=None)
    assert result.changed
    assert [call.as_dict() for call in result.calls] == [
        {"service": "secretsmanager", "action": "StopReplicationToReplica", "region": STANDBY}
    ]
    assert result.values["secret"]["standing"] == "standalone"
    assert (result.before["standing"], result.after["standing"]) == ("replica", "standalone")
    again = bench.run(state="promoted", source=None)
    assert (again.changed, again.calls, len(aws.changes())) == (False, (), 1)
    assert [line["outcome"] for line in bench.journal] == ["done", "already"]
    assert {region for _name, region in aws.calls} == {STANDBY}


def test_a_promotion_in_check_mode_changes_nothing(bench: Bench, aws: FakeSecrets) -> None:
    planned = bench.run(check_mode=True, state="promoted")
    assert (aws.changes(), bench.journal) == ([], [])
    done = bench.run(state="promoted")
    assert (planned.calls, planned.before, planned.after) == (done.calls, done.before, done.after)


def test_a_replica_that_is_known_to_be_behind_is_promoted_by_force_only(bench: Bench, aws: FakeSecrets) -> None:
    aws.write(HOME, NEW, 2)
    aws.stalled = True
    assert bench.refused(state="promoted") == ["secret_not_in_sync"]
    assert bench.run(state="promoted", force=True).changed


def test_there_must_be_something_to_promote(bench: Bench, aws: FakeSecrets) -> None:
    aws.primary.clear()
    del aws.values[STANDBY]
    assert bench.refused(state="promoted") == ["secret_missing"]


def test_a_lost_answer_to_a_promotion_is_looked_for(bench: Bench, aws: FakeSecrets) -> None:
    aws.lost = {"stop_replication_to_replica"}
    assert bench.run(state="promoted").values["secret"]["standing"] == "standalone"
    assert len(aws.changes()) == 1


@pytest.mark.parametrize("fault", ["ThrottlingException", "InternalServiceError"])
def test_a_promotion_passes_a_passing_fault(bench: Bench, aws: FakeSecrets, fault: str) -> None:
    aws.faults["stop_replication_to_replica"] = [error(fault)] * 2
    assert bench.run(state="promoted").changed
    assert aws.primary == {}


def test_a_promotion_that_is_not_permitted_says_so_at_once(bench: Bench, aws: FakeSecrets) -> None:
    aws.faults["stop_replication_to_replica"] = [error("AccessDeniedException")] * 9
    with pytest.raises(DrError, match="Grant that action"):
        bench.run(state="promoted")
    assert (len(aws.changes()), bench.journal[0]["outcome"]) == (1, "failed")


# present and linked


def test_a_replica_is_added_where_there_is_none(bench: Bench, aws: FakeSecrets) -> None:
    aws.primary.clear()
    del aws.values[STANDBY]
    aws.takes = 3.0
    result = bench.run(state="present")
    assert (result.changed, aws.changes()) == (True, [("replicate_secret_to_regions", HOME)])
    assert result.values["secret"]["in_sync"] is True
    assert not bench.run(state="present").changed


def test_a_secret_of_its_own_keeps_its_name_from_a_replica(bench: Bench, aws: FakeSecrets) -> None:
    promoted(aws)
    assert bench.refused(state="present") == ["secret_name_taken"]


@pytest.mark.parametrize("value", [OLD, NEW])
def test_a_secret_with_the_same_value_is_linked_again(bench: Bench, aws: FakeSecrets, value: str) -> None:
    promoted(aws, value, 2)
    aws.write(HOME, value, 3)
    planned = bench.run(check_mode=True, state="linked")
    assert aws.changes() == []
    result = bench.run(state="linked")
    assert result.calls == planned.calls
    assert (result.values["secret"]["standing"], aws.primary) == ("replica", {STANDBY: HOME})
    assert not bench.run(state="linked").changed


def test_another_value_is_given_up_by_force_only(bench: Bench, aws: FakeSecrets) -> None:
    promoted(aws, OTHER, 7)
    assert bench.refused(state="linked") == ["secret_differs"]
    assert bench.run(state="linked", force=True).changed
    assert aws.values[STANDBY] == (OLD, 1)


def test_the_way_home_links_the_old_primary_to_the_new_one(bench: Bench, aws: FakeSecrets) -> None:
    promoted(aws, NEW, 2)
    way: dict[str, Any] = {"state": "linked", "source": STANDBY, "target": HOME}
    assert bench.refused(**way) == ["secret_differs"]
    bench.run(**way, force=True)
    assert (aws.values[HOME], aws.primary) == ((NEW, 2), {HOME: STANDBY})
    assert bench.run(source=HOME, target=STANDBY).values["findings"] == []


def test_a_failed_replication_is_tried_again_by_linking(bench: Bench, aws: FakeSecrets) -> None:
    aws.failed = "Replication failed: no key."
    assert bench.run(state="linked").changed
    assert aws.failed == ""


def test_a_replication_that_fails_is_an_error(bench: Bench, aws: FakeSecrets, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(_region: str, **_asked: Any) -> None:
        aws.failed, aws.primary[STANDBY] = "Replication failed: no key.", HOME

    promoted(aws)
    monkeypatch.setattr(aws, "replicate_secret_to_regions", fails)
    with pytest.raises(DrError, match="no key"):
        bench.run(state="linked")


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ({"source": None}, "no_source"),
        ({"source": STANDBY, "target": THIRD}, "source_is_replica"),
        ({"source": THIRD}, "no_such_secret"),
    ],
)
@pytest.mark.parametrize("state", ["linked", "present"])
def test_linking_needs_the_primary(bench: Bench, options: dict[str, Any], code: str, state: str) -> None:
    assert bench.refused(state=state, **options) == [code]


def test_linking_needs_the_primarys_region(bench: Bench, aws: FakeSecrets) -> None:
    aws.dead = {HOME}
    assert bench.refused(state="linked") == ["source_unreachable"]


def test_a_replica_of_another_region_is_left_alone(bench: Bench, aws: FakeSecrets) -> None:
    aws.write(THIRD, OLD, 1)
    aws.primary = {STANDBY: THIRD}
    assert bench.refused(state="linked") == ["replica_of_another"]


def test_a_lost_answer_to_a_link_is_looked_for(bench: Bench, aws: FakeSecrets) -> None:
    promoted(aws)
    aws.lost = {"replicate_secret_to_regions"}
    assert bench.run(state="linked").changed
    assert len(aws.changes()) == 1


def test_without_wait_nothing_is_waited_for(bench: Bench, aws: FakeSecrets) -> None:
    promoted(aws, OTHER, 7)
    aws.takes = 1000.0
    assert bench.run(state="linked", force=True, wait=False).values["secret"]["in_sync"] is False
    assert aws.clock.now == 100.0


def test_a_target_that_can_not_be_read_is_an_error(bench: Bench, aws: FakeSecrets) -> None:
    aws.dead = {STANDBY}
    with pytest.raises(DrError, match="Reading the secret shop/db"):
        bench.run()


def test_no_value_is_told_to_anybody(bench: Bench, aws: FakeSecrets) -> None:
    """Results, diffs, warnings, errors with their causes, progress and journal, of every way that a run can go."""
    bench.run()
    bench.run(state="promoted", check_mode=True)
    bench.run(state="promoted")
    promoted(aws, OTHER, 7)
    bench.refused(state="linked")
    bench.run(state="linked", force=True)
    promoted(aws, OTHER, 7)
    aws.faults["get_secret_value"] = [error("DecryptionFailure")] * 999
    with pytest.raises(DrError):
        bench.run(state="linked")
    assert len(bench.told) > 1000
    assert [secret for secret in (OLD, NEW, OTHER) if secret in bench.told] == []
