# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""CloudWatch as AWS has it where moto hasn't: alarms that go off, also those on alarms; one set of dashboards.

An alarm's state is what its data says when somebody asks. AWS looks once a minute, and also at some older data where
the newest is missing; nothing here depends on either.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any

from moto.cloudwatch.models import Alarm, CloudWatchBackend, cloudwatch_backends
from moto.cloudwatch.responses import CloudWatchResponse
from moto.core.responses import ActionResult

from lab.aws.cloudwatch_data import breaches, needed, periods, readable
from lab.aws.errors import AwsError
from lab.aws.overlay import put, wrap
from lab.aws.plane_protocol import Clock

Original = Callable[[Any], Any]

UNKNOWN, FINE, ALARM = "INSUFFICIENT_DATA", "OK", "ALARM"
TOLD = ("CloudWatchSynthetics",)
"""Whose alarms have no data here: the canary outside tells them their state."""
MOST_DATA, MOST_DIMENSIONS = 1000, 30
REFERENCE = re.compile(r'\b(ALARM|OK|INSUFFICIENT_DATA)\s*\(\s*"?([^")]+?)"?\s*\)')
WORDS = {"AND": "and", "OR": "or", "NOT": "not", "TRUE": "True", "FALSE": "False"}
DASHBOARDS = ("put_dashboard", "get_dashboard", "list_dashboards", "delete_dashboards")
SUPPRESSOR = {
    "actions_suppressor": "ActionsSuppressor",
    "actions_suppressor_wait_period": "ActionsSuppressorWaitPeriod",
    "actions_suppressor_extension_period": "ActionsSuppressorExtensionPeriod",
}


class Actions:
    """The actions of CloudWatch that are laid over moto's."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def install(self) -> None:
        """Put them in place."""
        wrap(CloudWatchResponse, "put_metric_alarm", self._put_metric_alarm)
        put(CloudWatchResponse, "describe_alarms", self._describe_alarms)
        wrap(CloudWatchResponse, "delete_alarms", self._delete_alarms)
        wrap(CloudWatchResponse, "put_metric_data", _put_metric_data)
        original = CloudWatchResponse.put_metric_alarm
        put(CloudWatchResponse, "put_composite_alarm", lambda response: _put_composite_alarm(response, original))
        for name in DASHBOARDS:
            wrap(CloudWatchResponse, name, _of_the_account)

    def _put_metric_alarm(self, response: Any, original: Original) -> Any:
        """A new alarm knows nothing yet; one that is changed keeps its state, and its tags."""
        backend, name = response.cloudwatch_backend, response._get_param("AlarmName")
        before = backend.alarms.get(name)
        tags = backend.tagger.get_tag_dict_for_resource(before.alarm_arn) if before else None
        answer = original(response)
        after = backend.alarms[name]
        after.state_value = before.state_value if before else UNKNOWN
        if tags is not None:
            backend.tagger.delete_all_tags_for_resource(after.alarm_arn)
            backend.tag_resource(after.alarm_arn, tags)
        return answer

    def _describe_alarms(self, response: Any) -> ActionResult:
        """Without AlarmTypes it is about metric alarms only. Moto's own finds no composite one by its state."""
        backend, asked = response.cloudwatch_backend, response._get_param
        self.evaluate(backend)
        types, names = asked("AlarmTypes", []) or ["MetricAlarm"], asked("AlarmNames", [])
        found = [
            alarm
            for alarm in backend.alarms.values()
            if (not names or alarm.name in names)
            and alarm.name.startswith(asked("AlarmNamePrefix") or "")
            and asked("StateValue") in (None, alarm.state_value)
        ]
        metric = [alarm for alarm in found if alarm.rule is None and "MetricAlarm" in types]
        composite = [alarm for alarm in found if alarm.rule is not None and "CompositeAlarm" in types]
        return ActionResult({"MetricAlarms": metric, "CompositeAlarms": composite})

    def _delete_alarms(self, response: Any, original: Original) -> Any:
        backend, names = response.cloudwatch_backend, response._get_param("AlarmNames", [])
        composites = [name for name in names if name in backend.alarms and backend.alarms[name].rule]
        if len(composites) > 1:
            raise AwsError("ValidationError", "At most one composite alarm can be deleted in a request.")
        for name in names:
            users = [each.name for each in _composites(backend) if name in _about(each) and each.name != name]
            if users:
                raise AwsError("ResourceConflict", f"{name} is used by {', '.join(users)}")
        return original(response)

    def evaluate(self, backend: CloudWatchBackend) -> None:
        """Bring every alarm of a Region to the state that its data says."""
        now = self._clock.wall()
        for alarm in list(backend.alarms.values()):
            if alarm.rule is None and alarm.namespace not in TOLD and readable(alarm):
                _becomes(alarm, metric_state(alarm, periods(alarm, backend, now)))
        for _level in range(len(backend.alarms)):  # one that is about another follows it in the next round
            if not sum(_becomes(alarm, _composite_state(alarm, backend)) for alarm in _composites(backend)):
                break


def metric_state(alarm: Alarm, found: Iterable[list[float]]) -> str:
    """The state by the values of its periods, and by what it makes of those that are missing."""
    known = [breaches(alarm, values) if values else None for values in found]
    missing, treat = known.count(None), alarm.treat_missing_data or "missing"
    bad = known.count(True)
    if treat == "breaching":
        bad += missing
    if bad >= needed(alarm):
        return ALARM
    if missing == len(known) and treat in ("missing", "ignore"):
        return UNKNOWN if treat == "missing" else str(alarm.state_value)
    if treat == "ignore" and bad + missing >= needed(alarm):
        return str(alarm.state_value)
    return FINE


def _becomes(alarm: Alarm, state: str) -> bool:
    """Put it into that state; whether that is another one."""
    if alarm.state_value == state:
        return False
    alarm.update_state(f"It became {state}", "{}", state)
    return True


def _composites(backend: CloudWatchBackend) -> list[Alarm]:
    return [alarm for alarm in backend.alarms.values() if alarm.rule is not None]


def _about(alarm: Alarm) -> set[str]:
    """The names in its rule, which may be ARNs, and of its suppressor."""
    named = [name for _state, name in REFERENCE.findall(alarm.rule or "")]
    return {
        name.rpartition(":alarm:")[2] for name in (*named, getattr(alarm, "actions_suppressor", None) or "") if name
    }


def _composite_state(alarm: Alarm, backend: CloudWatchBackend) -> str:
    def holds(found: re.Match[str]) -> str:
        other = backend.alarms.get(found[2].rpartition(":alarm:")[2])
        return str(other is not None and other.state_value == found[1])

    words = REFERENCE.sub(holds, alarm.rule or "")
    for theirs, ours in WORDS.items():
        words = re.sub(rf"\b{theirs}\b", ours, words)
    if re.sub(r"True|False|and|or|not|[()\s]", "", words):
        raise ValueError(f"what does {words} mean?")
    return ALARM if eval(words) else FINE  # of True, False, and, or, not and brackets only


def _put_composite_alarm(response: Any, put_alarm: Original) -> Any:
    """PutCompositeAlarm."""
    backend, rule = response.cloudwatch_backend, response._get_param("AlarmRule")
    left = REFERENCE.sub("", rule or "")
    if not rule or re.sub(r"\b(AND|OR|NOT|TRUE|FALSE)\b|[()\s]", "", left):
        raise AwsError("ValidationError", "AlarmRule is not valid.")
    named = {name.rpartition(":alarm:")[2] for _state, name in REFERENCE.findall(rule)}
    strangers = sorted({*named, response._get_param("ActionsSuppressor") or ""} - {"", *backend.alarms})
    if strangers:
        raise AwsError("ValidationError", f"There is no alarm {', '.join(strangers)}.")
    answer = put_alarm(response)
    alarm = backend.alarms[response._get_param("AlarmName")]
    for ours, theirs in SUPPRESSOR.items():
        setattr(alarm, ours, response._get_param(theirs))
    return answer


def _put_metric_data(response: Any, original: Original) -> Any:
    """PutMetricData: all of it or nothing, within its limits."""
    data = response._get_param("MetricData", [])
    if len(data) > MOST_DATA:
        raise AwsError("InvalidParameterValue", f"MetricData has more than {MOST_DATA} values.")
    if any(len(datum.get("Dimensions", [])) > MOST_DIMENSIONS for datum in data):
        raise AwsError("InvalidParameterValue", f"A metric has more than {MOST_DIMENSIONS} dimensions.")
    return original(response)


def _of_the_account(response: Any, original: Original) -> Any:
    """Dashboards are no Region's: each has the same."""
    shared = cloudwatch_backends[response.current_account]["us-east-1"]
    response.cloudwatch_backend.dashboards = shared.dashboards
    return original(response)
