# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Two Regions of one global cluster as boto3's clients would answer, from values that a test sets."""

from __future__ import annotations

from typing import Any

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.global_cluster import DETACHED_TAG

HOME, STANDBY = "eu-central-1", "eu-west-1"


def arn(region: str) -> str:
    return f"arn:aws:rds:{region}:123456789012:cluster:shop-{region}"


class FakeAws:
    """``get(service, region)`` like the product's Clients; ``failing`` maps (action, Region) to what to raise."""

    def __init__(self) -> None:
        self.writer = HOME
        self.members = [HOME, STANDBY]
        self.secret = '{"username": "app", "password": "hunter2"}'
        self.instances = {region: [f"shop-{region}-1"] for region in self.members}
        self.status = "available"
        self.sync: str | None = "connected"
        self.metrics: dict[str, tuple[list[Any], list[float]]] = {}
        self.detached_from = ""  # what the tag of every cluster says
        self.events: list[dict[str, Any]] = []
        self.cache_primary = HOME
        self.cache_membership = "associated"
        self.cache_status = "available"
        self.cache_port = 6379
        self.cache_dimensions = [{"Name": "CacheClusterId", "Value": f"shop-{STANDBY}-001"}]
        self.failing: dict[tuple[str, str], Exception] = {}
        self.failing_once: dict[tuple[str, str], Exception] = {}
        self.calls: list[tuple[str, str, dict[str, Any]]] = []

    def get(self, service: str, region: str) -> _Client:
        return _Client(self, region)


class _Client:
    def __init__(self, aws: FakeAws, region: str) -> None:
        self._aws = aws
        self._region = region

    def __getattr__(self, action: str) -> Any:
        def call(*name: str, **parameters: Any) -> Any:
            self._aws.calls.append((action, self._region, parameters))
            key = (action, self._region)
            error = self._aws.failing.get(key) or self._aws.failing_once.pop(key, None)
            if error:
                raise error
            return getattr(self, f"_{action}")(*name, **parameters)

        return call

    def _describe_global_clusters(self, **wanted: str) -> dict[str, Any]:
        members = [
            {"DBClusterArn": arn(region), "IsWriter": region == self._aws.writer, "Readers": []}
            | ({"SynchronizationStatus": self._aws.sync} if self._aws.sync and region != self._aws.writer else {})
            for region in self._aws.members
        ]
        return {
            "GlobalClusters": [
                {
                    "GlobalClusterIdentifier": wanted["GlobalClusterIdentifier"],
                    "Status": "available",
                    "GlobalClusterMembers": members,
                }
            ]
        }

    def _describe_db_clusters(self, **_wanted: str) -> dict[str, Any]:
        return {
            "DBClusters": [
                {
                    "DBClusterArn": arn(self._region),
                    "Endpoint": f"shop.cluster-x.{self._region}.rds.amazonaws.com",
                    "ReaderEndpoint": f"shop.cluster-ro-x.{self._region}.rds.amazonaws.com",
                    "Port": 5432,
                    "Status": self._aws.status,
                    "Engine": "aurora-postgresql",
                    "EngineVersion": "16.4",
                    "DBClusterMembers": [{"DBInstanceIdentifier": each} for each in self._aws.instances[self._region]],
                }
            ]
        }

    def _get_secret_value(self, **wanted: str) -> dict[str, Any]:
        return {"Name": wanted["SecretId"], "SecretString": self._aws.secret}

    def _get_metric_data(self, **wanted: Any) -> dict[str, Any]:
        results = []
        for query in wanted["MetricDataQueries"]:
            times, values = self._aws.metrics.get(query["MetricStat"]["Metric"]["MetricName"], ([], []))
            results.append({"Id": query["Id"], "Timestamps": times, "Values": values})
        return {"MetricDataResults": results}

    def _describe_global_replication_groups(self, **wanted: Any) -> dict[str, Any]:
        members = [
            {
                "ReplicationGroupId": f"shop-{region}",
                "ReplicationGroupRegion": region,
                "Role": "PRIMARY" if region == self._aws.cache_primary else "SECONDARY",
                "Status": "associated" if region == self._aws.cache_primary else self._aws.cache_membership,
            }
            for region in self._aws.members
        ]
        store = {"GlobalReplicationGroupId": wanted["GlobalReplicationGroupId"], "Status": "available"}
        return {"GlobalReplicationGroups": [{**store, "Members": members}]}

    def _describe_replication_groups(self, **wanted: str) -> dict[str, Any]:
        endpoint = {"Address": "127.0.0.1", "Port": self._aws.cache_port}
        group = {
            "ReplicationGroupId": wanted["ReplicationGroupId"],
            "Status": self._aws.cache_status,
            "MemberClusters": [f"{wanted['ReplicationGroupId']}-001"],
            "NodeGroups": [{"PrimaryEndpoint": endpoint}],
        }
        return {"ReplicationGroups": [group]}

    def _get_paginator(self, name: str) -> Any:
        self._paginated = name
        return self

    def _paginate(self, **_wanted: Any) -> list[dict[str, Any]]:
        if self._paginated == "describe_db_clusters":
            tags = [{"Key": DETACHED_TAG, "Value": self._aws.detached_from}] if self._aws.detached_from else []
            here = self._describe_db_clusters()["DBClusters"] if self._region in self._aws.instances else []
            return [{"DBClusters": [cluster | {"TagList": tags} for cluster in here]}]
        if self._paginated == "describe_events":
            return [{"Events": self._aws.events}]
        assert self._paginated == "list_metrics"
        known = "GlobalDatastoreReplicationLag" in self._aws.metrics
        stranger = [{"Name": "CacheClusterId", "Value": "other-001"}]
        dimensions = [stranger, self._aws.cache_dimensions] if known else []
        return [{"Metrics": [{"Dimensions": each} for each in dimensions]}]
