# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Between CloudWatch's composite alarms and our records."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.alarm import CompositeAlarm, Found

_LISTS = {
    "actions": "AlarmActions",
    "ok_actions": "OKActions",
    "insufficient_data_actions": "InsufficientDataActions",
}


def composite_request(alarm: CompositeAlarm, tags: Mapping[str, str] | None = None) -> dict[str, Any]:
    """The arguments of PutCompositeAlarm, which replaces everything but tags; ``tags`` are a new alarm's."""
    request: dict[str, Any] = {
        "AlarmName": alarm.name,
        "AlarmRule": alarm.rule,
        "AlarmDescription": alarm.description,
        "ActionsEnabled": alarm.actions_enabled,
        **{theirs: list(getattr(alarm, ours)) for ours, theirs in _LISTS.items()},
    }
    if alarm.suppressor:
        request |= {
            "ActionsSuppressor": alarm.suppressor,
            "ActionsSuppressorWaitPeriod": alarm.suppressor_wait,
            "ActionsSuppressorExtensionPeriod": alarm.suppressor_extension,
        }
    return request | ({"Tags": [{"Key": key, "Value": value} for key, value in tags.items()]} if tags else {})


def composite_alarm(raw: Mapping[str, Any], tags: Mapping[str, str]) -> Found:
    """A record from a ``CompositeAlarm``."""
    suppressor = raw.get("ActionsSuppressor") or ""
    more = {ours: tuple(raw.get(theirs) or ()) for ours, theirs in _LISTS.items()}
    alarm = CompositeAlarm(
        name=raw["AlarmName"],
        rule=raw["AlarmRule"],
        description=raw.get("AlarmDescription") or "",
        actions=more["actions"],
        ok_actions=more["ok_actions"],
        insufficient_data_actions=more["insufficient_data_actions"],
        actions_enabled=bool(raw.get("ActionsEnabled", True)),
    )
    if suppressor:
        alarm = replace(
            alarm,
            suppressor=suppressor,
            suppressor_wait=int(raw["ActionsSuppressorWaitPeriod"]),
            suppressor_extension=int(raw["ActionsSuppressorExtensionPeriod"]),
        )
    return Found(alarm, raw.get("AlarmArn", ""), raw.get("StateValue", ""), dict(tags))
