# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Auto Scaling groups, ECS services and Lambda through the API: what is wanted comes over time, if it can be had."""

from __future__ import annotations

import pytest
from botocore.exceptions import ClientError

from lab.settings import LATENCY

from .computing import group, make_function, make_group, make_service, service, states
from .conftest import HOME, STANDBY, Lab


def error(caught: pytest.ExceptionInfo[ClientError]) -> str:
    return str(caught.value.response["Error"]["Code"])


def scale(lab: Lab, desired: int) -> None:
    lab.client("autoscaling").set_desired_capacity(AutoScalingGroupName="web", DesiredCapacity=desired)


def test_an_instance_is_pending_until_its_time_has_come(lab: Lab) -> None:
    make_group(lab)
    scale(lab, 2)
    assert (group(lab)["DesiredCapacity"], states(lab)) == (2, ["Pending", "Pending"])
    lab.look(LATENCY["asg_instance"])
    assert states(lab) == ["InService", "InService"]


def test_scaling_in_is_at_once(lab: Lab) -> None:
    make_group(lab, desired=3)
    lab.look(LATENCY["asg_instance"])
    scale(lab, 1)
    assert states(lab) == ["InService"]


def test_a_group_stays_within_its_bounds(lab: Lab) -> None:
    make_group(lab)
    with pytest.raises(ClientError) as caught:
        scale(lab, 5)
    assert error(caught) == "ValidationError"
    lab.client("autoscaling").update_auto_scaling_group(AutoScalingGroupName="web", MaxSize=5, DesiredCapacity=5)
    assert len(states(lab)) == 5


def test_a_region_without_capacity_says_so_in_the_activities(lab: Lab) -> None:
    make_group(lab)
    lab.state.compute.limit(STANDBY, 1)
    scale(lab, 2)
    lab.look(LATENCY["asg_instance"])
    (activity,) = lab.client("autoscaling").describe_scaling_activities(AutoScalingGroupName="web")["Activities"]
    assert states(lab) == ["InService"]
    assert activity["StatusCode"] == "Failed"
    assert "do not have sufficient t3.small capacity" in activity["StatusMessage"]


def test_capacity_comes_once_there_is_some(lab: Lab) -> None:
    make_group(lab)
    lab.state.compute.limit(STANDBY, 0)
    scale(lab, 1)
    assert states(lab) == []
    lab.state.compute.heal()
    lab.look(LATENCY["asg_instance"])
    lab.look(LATENCY["asg_instance"])
    assert states(lab) == ["InService"]


def test_a_limit_is_its_regions_own(lab: Lab) -> None:
    make_group(lab)
    lab.state.compute.limit(HOME, 0)
    scale(lab, 1)
    assert states(lab) == ["Pending"]


def test_nothing_is_launched_while_that_is_suspended(lab: Lab) -> None:
    make_group(lab)
    groups = lab.client("autoscaling")
    groups.suspend_processes(AutoScalingGroupName="web", ScalingProcesses=["Launch"])
    scale(lab, 1)
    assert states(lab) == []
    groups.resume_processes(AutoScalingGroupName="web", ScalingProcesses=["Launch"])
    assert states(lab) == ["Pending"]


def test_a_service_is_steady_once_its_tasks_run(lab: Lab) -> None:
    make_service(lab, "worker", 0)
    lab.client("ecs").update_service(cluster="shop", service="worker", desiredCount=3)
    seen = service(lab, "worker")
    assert (seen["desiredCount"], seen["runningCount"], seen["pendingCount"]) == (3, 0, 3)
    assert seen["deployments"][0]["rolloutState"] == "IN_PROGRESS"
    lab.look(LATENCY["ecs_task"])
    seen = service(lab, "worker")
    assert (seen["runningCount"], seen["deployments"][0]["rolloutState"]) == (3, "COMPLETED")


def test_a_service_that_gets_no_capacity_has_an_event(lab: Lab) -> None:
    make_service(lab, "worker", 0)
    lab.state.compute.limit(STANDBY, 0)
    lab.client("ecs").update_service(cluster="shop", service="worker", desiredCount=1)
    lab.look(LATENCY["ecs_task"])
    seen = service(lab, "worker")
    assert seen["runningCount"] == 0
    assert "Capacity is unavailable" in seen["events"][0]["message"]


def test_the_api_really_ends_with_its_last_task_and_starts_with_the_first(lab: Lab) -> None:
    make_service(lab)
    lab.look(LATENCY["ecs_task"])
    assert service(lab)["runningCount"] == 1
    lab.plane.done.clear()
    lab.client("ecs").update_service(cluster="shop", service="api", desiredCount=0)
    lab.look()
    assert (service(lab)["runningCount"], lab.plane.done) == (0, [("serve", STANDBY, "False")])
    lab.client("ecs").update_service(cluster="shop", service="api", desiredCount=1)
    lab.look(LATENCY["ecs_task"])
    assert (service(lab)["runningCount"], lab.plane.done[1:]) == (1, [("serve", STANDBY, "True")])


def test_the_api_counts_as_running_until_it_is_gone(lab: Lab) -> None:
    make_service(lab)
    lab.look(LATENCY["ecs_task"])
    lab.spawner.held = True
    lab.client("ecs").update_service(cluster="shop", service="api", desiredCount=0)
    assert service(lab)["runningCount"] == 1
    lab.spawner.release()
    assert service(lab)["runningCount"] == 0


def test_an_api_that_did_not_start_is_started_again(lab: Lab) -> None:
    make_service(lab, desired=0)
    lab.look()
    lab.plane.failing = {"serve"}
    lab.client("ecs").update_service(cluster="shop", service="api", desiredCount=1)
    lab.look(LATENCY["ecs_task"])
    assert service(lab)["runningCount"] == 0
    lab.plane.failing.clear()
    lab.look()
    assert service(lab)["runningCount"] == 1


def test_other_services_move_nothing(lab: Lab) -> None:
    make_service(lab, "worker")
    lab.look(LATENCY["ecs_task"])
    lab.client("ecs").update_service(cluster="shop", service="worker", desiredCount=0)
    lab.look()
    assert lab.plane.done == []


LIVE = {"FunctionName": "orders", "Qualifier": "live"}


def test_provisioned_concurrency_becomes_ready(lab: Lab) -> None:
    make_function(lab)
    functions = lab.client("lambda")
    put = functions.put_provisioned_concurrency_config(ProvisionedConcurrentExecutions=5, **LIVE)
    assert (put["Status"], put["RequestedProvisionedConcurrentExecutions"]) == ("IN_PROGRESS", 5)
    assert functions.get_provisioned_concurrency_config(**LIVE)["AvailableProvisionedConcurrentExecutions"] == 0
    lab.look(LATENCY["provisioned_concurrency"])
    seen = functions.get_provisioned_concurrency_config(**LIVE)
    assert (seen["Status"], seen["AvailableProvisionedConcurrentExecutions"]) == ("READY", 5)


def test_provisioned_concurrency_that_is_not_there_has_its_own_error(lab: Lab) -> None:
    make_function(lab)
    functions = lab.client("lambda")
    functions.put_provisioned_concurrency_config(ProvisionedConcurrentExecutions=5, **LIVE)
    functions.delete_provisioned_concurrency_config(**LIVE)
    with pytest.raises(ClientError) as caught:
        functions.get_provisioned_concurrency_config(**LIVE)
    assert error(caught) == "ProvisionedConcurrencyConfigNotFoundException"


@pytest.mark.parametrize(("name", "qualifier"), [("orders", "nope"), ("nope", "live")])
def test_there_is_none_for_an_alias_that_is_not_there(lab: Lab, name: str, qualifier: str) -> None:
    make_function(lab)
    with pytest.raises(ClientError) as caught:
        lab.client("lambda").put_provisioned_concurrency_config(
            FunctionName=name, Qualifier=qualifier, ProvisionedConcurrentExecutions=5
        )
    assert error(caught) == "ResourceNotFoundException"


def test_provisioned_concurrency_that_cannot_be_had_has_failed(lab: Lab) -> None:
    make_function(lab)
    lab.state.compute.limit(STANDBY, 1)
    functions = lab.client("lambda")
    functions.put_provisioned_concurrency_config(ProvisionedConcurrentExecutions=5, **LIVE)
    lab.look(LATENCY["provisioned_concurrency"])
    seen = functions.get_provisioned_concurrency_config(**LIVE)
    assert (seen["Status"], "capacity" in seen["StatusReason"]) == ("FAILED", True)


def test_an_event_source_is_enabled_after_a_while(lab: Lab) -> None:
    uuid = make_function(lab)
    functions = lab.client("lambda")
    assert functions.get_event_source_mapping(UUID=uuid)["State"] == "Creating"
    lab.look(LATENCY["event_source"])
    assert functions.get_event_source_mapping(UUID=uuid)["State"] == "Disabled"
    assert functions.update_event_source_mapping(UUID=uuid, Enabled=True)["State"] == "Enabling"
    with pytest.raises(ClientError) as caught:
        functions.update_event_source_mapping(UUID=uuid, Enabled=False)
    assert error(caught) == "ResourceInUseException"
    lab.look(LATENCY["event_source"])
    (seen,) = functions.list_event_source_mappings(FunctionName="orders")["EventSourceMappings"]
    assert seen["State"] == "Enabled"


def quotas(lab: Lab, service_code: str, region: str = STANDBY) -> dict[str, float]:
    found = lab.client("service-quotas", region).list_service_quotas(ServiceCode=service_code)["Quotas"]
    return {quota["QuotaCode"]: quota["Value"] for quota in found}


def test_a_quota_is_raised_in_its_region_only(lab: Lab) -> None:
    before = quotas(lab, "lambda")
    lab.client("service-quotas").request_service_quota_increase(
        ServiceCode="lambda", QuotaCode="L-B99A9384", DesiredValue=5000
    )
    assert quotas(lab, "lambda") == {"L-B99A9384": 5000}
    assert quotas(lab, "lambda", HOME) == before


def test_a_service_without_quotas_is_unknown(lab: Lab) -> None:
    with pytest.raises(ClientError) as caught:
        quotas(lab, "nope")
    assert error(caught) == "NoSuchResourceException"
