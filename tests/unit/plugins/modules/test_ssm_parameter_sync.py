# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The module between two Regions' parameters: what it writes, leaves alone, refuses, survives, and never tells."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.errors import DrError
from ansible_collections.multiregion.aws_dr.plugins.modules import ssm_parameter_sync as module
from ansible_collections.multiregion.aws_dr.tests.unit.plugins.modules.regional import (
    HOME,
    STANDBY,
    Bench,
    RegionalAws,
    error,
)

SECRETS = ("hunter2-token", "hunter2-older", "hunter2-plain", "hunter2-elsewhere", "hunter2-override")
TOKEN, OLDER, PLAIN, ELSEWHERE, OVERRIDE = SECRETS


class FakeSsm(RegionalAws):
    def __init__(self) -> None:
        super().__init__()
        self.parameters: dict[str, dict[str, dict[str, Any]]] = {HOME: {}, STANDBY: {}}

    def put(self, region: str, name: str, value: str, kind: str = "String", **more: Any) -> None:
        had = self.parameters[region].get(name, {"Version": 0})
        given = {"Name": name, "Value": value, "Type": kind, "DataType": "text", "Version": had["Version"] + 1, **more}
        if kind == "SecureString":
            given.setdefault("KeyId", "alias/aws/ssm")
        self.parameters[region][name] = given

    def get_parameters_by_path(self, region: str, **asked: Any) -> dict[str, Any]:
        assert asked["WithDecryption"] and asked["Recursive"]
        return {"Parameters": [{**each} for each in self._below(region, asked["Path"])]}

    def describe_parameters(self, region: str, **asked: Any) -> dict[str, Any]:
        path = asked["ParameterFilters"][0]["Values"][0]
        return {"Parameters": [{**each, "Value": "not told"} for each in self._below(region, path)]}

    def _below(self, region: str, path: str) -> list[dict[str, Any]]:
        return [each for name, each in self.parameters[region].items() if name.startswith(path + "/")]

    def get_parameter(self, region: str, **asked: Any) -> dict[str, Any]:
        if asked["Name"] not in self.parameters[region]:
            raise error("ParameterNotFound")
        return {"Parameter": self.parameters[region][asked["Name"]]}

    def put_parameter(self, region: str, **asked: Any) -> None:
        assert asked.pop("Overwrite") and asked.pop("Tier") == "Intelligent-Tiering"
        self.put(region, asked.pop("Name"), asked.pop("Value"), asked.pop("Type"), **asked)

    def delete_parameters(self, region: str, **asked: Any) -> None:
        for name in asked["Names"]:
            self.parameters[region].pop(name, None)


@pytest.fixture
def ssm() -> FakeSsm:
    ssm = FakeSsm()
    ssm.put(HOME, "/shop/plain", PLAIN, Description="what it is")
    ssm.put(HOME, "/shop/token", TOKEN, "SecureString", KeyId="arn:aws:kms:eu-central-1:1:key/home")
    ssm.put(HOME, "/shop/same", "1")
    ssm.put(HOME, "/shop/endpoint", "https://home")
    ssm.put(STANDBY, "/shop/token", OLDER, "SecureString")
    ssm.put(STANDBY, "/shop/same", "1")
    ssm.put(STANDBY, "/shop/endpoint", "https://standby")
    ssm.put(STANDBY, "/shop/extra", ELSEWHERE)
    ssm.put(STANDBY, "/other/extra", ELSEWHERE)
    return ssm


@pytest.fixture
def bench(ssm: FakeSsm, monkeypatch: pytest.MonkeyPatch) -> Bench:
    defaults = {
        "paths": ["/shop"],
        "source": HOME,
        "target": STANDBY,
        "include": ["*"],
        "exclude": [],
        "overrides": {"/shop/endpoint": "https://standby"},
        "key_id": None,
        "purge": False,
        "timeout": 60.0,
    }
    return Bench(module, ssm, defaults, monkeypatch)


def value(ssm: FakeSsm, name: str) -> str:
    return str(ssm.parameters[STANDBY][name]["Value"])


def test_what_the_target_lacks_or_has_otherwise_is_written(bench: Bench, ssm: FakeSsm) -> None:
    result = bench.run()
    assert result.changed
    assert [call.as_dict() for call in result.calls] == [
        {"service": "ssm", "action": "PutParameter", "region": STANDBY}
    ] * 2
    assert ssm.changes() == [("put_parameter", STANDBY)] * 2
    assert (value(ssm, "/shop/plain"), value(ssm, "/shop/token")) == (PLAIN, TOKEN)
    assert ssm.parameters[STANDBY]["/shop/plain"]["Description"] == "what it is"
    assert result.values["parameters"] == {
        "source_read": True,
        "in_sync": True,
        "written": ["/shop/plain", "/shop/token"],
        "deleted": [],
        "unchanged": 2,
        "extra": ["/shop/extra"],
        "unknown": [],
        "conflicts": [],
    }


def test_a_second_run_changes_nothing_and_the_journal_says_so(bench: Bench, ssm: FakeSsm) -> None:
    bench.run()
    result = bench.run()
    assert (result.changed, result.calls, result.before, result.after) == (False, (), {}, {})
    assert len(ssm.changes()) == 2
    assert [line["outcome"] for line in bench.journal] == ["done", "already"]


def test_check_mode_says_the_same_and_changes_nothing(bench: Bench, ssm: FakeSsm) -> None:
    planned = bench.run(check_mode=True)
    assert (ssm.changes(), bench.journal) == ([], [])
    done = bench.run()
    assert (planned.values, planned.calls) == (done.values, done.calls)


def test_a_diff_has_versions_and_nothing_that_tells_a_value(bench: Bench) -> None:
    result = bench.run()
    assert set(result.before) == {"/shop/token"}
    assert (result.before["/shop/token"]["version"], result.after["/shop/token"]["version"]) == (1, 2)
    assert result.before["/shop/token"]["value_id"] != result.after["/shop/token"]["value_id"]


def test_secure_strings_are_encrypted_with_the_targets_key(bench: Bench, ssm: FakeSsm) -> None:
    bench.run()
    assert ssm.parameters[STANDBY]["/shop/token"]["KeyId"] == "alias/aws/ssm"
    result = bench.run(key_id="alias/shop")
    assert result.values["parameters"]["written"] == ["/shop/token"]
    assert ssm.parameters[STANDBY]["/shop/token"]["KeyId"] == "alias/shop"
    assert not bench.run(key_id="arn:aws:kms:eu-west-1:1:alias/shop").changed


@pytest.mark.parametrize(
    ("options", "written"),
    [
        ({"exclude": ["/shop/tok*"]}, ["/shop/plain"]),
        ({"include": ["/shop/t*", "/shop/endpoint"]}, ["/shop/token"]),
        ({"exclude": ["/shop/endpoint"], "overrides": {}}, ["/shop/plain", "/shop/token"]),
        ({"overrides": {}}, ["/shop/endpoint", "/shop/plain", "/shop/token"]),
        ({"overrides": {"/shop/endpoint": "https://new"}}, ["/shop/endpoint", "/shop/plain", "/shop/token"]),
        ({"overrides": {"/shop/endpoint": "https://standby", "/shop/new": 5}}, None),
    ],
)
def test_patterns_choose_and_overrides_win(
    bench: Bench, ssm: FakeSsm, options: dict[str, Any], written: list[str] | None
) -> None:
    result = bench.run(**options)
    assert result.values["parameters"]["written"] == (written or ["/shop/new", "/shop/plain", "/shop/token"])
    assert not bench.run(**options).changed
    if written is None:
        assert value(ssm, "/shop/new") == "5"


def test_purge_deletes_what_only_the_target_has_below_the_paths(bench: Bench, ssm: FakeSsm) -> None:
    result = bench.run(purge=True)
    assert result.values["parameters"]["deleted"] == ["/shop/extra"]
    assert "/shop/extra" in result.before and "/shop/extra" not in result.after
    assert "/other/extra" in ssm.parameters[STANDBY]
    assert not bench.run(purge=True).changed


def test_purge_keeps_what_is_excluded_or_overridden(bench: Bench, ssm: FakeSsm) -> None:
    bench.run(purge=True, exclude=["/shop/extra"])
    assert "/shop/extra" in ssm.parameters[STANDBY]
    bench.run(purge=True, overrides={"/shop/extra": "kept", "/shop/endpoint": "https://standby"})
    assert value(ssm, "/shop/extra") == "kept"


@pytest.mark.parametrize("asked", [True, False])
def test_without_a_source_only_overrides_are_set(bench: Bench, ssm: FakeSsm, asked: bool) -> None:
    ssm.dead = {HOME}
    result = bench.run(source=HOME if asked else None, overrides={"/shop/endpoint": "https://new"}, purge=True)
    found = result.values["parameters"]
    assert (found["source_read"], found["in_sync"]) == (False, None)
    assert (found["written"], found["deleted"]) == (["/shop/endpoint"], [])
    assert found["unknown"] == ["/shop/extra", "/shop/same", "/shop/token"]
    assert value(ssm, "/shop/token") == OLDER
    assert bool(bench.warnings) is asked
    assert (HOME in {region for _name, region in ssm.calls}) is asked


def test_a_source_that_is_lost_costs_its_patience_at_most(bench: Bench, ssm: FakeSsm) -> None:
    ssm.dead = {HOME}
    before = ssm.clock.now
    bench.run()
    assert ssm.clock.now - before <= 2 * 10.0 + 1


def test_a_new_parameter_whose_type_only_the_source_knows_is_not_made_up(bench: Bench, ssm: FakeSsm) -> None:
    result = bench.run(source=None, overrides={"/shop/new": "x"})
    assert not result.changed
    assert "/shop/new" in result.values["parameters"]["unknown"]


def test_a_source_that_may_not_be_read_is_no_disaster(bench: Bench, ssm: FakeSsm) -> None:
    ssm.faults["describe_parameters"] = [error("AccessDeniedException")] * 9
    with pytest.raises(DrError, match="Grant that action"):
        bench.run()
    assert ssm.changes() == []


def test_a_conflict_is_told_and_keeps_nothing_else_from_being_written(bench: Bench, ssm: FakeSsm) -> None:
    ssm.put(STANDBY, "/shop/plain", PLAIN, "SecureString")
    result = bench.run(overrides={"/shop/endpoint": "https://new", "/shop/token": OVERRIDE})
    found = result.values["parameters"]
    assert [conflict["code"] for conflict in found["conflicts"]] == ["type_differs", "override_of_secure_string"]
    assert (found["written"], found["in_sync"]) == (["/shop/endpoint"], False)
    assert len(bench.warnings) == 2


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ({"paths": [], "overrides": {}}, "no_paths"),
        ({"paths": ["shop"]}, "bad_path"),
        ({"paths": ["/"]}, "bad_path"),
        ({"source": STANDBY}, "same_region"),
        ({"overrides": {"/elsewhere/a": "x"}}, "override_not_selected"),
        ({"overrides": {"/shop/endpoint": "x"}, "exclude": ["/shop/end*"]}, "override_not_selected"),
        ({"overrides": {"/shop/endpoint": ""}}, "override_empty"),
        ({"include": ["/shop/extra"], "overrides": {}, "purge": True}, "purge_of_everything"),
    ],
)
def test_a_request_that_makes_no_sense_is_refused(bench: Bench, options: dict[str, Any], code: str) -> None:
    assert bench.refused(**options) == [code]


@pytest.mark.parametrize("passing", ["ThrottlingException", "TooManyUpdates", "InternalServerError"])
def test_a_passing_fault_is_passed(bench: Bench, ssm: FakeSsm, passing: str) -> None:
    ssm.faults = {"put_parameter": [error(passing)] * 2, "get_parameters_by_path": [error(passing)]}
    assert bench.run().values["parameters"]["in_sync"] is True
    assert value(ssm, "/shop/token") == TOKEN


def test_a_lost_answer_is_looked_for_instead_of_writing_twice(bench: Bench, ssm: FakeSsm) -> None:
    ssm.lost = {"put_parameter"}
    bench.run()
    assert len(ssm.changes()) == 2
    assert ssm.parameters[STANDBY]["/shop/plain"]["Version"] == 1


def test_one_that_fails_keeps_no_other_from_being_written_and_is_named(bench: Bench, ssm: FakeSsm) -> None:
    ssm.faults["put_parameter"] = [error("InvalidKeyId", f"can't encrypt {PLAIN}")]
    with pytest.raises(DrError, match=r"1 of 2 calls succeeded; failed: /shop/plain \(InvalidKeyId\)"):
        bench.run()
    assert value(ssm, "/shop/token") == TOKEN
    assert bench.journal[0]["outcome"] == "failed"
    assert bench.run().values["parameters"]["written"] == ["/shop/plain"]


def test_a_target_that_can_not_be_read_is_an_error(bench: Bench, ssm: FakeSsm) -> None:
    ssm.dead = {STANDBY}
    with pytest.raises(DrError, match="Reading the parameters of eu-west-1"):
        bench.run()


def test_no_value_is_told_to_anybody(bench: Bench, ssm: FakeSsm) -> None:
    """Results, diffs, warnings, errors with their causes, progress and journal, of every way that a run can go."""
    bench.run(check_mode=True)
    ssm.put(STANDBY, "/shop/kind", PLAIN, "SecureString")
    ssm.put(HOME, "/shop/kind", PLAIN)
    bench.run(purge=True, overrides={"/shop/token": OVERRIDE})
    ssm.put(HOME, "/shop/token", TOKEN + "2", "SecureString")
    for fault in ("ValidationException", "ParameterPatternMismatchException", "ThrottlingException"):
        ssm.faults["put_parameter"] = [error(fault, f"Value '{TOKEN}2' at 'value' failed")] * 99
        with pytest.raises(DrError):
            bench.run()
    ssm.faults.clear()
    ssm.dead = {HOME}
    bench.run()
    ssm.dead = {STANDBY}
    with pytest.raises(DrError):
        bench.run()
    assert len(bench.told) > 1000
    assert [secret for secret in SECRETS if secret in bench.told] == []
