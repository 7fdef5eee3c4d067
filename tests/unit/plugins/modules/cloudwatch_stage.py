# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A small CloudWatch: composite alarms of each Region, and dashboards, which are the account's."""

from __future__ import annotations

from typing import Any

from ansible_collections.multiregion.aws_dr.tests.unit.plugins.modules.regional import RegionalAws, error


class CloudWatch(RegionalAws):
    def __init__(self) -> None:
        super().__init__()
        self.alarms: dict[tuple[str, str], dict[str, Any]] = {}
        self.tags: dict[str, dict[str, str]] = {}
        self.dashboards: dict[str, str] = {}
        self.messages: list[dict[str, str]] = []

    def describe_alarms(self, region: str, AlarmNames: list[str], AlarmTypes: list[str]) -> Any:  # noqa: N803
        assert AlarmTypes == ["CompositeAlarm"]
        return {"CompositeAlarms": [self.alarms[region, name] for name in AlarmNames if (region, name) in self.alarms]}

    def put_composite_alarm(self, region: str, Tags: Any = (), **alarm: Any) -> None:  # noqa: N803
        name = alarm["AlarmName"]
        arn = f"arn:aws:cloudwatch:{region}:123456789012:alarm:{name}"
        if (region, name) not in self.alarms:
            self.tags[arn] = {each["Key"]: each["Value"] for each in Tags}
        self.alarms[region, name] = {**alarm, "AlarmArn": arn, "StateValue": "OK"}

    def delete_alarms(self, region: str, AlarmNames: list[str]) -> None:  # noqa: N803
        for name in AlarmNames:
            del self.alarms[region, name]

    def list_tags_for_resource(self, region: str, ResourceARN: str) -> Any:  # noqa: N803
        return {"Tags": [{"Key": key, "Value": value} for key, value in self.tags[ResourceARN].items()]}

    def tag_resource(self, region: str, ResourceARN: str, Tags: Any) -> None:  # noqa: N803
        self.tags[ResourceARN] |= {each["Key"]: each["Value"] for each in Tags}

    def untag_resource(self, region: str, ResourceARN: str, TagKeys: list[str]) -> None:  # noqa: N803
        for key in TagKeys:
            del self.tags[ResourceARN][key]

    def get_dashboard(self, region: str, DashboardName: str) -> Any:  # noqa: N803
        if DashboardName not in self.dashboards:
            raise error("DashboardNotFoundError")
        return {"DashboardBody": self.dashboards[DashboardName]}

    def put_dashboard(self, region: str, DashboardName: str, DashboardBody: str) -> Any:  # noqa: N803
        self.dashboards[DashboardName] = DashboardBody
        return {"DashboardValidationMessages": self.messages}

    def delete_dashboards(self, region: str, DashboardNames: list[str]) -> None:  # noqa: N803
        for name in DashboardNames:
            del self.dashboards[name]
