# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The module between two Regions' keys: what it calls and where, what it refuses, and what it survives."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.errors import DrError
from ansible_collections.multiregion.aws_dr.plugins.modules import kms_replica_key as module
from ansible_collections.multiregion.aws_dr.tests.unit.plugins.modules.regional import (
    HOME,
    STANDBY,
    Bench,
    RegionalAws,
    error,
)

KEY, OTHER = "mrk-1", "mrk-2"
POLICY, OTHER_POLICY = '{"Statement": [1]}', '{"Statement": [2]}'


def arn(region: str) -> str:
    return f"arn:aws:kms:{region}:123456789012:key/{KEY}"


class FakeKms(RegionalAws):
    """One key, in HOME at first. Creating and moving take ``takes`` seconds."""

    def __init__(self) -> None:
        super().__init__()
        self.states = {HOME: "Enabled"}
        self.policies = {HOME: POLICY}
        self.aliases: dict[str, dict[str, str]] = {HOME: {"alias/shop": KEY}, STANDBY: {}}
        self.primary: str | None = HOME
        self.takes = 0.0
        self.under_way: tuple[float, str] | None = None

    def _settle(self) -> None:
        if self.under_way and self.clock.now >= self.under_way[0]:
            self.primary, self.under_way = self.under_way[1], None
            self.states = {
                region: "Enabled" if state in ("Creating", "Updating") else state
                for region, state in self.states.items()
            }

    def describe_key(self, region: str, **asked: Any) -> dict[str, Any]:
        self._settle()
        key = self.aliases[region].get(asked["KeyId"], asked["KeyId"])
        if key != KEY or region not in self.states:
            raise error("NotFoundException")
        raw: dict[str, Any] = {"KeyId": KEY, "Arn": arn(region), "KeyState": self.states[region]}
        if self.primary:
            replicas = [{"Region": each} for each in self.states if each != self.primary]
            raw["MultiRegionConfiguration"] = {"PrimaryKey": {"Region": self.primary}, "ReplicaKeys": replicas}
        return {"KeyMetadata": raw}

    def list_aliases(self, region: str) -> dict[str, Any]:
        named = self.aliases[region].items()
        return {"Aliases": [{"AliasName": "alias/aws/s3"}, *({"AliasName": a, "TargetKeyId": k} for a, k in named)]}

    def get_key_policy(self, region: str, **asked: Any) -> dict[str, Any]:
        assert asked == {"KeyId": KEY, "PolicyName": "default"}
        return {"Policy": self.policies[region]}

    def put_key_policy(self, region: str, **asked: Any) -> None:
        self.policies[region] = asked["Policy"]

    def create_alias(self, region: str, **asked: Any) -> None:
        self.aliases[region][asked["AliasName"]] = asked["TargetKeyId"]

    def replicate_key(self, region: str, **asked: Any) -> None:
        assert region == self.primary
        if asked["ReplicaRegion"] in self.states:
            raise error("AlreadyExistsException")
        self.states[asked["ReplicaRegion"]] = "Creating"
        self.policies[asked["ReplicaRegion"]] = asked["Policy"]
        self.under_way = (self.clock.now + self.takes, region)

    def update_primary_region(self, region: str, **asked: Any) -> None:
        assert region == self.primary
        self.states = dict.fromkeys(self.states, "Updating")
        self.under_way = (self.clock.now + self.takes, asked["PrimaryRegion"])


@pytest.fixture
def kms() -> FakeKms:
    return FakeKms()


@pytest.fixture
def bench(kms: FakeKms, monkeypatch: pytest.MonkeyPatch) -> Bench:
    defaults = {
        "key_id": "alias/shop",
        "state": "present",
        "source": HOME,
        "target": STANDBY,
        "policy": None,
        "aliases": ["alias/shop"],
        "description": "",
        "mode": "planned",
        "wait": True,
        "timeout": 60.0,
    }
    return Bench(module, kms, defaults, monkeypatch)


def replicated(kms: FakeKms) -> None:
    kms.states[STANDBY], kms.policies[STANDBY] = "Enabled", POLICY
    kms.aliases[STANDBY]["alias/shop"] = KEY


@pytest.mark.parametrize("key_id", ["alias/shop", KEY, arn(HOME), arn(STANDBY)])
def test_a_replica_is_made_with_the_primarys_policy_and_named(bench: Bench, kms: FakeKms, key_id: str) -> None:
    kms.takes = 10.0
    result = bench.run(key_id=key_id)
    assert [(call.action, call.region) for call in result.calls] == [("ReplicateKey", HOME), ("CreateAlias", STANDBY)]
    assert kms.changes() == [("replicate_key", HOME), ("create_alias", STANDBY)]
    assert result.values["key"] == {
        "id": KEY,
        "arn": arn(STANDBY),
        "region": STANDBY,
        "state": "Enabled",
        "primary_region": HOME,
        "replica_regions": [STANDBY],
    }
    assert kms.policies[STANDBY] == POLICY
    again = bench.run(key_id=key_id)
    assert (again.changed, again.calls, again.before) == (False, (), again.after)
    assert [line["outcome"] for line in bench.journal] == ["done", "done", "already"]


def test_check_mode_says_the_same_and_changes_nothing(bench: Bench, kms: FakeKms) -> None:
    planned = bench.run(check_mode=True, policy=OTHER_POLICY)
    assert (kms.changes(), bench.journal, planned.values["key"]) == ([], [], None)
    done = bench.run(policy=OTHER_POLICY)
    assert (planned.calls, planned.before, planned.after) == (done.calls, done.before, done.after)
    assert done.after["policy"] == OTHER_POLICY


def test_a_policy_is_set_where_it_says_something_else(bench: Bench, kms: FakeKms) -> None:
    replicated(kms)
    assert not bench.run(policy='{ "Statement":[1] }').changed
    assert bench.run(policy=OTHER_POLICY).changed
    assert (kms.policies, kms.changes()) == ({HOME: POLICY, STANDBY: OTHER_POLICY}, [("put_key_policy", STANDBY)])
    assert not bench.run(policy=OTHER_POLICY).changed


@pytest.mark.parametrize(
    ("break_it", "code"),
    [
        (lambda kms: kms.aliases[HOME].clear(), "no_such_key"),
        (lambda kms: setattr(kms, "primary", None), "key_not_multi_region"),
        (lambda kms: kms.states.update({STANDBY: "Disabled"}), "key_replica_disabled"),
        (lambda kms: kms.states.update({STANDBY: "PendingDeletion"}), "key_replica_disabled"),
        (lambda kms: kms.aliases[STANDBY].update({"alias/shop": OTHER}), "alias_taken"),
        (lambda kms: setattr(kms, "primary", "eu-west-3"), "source_not_primary"),
    ],
)
def test_what_can_not_be_put_right_is_refused(bench: Bench, kms: FakeKms, break_it: Any, code: str) -> None:
    break_it(kms)
    assert bench.refused() == [code]


def test_a_creation_that_was_interrupted_is_waited_for(bench: Bench, kms: FakeKms) -> None:
    kms.states[STANDBY], kms.under_way = "Creating", (kms.clock.now + 10, HOME)
    result = bench.run()
    assert (result.values["key"]["state"], kms.changes()) == ("Enabled", [("create_alias", STANDBY)])


@pytest.mark.parametrize("action", ["replicate_key", "create_alias", "put_key_policy"])
def test_a_lost_answer_is_looked_for(bench: Bench, kms: FakeKms, action: str) -> None:
    if action == "put_key_policy":
        replicated(kms)
    kms.lost = {action}
    bench.run(policy=OTHER_POLICY)
    assert [name for name, _region in kms.changes()].count(action) == 1
    assert (kms.policies[STANDBY], kms.aliases[STANDBY]) == (OTHER_POLICY, {"alias/shop": KEY})


def test_a_throttled_call_is_made_again_and_a_forbidden_one_is_not(bench: Bench, kms: FakeKms) -> None:
    kms.faults["replicate_key"] = [error("ThrottlingException")]
    kms.faults["create_alias"] = [error("AccessDeniedException")]
    with pytest.raises(DrError, match="CreateAlias in eu-west-1"):
        bench.run()
    assert kms.states[STANDBY] == "Enabled"
    assert [line["outcome"] for line in bench.journal] == ["done", "failed"]
    assert [call.action for call in bench.run().calls] == ["CreateAlias"]


def test_the_primary_moves_through_the_current_one_and_once(bench: Bench, kms: FakeKms) -> None:
    replicated(kms)
    kms.takes = 10.0
    planned = bench.run(check_mode=True, state="primary")
    assert kms.changes() == []
    result = bench.run(state="primary")
    assert (result.calls, result.before, result.after) == (planned.calls, planned.before, planned.after)
    assert [(call.action, call.region) for call in result.calls] == [("UpdatePrimaryRegion", HOME)]
    assert (kms.primary, result.values["key"]["primary_region"], result.values["key"]["state"]) == (
        STANDBY,
        STANDBY,
        "Enabled",
    )
    assert not bench.run(state="primary").changed
    assert len(kms.changes()) == 1


def test_a_move_that_was_interrupted_is_waited_for(bench: Bench, kms: FakeKms) -> None:
    replicated(kms)
    kms.takes = 10.0
    kms.update_primary_region(HOME, PrimaryRegion=STANDBY)
    assert not bench.run(state="primary").changed
    assert kms.primary == STANDBY


def test_a_lost_answer_to_a_move_is_looked_for(bench: Bench, kms: FakeKms) -> None:
    replicated(kms)
    kms.takes, kms.lost = 10.0, {"update_primary_region"}
    bench.run(state="primary")
    assert (kms.primary, len(kms.changes())) == (STANDBY, 1)


def test_an_unplanned_run_moves_no_primary_and_asks_nobody(bench: Bench, kms: FakeKms) -> None:
    assert bench.refused(state="primary", mode="unplanned") == ["primary_move_not_needed"]
    assert kms.calls == []


@pytest.mark.parametrize(
    ("break_it", "code"),
    [
        (lambda kms: kms.states.pop(STANDBY), "key_replica_missing"),
        (lambda kms: kms.states.update({STANDBY: "Disabled"}), "key_replica_disabled"),
        (lambda kms: kms.states.update({HOME: "Disabled"}), "key_not_enabled"),
        (lambda kms: setattr(kms, "primary", "eu-west-3"), "source_not_primary"),
    ],
)
def test_a_primary_moves_only_where_both_keys_are_fit(bench: Bench, kms: FakeKms, break_it: Any, code: str) -> None:
    replicated(kms)
    break_it(kms)
    assert bench.refused(state="primary") == [code]


def test_a_region_that_gives_no_answer_is_an_error_in_time(bench: Bench, kms: FakeKms) -> None:
    kms.dead = {STANDBY}
    with pytest.raises(DrError, match="kms:DescribeKey in eu-west-1"):
        bench.run()
    assert kms.clock.now <= 161.0
