# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the workload `shop` computes with in each Region, and the routing controls of its name `arc.shop.example`."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from typing import Any

import boto3

from lab.settings import ACCOUNT, HOME, REGIONS, STANDBY, Instance

Client = Callable[[str, str], Any]

CONTROL_PLANE = "us-west-2"
FUNCTION = {
    "FunctionName": "shop-orders",
    "Runtime": "python3.13",
    "Handler": "orders.handle",
    "Role": f"arn:aws:iam::{ACCOUNT}:role/shop-orders",
}
NAME = "arc.shop.example."


def seed(client: Client, instance: Instance) -> None:
    """Make it all, through the API. The standby's group is empty and its event source off: a pilot light."""
    trust = {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [trust]})
    client("iam", HOME).create_role(RoleName="shop-orders", AssumeRolePolicyDocument=document)
    for region in REGIONS:
        _group(client, region, 2 if region == HOME else 0)
        _service(client, region)
        _function(client, region)
    _routing_controls(client, instance)


def _group(client: Client, region: str, desired: int) -> None:
    groups = client("autoscaling", region)
    groups.create_launch_configuration(
        LaunchConfigurationName="shop-web", ImageId="ami-0123456789abcdef0", InstanceType="t3.small"
    )
    groups.create_auto_scaling_group(
        AutoScalingGroupName="shop-web",
        MinSize=0,
        MaxSize=4,
        DesiredCapacity=desired,
        AvailabilityZones=[f"{region}a"],
        LaunchConfigurationName="shop-web",
    )


def _service(client: Client, region: str) -> None:
    """One task of the API in each Region: what runs there from the start."""
    ecs = client("ecs", region)
    ecs.create_cluster(clusterName="shop")
    ecs.register_task_definition(
        family="shop-api", containerDefinitions=[{"name": "api", "image": "shop/api", "memory": 256}]
    )
    ecs.create_service(cluster="shop", serviceName="api", taskDefinition="shop-api", desiredCount=1)


def _function(client: Client, region: str) -> None:
    queue = client("sqs", region).create_queue(QueueName="shop-orders")["QueueUrl"]
    arn = f"arn:aws:sqs:{region}:{ACCOUNT}:{queue.rsplit('/', 1)[-1]}"
    functions = client("lambda", region)
    version = functions.create_function(Code={"ZipFile": _code()}, Publish=True, **FUNCTION)["Version"]
    functions.create_alias(FunctionName="shop-orders", Name="live", FunctionVersion=version)
    functions.create_event_source_mapping(
        FunctionName="shop-orders", EventSourceArn=arn, BatchSize=10, Enabled=region == HOME
    )


def _code() -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("orders.py", "def handle(event, context): pass\n")
    return content.getvalue()


def _routing_controls(client: Client, instance: Instance) -> None:
    """A control a Region, home's on; at least one must be; and a name whose records follow them."""
    config = client("route53-recovery-control-config", CONTROL_PLANE)
    cluster = config.create_cluster(ClusterName="shop")["Cluster"]
    panel = config.create_control_panel(ClusterArn=cluster["ClusterArn"], ControlPanelName="shop")["ControlPanel"]
    place = {"ClusterArn": cluster["ClusterArn"], "ControlPanelArn": panel["ControlPanelArn"]}
    controls = {
        region: config.create_routing_control(RoutingControlName=region, **place)["RoutingControl"]["RoutingControlArn"]
        for region in REGIONS
    }
    _data_plane(cluster["ClusterEndpoints"][0]).update_routing_control_state(
        RoutingControlArn=controls[HOME], RoutingControlState="On"
    )
    rule = {
        "ControlPanelArn": panel["ControlPanelArn"],
        "Name": "one-on",
        "AssertedControls": list(controls.values()),
        "RuleConfig": {"Type": "ATLEAST", "Threshold": 1, "Inverted": False},
        "WaitPeriodMs": 5000,
    }
    config.create_safety_rule(AssertionRule=rule)
    _records(client("route53", HOME), controls, instance)


def _data_plane(endpoint: dict[str, str]) -> Any:
    """A client of a cluster's endpoint: the one service whose address botocore can't know."""
    session: Any = boto3.session.Session(region_name=endpoint["Region"])
    return session.client("route53-recovery-cluster", endpoint_url=endpoint["Endpoint"])


def _records(route53: Any, controls: dict[str, str], instance: Instance) -> None:
    zone = route53.list_hosted_zones_by_name(DNSName="shop.example.")["HostedZones"][0]["Id"]
    changes = []
    for region, role in zip((HOME, STANDBY), ("PRIMARY", "SECONDARY"), strict=True):
        check = {"Type": "RECOVERY_CONTROL", "RoutingControlArn": controls[region]}
        made = route53.create_health_check(CallerReference=f"shop-arc-{region}", HealthCheckConfig=check)
        record = {
            "Name": NAME,
            "Type": "A",
            "TTL": 1,
            "SetIdentifier": region,
            "Failover": role,
            "HealthCheckId": made["HealthCheck"]["Id"],
            "ResourceRecords": [{"Value": instance.address(region)}],
        }
        changes.append({"Action": "CREATE", "ResourceRecordSet": record})
    route53.change_resource_record_sets(HostedZoneId=zone, ChangeBatch={"Changes": changes})
