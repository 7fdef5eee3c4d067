# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a CloudWatch alarm says: as EventBridge tells its change of state, and as CloudWatch describes it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.watch import AlarmState
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.witness import Reading

STATE_CHANGE = "CloudWatch Alarm State Change"
READINGS = {"OK": Reading.GOOD, "ALARM": Reading.BAD}
"""Of its states; ``INSUFFICIENT_DATA`` says nothing of the Region."""


def of_message(body: str) -> AlarmState | None:
    """An alarm's state as a message of EventBridge tells it; ``None`` for anything else that may be in a queue."""
    try:
        event = json.loads(body)
        if event["source"] != "aws.cloudwatch" or event["detail-type"] != STATE_CHANGE:
            return None
        state = event["detail"]["state"]
        return AlarmState(
            name=str(event["detail"]["alarmName"]),
            place=str(event["region"]),
            reading=READINGS.get(state["value"], Reading.UNKNOWN),
            changed_at=_epoch(str(state["timestamp"])),
            detail=str(state.get("reason", "")),
        )
    except (KeyError, TypeError, ValueError):
        return None


def of_description(alarm: Mapping[str, Any], place: str) -> AlarmState:
    """An alarm as DescribeAlarms shows it."""
    return AlarmState(
        name=str(alarm["AlarmName"]),
        place=place,
        reading=READINGS.get(alarm["StateValue"], Reading.UNKNOWN),
        changed_at=alarm["StateUpdatedTimestamp"].timestamp(),
        detail=str(alarm.get("StateReason", "")),
    )


def newest(known: AlarmState | None, told: AlarmState) -> AlarmState:
    """Messages may come twice, and in any order."""
    return told if known is None or told.changed_at >= known.changed_at else known


def _epoch(text: str) -> float:
    """EventBridge writes ``2026-01-31T12:00:00.000+0000``."""
    moment = datetime.fromisoformat(text)
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
