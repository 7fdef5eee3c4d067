# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

"""The module against a group, a service and an alias of its own that follow what is wanted in their time."""

from typing import Any

import pytest

from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.errors import DrError, Refused
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.module import Result
from ansible_collections.multiregion.aws_dr.plugins.modules import compute_scale as module
from ansible_collections.multiregion.aws_dr.tests.unit.plugins.modules.stage import LOST, SteppedClock, context, refused

GROUP = {"kind": "asg", "name": "web", "desired": 2}
API = {"kind": "ecs", "cluster": "shop", "service": "api", "desired": 4}
LIVE = {"kind": "lambda", "function": "orders", "alias": "live", "desired": 3}
ALL = [GROUP, API, LIVE]


class FakeAws:
    """All three services at once. ``faults`` are raised by a call of that name, in turn; after those it works."""

    def __init__(self) -> None:
        self.wanted = {"web": 0, "api": 1, "live": 0}
        self.serving = dict(self.wanted)
        self.follows = True
        self.calls: list[tuple[str, int]] = []
        self.faults: dict[str, list[Exception]] = {}
        self.lost_answers: set[str] = set()
        self.activities: list[dict[str, str]] = []
        self.status_reason = ""
        self.missing: set[str] = set()

    def get(self, _service: str, region: str) -> FakeAws:
        assert region == "eu-west-1"
        return self

    def tick(self) -> None:
        if self.follows:
            self.serving = dict(self.wanted)

    def _enter(self, action: str) -> None:
        if self.faults.get(action):
            raise self.faults[action].pop(0)

    def _set(self, action: str, name: str, count: int) -> None:
        self.calls.append((action, count))
        if action not in self.lost_answers:
            self._enter(action)
        self.wanted[name] = count
        if action in self.lost_answers:
            self._enter(action)

    def describe_auto_scaling_groups(self, AutoScalingGroupNames: list[str]) -> dict[str, Any]:  # noqa: N803
        self._enter("describe_auto_scaling_groups")
        if AutoScalingGroupNames[0] in self.missing:
            return {"AutoScalingGroups": []}
        healthy = {"LifecycleState": "InService", "HealthStatus": "Healthy"}
        instances = [healthy] * self.serving["web"]
        group = {"DesiredCapacity": self.wanted["web"], "MinSize": 0, "MaxSize": 4, "Instances": instances}
        return {"AutoScalingGroups": [group]}

    def describe_scaling_activities(self, **_asked: Any) -> dict[str, Any]:
        return {"Activities": self.activities}

    def update_auto_scaling_group(self, **asked: Any) -> None:
        self._set("update_auto_scaling_group", "web", asked["DesiredCapacity"])

    def describe_services(self, **_asked: Any) -> dict[str, Any]:
        self._enter("describe_services")
        counts = {"desiredCount": self.wanted["api"], "runningCount": self.serving["api"]}
        return {"services": [{"status": "ACTIVE", "deployments": [{"rolloutState": "COMPLETED"}], **counts}]}

    def update_service(self, **asked: Any) -> None:
        self._set("update_service", "api", asked["desiredCount"])

    def get_provisioned_concurrency_config(self, **_asked: Any) -> dict[str, Any]:
        if not self.wanted["live"]:
            raise refused("ProvisionedConcurrencyConfigNotFoundException")
        ready = self.serving["live"] == self.wanted["live"]
        return {
            "RequestedProvisionedConcurrentExecutions": self.wanted["live"],
            "AvailableProvisionedConcurrentExecutions": self.serving["live"],
            "Status": "FAILED" if self.status_reason else ("READY" if ready else "IN_PROGRESS"),
            "StatusReason": self.status_reason,
        }

    def put_provisioned_concurrency_config(self, **asked: Any) -> None:
        self._set("put_provisioned_concurrency_config", "live", asked["ProvisionedConcurrentExecutions"])

    def delete_provisioned_concurrency_config(self, **_asked: Any) -> None:
        self._set("delete_provisioned_concurrency_config", "live", 0)


class Bench:
    def __init__(self) -> None:
        self.aws, self.clock, self.warnings = FakeAws(), SteppedClock(), list[str]()
        self.clock.tick = self.aws.tick

    def run(self, targets: Any = None, check_mode: bool = False, **options: Any) -> Result:
        given = {
            "region": "eu-west-1",
            "targets": targets,
            "state": "scaled",
            "operation": None,
            "allow_scale_down": False,
            "run": None,
            "timeout": 60.0,
            **options,
        }
        return module.execute(given, context(self.clock, self.aws, self.warnings, check_mode, given["timeout"]))


@pytest.fixture
def bench() -> Bench:
    return Bench()


def shown(values: Any, field: str) -> list[Any]:
    return [target[field] for target in values["capacity"]["targets"]]


def test_everything_is_scaled_at_once_and_waited_for(bench: Bench) -> None:
    result = bench.run(ALL)
    assert result.changed
    assert bench.aws.wanted == {"web": 2, "api": 4, "live": 3}
    assert result.values["capacity"]["served"] is True
    assert shown(result.values, "before") == [0, 1, 0]
    assert shown(result.values, "serving") == [2, 4, 3]
    assert [(call.service, call.action) for call in result.calls] == [
        ("autoscaling", "UpdateAutoScalingGroup"),
        ("ecs", "UpdateService"),
        ("lambda", "PutProvisionedConcurrencyConfig"),
    ]
    assert (result.before["ecs:shop/api"], result.after["ecs:shop/api"]) == (1, 4)


def test_a_second_run_changes_nothing(bench: Bench) -> None:
    bench.run(ALL)
    made = list(bench.aws.calls)
    result = bench.run(ALL)
    assert (result.changed, result.calls, bench.aws.calls) == (False, (), made)
    assert result.values["capacity"]["served"] is True


def test_check_mode_lists_the_calls_and_makes_none(bench: Bench) -> None:
    result = bench.run(ALL, check_mode=True)
    assert (result.changed, len(result.calls), bench.aws.calls) == (True, 3, [])
    assert shown(result.values, "changed") == [True, True, True]


def test_what_has_more_is_left_as_it_is_unless_scaling_down_is_allowed(bench: Bench) -> None:
    bench.aws.wanted["api"] = bench.aws.serving["api"] = 9
    assert not bench.run([API]).changed
    assert bench.run([API], allow_scale_down=True).changed
    assert bench.aws.wanted["api"] == 4


def test_scaling_down_to_none_waits_until_nothing_is_left(bench: Bench) -> None:
    bench.run(ALL)
    result = bench.run([{**each, "desired": 0} for each in ALL], allow_scale_down=True)
    assert shown(result.values, "serving") == [0, 0, 0]
    assert result.values["capacity"]["served"] is True


def test_a_start_returns_at_once_and_the_wait_starts_nothing(bench: Bench) -> None:
    begun = bench.run(ALL, state="started")
    made = list(bench.aws.calls)
    assert (begun.changed, bench.clock.now, begun.values["capacity"]["served"]) == (True, 0.0, False)
    ended = bench.run(state="finished", operation=begun.values["operation"])
    assert (ended.changed, ended.values["capacity"]["served"], bench.aws.calls) == (False, True, made)
    assert shown(ended.values, "before") == [0, 1, 0]


def test_the_wait_does_not_start_what_somebody_took_back(bench: Bench) -> None:
    begun = bench.run([API], state="started")
    bench.aws.wanted["api"] = 0
    with pytest.raises(DrError):
        bench.run(state="finished", operation=begun.values["operation"])
    assert bench.aws.calls == [("update_service", 4)]


def test_a_wait_for_another_regions_operation_is_refused(bench: Bench) -> None:
    with pytest.raises(Refused, match="other_operation"):
        bench.run(state="finished", operation={"region": "eu-central-1", "goals": [], "requested_at": 0.0})


def test_a_request_that_makes_no_sense_is_refused(bench: Bench) -> None:
    with pytest.raises(Refused, match="no_targets"):
        bench.run([])


def test_one_targets_failure_loses_nothing_of_the_others(bench: Bench) -> None:
    bench.aws.faults["update_service"] = [refused("AccessDeniedException")]
    with pytest.raises(DrError, match="AccessDeniedException") as caught:
        bench.run(ALL)
    assert shown(caught.value.values, "served") == [True, False, True]
    assert caught.value.values["changed"] is True
    goals = [goal["kind"] for goal in caught.value.values["operation"]["goals"]]
    assert goals == ["asg", "lambda"], "what couldn't be asked for won't come, and isn't waited for"


def test_a_target_that_is_not_there_is_named(bench: Bench) -> None:
    bench.aws.missing.add("web")
    with pytest.raises(DrError, match="there is no asg:web") as caught:
        bench.run(ALL)
    assert shown(caught.value.values, "served") == [False, True, True]
    assert shown(caught.value.values, "before")[0] is None


def test_missing_capacity_is_said_in_awss_words(bench: Bench) -> None:
    bench.aws.follows = False
    bench.aws.activities = [{"StatusCode": "Failed", "StatusMessage": "We do not have sufficient t3.small capacity"}]
    with pytest.raises(DrError, match=r"sufficient t3\.small capacity") as caught:
        bench.run([GROUP], timeout=20.0)
    assert bench.clock.now >= 20.0
    assert shown(caught.value.values, "serving") == [0]


def test_concurrency_that_failed_is_not_waited_for(bench: Bench) -> None:
    bench.aws.follows, bench.aws.status_reason = False, "none left"
    with pytest.raises(DrError, match="none left"):
        bench.run([LIVE], timeout=600.0)
    assert bench.clock.now < 5


def test_a_throttled_change_is_made_again(bench: Bench) -> None:
    bench.aws.faults["update_service"] = [refused("ThrottlingException")] * 2
    assert bench.run([API]).changed
    assert bench.aws.calls == [("update_service", 4)] * 3


def test_a_change_whose_answer_was_lost_is_looked_at_and_not_made_again(bench: Bench) -> None:
    bench.aws.lost_answers, bench.aws.faults["update_service"] = {"update_service"}, [LOST]
    result = bench.run([API])
    assert (result.changed, bench.aws.calls) == (True, [("update_service", 4)])


def test_a_passing_fault_of_a_read_is_waited_out(bench: Bench) -> None:
    bench.aws.faults["describe_services"] = [refused("ServiceUnavailable"), LOST]
    assert bench.run([API]).values["capacity"]["served"] is True


def test_a_target_that_cannot_be_read_is_unknown_and_not_scaled(bench: Bench) -> None:
    bench.aws.faults["describe_services"] = [refused("AccessDeniedException")]
    with pytest.raises(DrError) as caught:
        bench.run([API])
    assert (shown(caught.value.values, "before"), shown(caught.value.values, "serving")) == ([None], [None])
    assert bench.aws.calls == []
