# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Groups, services, functions and routing controls for tests: made and looked at through the API."""

from __future__ import annotations

import io
import json
import zipfile
from typing import Any

import boto3

from .conftest import STANDBY, Lab

ROLE = "arn:aws:iam::123456789012:role/orders"


def make_group(lab: Lab, desired: int = 0, high: int = 4) -> None:
    groups = lab.client("autoscaling")
    groups.create_launch_configuration(
        LaunchConfigurationName="web", ImageId="ami-0123456789abcdef0", InstanceType="t3.small"
    )
    groups.create_auto_scaling_group(
        AutoScalingGroupName="web",
        MinSize=0,
        MaxSize=high,
        DesiredCapacity=desired,
        AvailabilityZones=[f"{STANDBY}a"],
        LaunchConfigurationName="web",
    )


def group(lab: Lab) -> dict[str, Any]:
    (found,) = lab.client("autoscaling").describe_auto_scaling_groups(AutoScalingGroupNames=["web"])[
        "AutoScalingGroups"
    ]
    return dict(found)


def states(lab: Lab) -> list[str]:
    return [instance["LifecycleState"] for instance in group(lab)["Instances"]]


def make_service(lab: Lab, name: str = "api", desired: int = 1) -> None:
    ecs = lab.client("ecs")
    ecs.create_cluster(clusterName="shop")
    ecs.register_task_definition(family="api", containerDefinitions=[{"name": "api", "image": "api", "memory": 256}])
    ecs.create_service(cluster="shop", serviceName=name, taskDefinition="api", desiredCount=desired)


def service(lab: Lab, name: str = "api") -> dict[str, Any]:
    (found,) = lab.client("ecs").describe_services(cluster="shop", services=[name])["services"]
    return dict(found)


def make_function(lab: Lab, enabled: bool = False) -> str:
    """The function `orders` with the alias `live` and a mapping from a queue, whose UUID it returns."""
    trust = {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [trust]})
    lab.client("iam").create_role(RoleName="orders", AssumeRolePolicyDocument=document)
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("orders.py", "")
    functions = lab.client("lambda")
    functions.create_function(
        FunctionName="orders",
        Runtime="python3.13",
        Handler="orders.handle",
        Role=ROLE,
        Code={"ZipFile": content.getvalue()},
        Publish=True,
    )
    functions.create_alias(FunctionName="orders", Name="live", FunctionVersion="1")
    lab.client("sqs").create_queue(QueueName="orders")
    arn = f"arn:aws:sqs:{STANDBY}:123456789012:orders"
    made = functions.create_event_source_mapping(FunctionName="orders", EventSourceArn=arn, Enabled=enabled)
    return str(made["UUID"])


def make_controls(lab: Lab) -> dict[str, str]:
    """Two routing controls, `home` on and `standby` off, of which one must be on. Returns their ARNs."""
    config = lab.client("route53-recovery-control-config", "us-west-2")
    cluster = config.create_cluster(ClusterName="shop")["Cluster"]["ClusterArn"]
    panel = config.create_control_panel(ClusterArn=cluster, ControlPanelName="shop")["ControlPanel"]["ControlPanelArn"]
    arns = {
        name: str(
            config.create_routing_control(ClusterArn=cluster, ControlPanelArn=panel, RoutingControlName=name)[
                "RoutingControl"
            ]["RoutingControlArn"]
        )
        for name in ("home", "standby")
    }
    endpoint(lab).update_routing_control_state(RoutingControlArn=arns["home"], RoutingControlState="On")
    rule = {
        "ControlPanelArn": panel,
        "Name": "one-on",
        "AssertedControls": list(arns.values()),
        "RuleConfig": {"Type": "ATLEAST", "Threshold": 1, "Inverted": False},
        "WaitPeriodMs": 5000,
    }
    config.create_safety_rule(AssertionRule=rule)
    return arns


def endpoints(lab: Lab) -> dict[str, str]:
    """The cluster's endpoints by Region."""
    (cluster,) = lab.client("route53-recovery-control-config", "us-west-2").list_clusters()["Clusters"]
    return {each["Region"]: each["Endpoint"] for each in cluster["ClusterEndpoints"]}


def endpoint(lab: Lab, region: str = "us-east-1") -> Any:
    session: Any = boto3.Session(region_name=region)
    return session.client("route53-recovery-cluster", endpoint_url=endpoints(lab)[region])
