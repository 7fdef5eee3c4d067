# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Application Recovery Controller: the cluster's data plane behind five endpoints, and what it takes to make one."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from lab.aws.arc_records import Cluster, Control, Panel, Rule
from lab.aws.errors import AwsError
from lab.aws.own_services import Action
from lab.aws.plane_protocol import Clock
from lab.control.hosts import Endpoint
from lab.settings import ACCOUNT

DEFAULT_PANEL = "DefaultControlPanel"
Params = Mapping[str, Any]


class RecoveryControl:
    """Both APIs, over one state.

    :param seconds: until a health check follows its routing control.
    """

    def __init__(self, clock: Clock, seconds: float) -> None:
        self._clock, self._seconds = clock, seconds
        self._lock = threading.RLock()
        self._clusters: dict[str, Cluster] = {}
        self._panels: dict[str, Panel] = {}
        self._controls: dict[str, Control] = {}
        self._rules: dict[str, Rule] = {}

    def actions(self) -> Mapping[str, Mapping[str, Action]]:
        """The actions, by service and name."""
        config = {
            "CreateCluster": self.create_cluster,
            "DescribeCluster": self.describe_cluster,
            "ListClusters": self.list_clusters,
            "CreateControlPanel": self.create_panel,
            "CreateRoutingControl": self.create_control,
            "CreateSafetyRule": self.create_rule,
            "ListSafetyRules": self.list_rules,
        }
        cluster = {
            "GetRoutingControlState": self.get_state,
            "ListRoutingControls": self.list_states,
            "UpdateRoutingControlState": self.update_state,
            "UpdateRoutingControlStates": self.update_states,
        }
        return {"route53-recovery-control-config": config, "route53-recovery-cluster": cluster}

    def health(self, arn: str) -> bool | None:
        """Say what a health check makes of a routing control; None when there is none."""
        with self._lock:
            control = self._controls.get(arn)
            if control is None:
                return None
            followed = self._clock.monotonic() >= control.since + self._seconds
            return control.on if followed else not control.on

    def reset(self) -> None:
        """Forget everything."""
        with self._lock:
            for kept in (self._clusters, self._panels, self._controls, self._rules):
                kept.clear()

    # Control plane

    def create_cluster(self, params: Params, _endpoint: Endpoint) -> Params:
        """CreateCluster: deployed at once, with its default control panel."""
        cluster = Cluster(params["ClusterName"])
        panel = Panel(cluster.arn, DEFAULT_PANEL, default=True)
        with self._lock:
            if cluster.arn in self._clusters:
                raise AwsError("ConflictException", f"A cluster named {cluster.name} exists already.")
            self._clusters[cluster.arn], self._panels[panel.arn] = cluster, panel
        return {"Cluster": _cluster(cluster)}

    def describe_cluster(self, params: Params, _endpoint: Endpoint) -> Params:
        """DescribeCluster."""
        return {"Cluster": _cluster(_find(self._clusters, params["ClusterArn"]))}

    def list_clusters(self, _params: Params, _endpoint: Endpoint) -> Params:
        """ListClusters."""
        return {"Clusters": [_cluster(cluster) for cluster in self._clusters.values()]}

    def create_panel(self, params: Params, _endpoint: Endpoint) -> Params:
        """CreateControlPanel."""
        panel = Panel(_find(self._clusters, params["ClusterArn"]).arn, params["ControlPanelName"])
        self._panels[panel.arn] = panel
        view = {"ClusterArn": panel.cluster, "ControlPanelArn": panel.arn, "DefaultControlPanel": False}
        return {"ControlPanel": view | {"Name": panel.name, "RoutingControlCount": 0, "Status": "DEPLOYED"}}

    def create_control(self, params: Params, _endpoint: Endpoint) -> Params:
        """CreateRoutingControl: off, as in life."""
        cluster = _find(self._clusters, params["ClusterArn"])
        panel = params.get("ControlPanelArn") or Panel(cluster.arn, DEFAULT_PANEL).arn
        control = Control(_find(self._panels, panel).arn, params["RoutingControlName"])
        self._controls[control.arn] = control
        view = {"ControlPanelArn": control.panel, "Name": control.name, "RoutingControlArn": control.arn}
        return {"RoutingControl": view | {"Status": "DEPLOYED", "Owner": ACCOUNT}}

    def create_rule(self, params: Params, _endpoint: Endpoint) -> Params:
        """CreateSafetyRule, of either kind."""
        given = params.get("AssertionRule") or params["GatingRule"]
        config = given["RuleConfig"]
        asserted = tuple(given.get("AssertedControls") or given.get("GatingControls") or ())
        targets = tuple(given.get("TargetControls") or ())
        for arn in (*asserted, *targets):
            _find(self._controls, arn)
        rule = Rule(
            _find(self._panels, given["ControlPanelArn"]).arn,
            given["Name"],
            config["Type"],
            int(config["Threshold"]),
            bool(config["Inverted"]),
            asserted,
            targets,
        )
        self._rules[rule.arn] = rule
        return rule.as_answer()

    def list_rules(self, params: Params, _endpoint: Endpoint) -> Params:
        """ListSafetyRules."""
        found = [rule for rule in self._rules.values() if rule.panel == params["ControlPanelArn"]]
        kinds = {"AssertionRule": "ASSERTION", "GatingRule": "GATING"}
        return {"SafetyRules": [{kinds[kind]: view} for rule in found for kind, view in rule.as_answer().items()]}

    # Data plane

    def get_state(self, params: Params, endpoint: Endpoint) -> Params:
        """GetRoutingControlState."""
        self._answering(endpoint)
        control = _find(self._controls, params["RoutingControlArn"])
        state = {"RoutingControlArn": control.arn, "RoutingControlName": control.name}
        return state | {"RoutingControlState": _state(control)}

    def list_states(self, params: Params, endpoint: Endpoint) -> Params:
        """ListRoutingControls: a panel's, or all of the cluster's."""
        cluster, wanted = self._answering(endpoint), params.get("ControlPanelArn")
        panels = {arn: panel for arn, panel in self._panels.items() if panel.cluster == cluster.arn}
        shown = [_shown(control, panels) for control in self._controls.values() if control.panel in panels]
        return {"RoutingControls": [view for view in shown if wanted in (None, view["ControlPanelArn"])]}

    def update_state(self, params: Params, endpoint: Endpoint) -> Params:
        """UpdateRoutingControlState."""
        return self._change(endpoint, [params], params.get("SafetyRulesToOverride") or ())

    def update_states(self, params: Params, endpoint: Endpoint) -> Params:
        """UpdateRoutingControlStates: all or none."""
        entries = params["UpdateRoutingControlStateEntries"]
        return self._change(endpoint, entries, params.get("SafetyRulesToOverride") or ())

    def _change(self, endpoint: Endpoint, entries: list[Params], overridden: Any) -> Params:
        self._answering(endpoint)
        with self._lock:
            before = {arn: control.on for arn, control in self._controls.items()}
            changes = {_find(self._controls, each["RoutingControlArn"]).arn: each for each in entries}
            states = {arn: each["RoutingControlState"] == "On" for arn, each in changes.items()}
            for rule in self._rules.values():
                if rule.arn not in overridden:
                    _obey(rule, before, {**before, **states})
            for arn, on in states.items():
                if on != before[arn]:
                    self._controls[arn] = replace(self._controls[arn], on=on, since=self._clock.monotonic())
        return {}

    def _answering(self, endpoint: Endpoint) -> Cluster:
        found = next((cluster for cluster in self._clusters.values() if cluster.serves(endpoint.host)), None)
        if found is None:
            raise AwsError("AccessDeniedException", f"{endpoint.host} is not an endpoint of a cluster of yours.")
        return found


def _find(kept: Mapping[str, Any], arn: str) -> Any:
    if arn not in kept:
        raise AwsError("ResourceNotFoundException", f"{arn} doesn't exist.")
    return kept[arn]


def _obey(rule: Rule, before: Mapping[str, bool], after: Mapping[str, bool]) -> None:
    """Raise ConflictException where a change breaks a safety rule."""
    concerned = rule.targets or rule.asserted
    if all(before.get(arn) == after.get(arn) for arn in concerned):
        return
    if not rule.holds(before if rule.targets else after):
        raise AwsError("ConflictException", f"The request violates the safety rule {rule.name} ({rule.arn}).")


def _state(control: Control) -> str:
    return "On" if control.on else "Off"


def _shown(control: Control, panels: Mapping[str, Panel]) -> dict[str, Any]:
    return {
        "ControlPanelArn": control.panel,
        "ControlPanelName": panels[control.panel].name,
        "RoutingControlArn": control.arn,
        "RoutingControlName": control.name,
        "RoutingControlState": _state(control),
        "Owner": ACCOUNT,
    }


def _cluster(cluster: Cluster) -> dict[str, Any]:
    endpoints = [{"Endpoint": url, "Region": region} for region, url in cluster.endpoints.items()]
    view = {"ClusterArn": cluster.arn, "Name": cluster.name, "Status": "DEPLOYED", "Owner": ACCOUNT}
    return view | {"ClusterEndpoints": endpoints, "NetworkType": "IPV4"}
