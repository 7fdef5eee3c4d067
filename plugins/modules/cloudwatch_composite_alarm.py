#!/usr/bin/python
# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import annotations

DOCUMENTATION = r"""
module: cloudwatch_composite_alarm
version_added: 0.1.0
short_description: Manage CloudWatch alarms on other alarms
description:
  - Creates, updates, tags and deletes a composite alarm, so that one outage calls somebody once, however many alarms it
    sets off. For those on metrics there is M(multiregion.aws_dr.cloudwatch_metric_alarms).
  - Whatever is not given is as CloudWatch's default has it, but for O(tags), which then stay as they are.
  - The alarms that O(rule) names must exist. CloudWatch deletes none that another composite alarm is about.
  - Needs C(cloudwatch:DescribeAlarms), C(cloudwatch:PutCompositeAlarm) and C(cloudwatch:DeleteAlarms) on every alarm,
    C(cloudwatch:ListTagsForResource), C(cloudwatch:TagResource) and C(cloudwatch:UntagResource).
options:
  state:
    description: Whether the alarm should exist.
    type: str
    choices: [present, absent]
    default: present
  region:
    description: The Region that it is in.
    type: str
    required: true
  name:
    description: The alarm's name.
    type: str
    required: true
    aliases: [alarm_name]
  rule:
    description:
      - When it is in alarm, as C(ALARM("one") OR ALARM("other")), with C(OK), C(INSUFFICIENT_DATA), C(AND), C(NOT),
        C(TRUE) and C(FALSE). At most 100 alarms and 10,240 characters.
      - Required for O(state=present).
    type: str
    aliases: [alarm_rule]
  description:
    description: What it is about.
    type: str
    default: ""
  actions_enabled:
    description: Whether it acts on its state at all.
    type: bool
    default: true
  alarm_actions:
    description: ARNs of what it calls when it goes into alarm.
    type: list
    elements: str
    default: []
  ok_actions:
    description: The same for when it is over.
    type: list
    elements: str
    default: []
  insufficient_data_actions:
    description: The same for when it can't be told.
    type: list
    elements: str
    default: []
  suppressor:
    description: Another alarm that keeps this one's actions back while it is in alarm.
    type: dict
    suboptions:
      alarm:
        description: Its name or ARN.
        type: str
        required: true
      wait_period:
        description: Seconds that this alarm waits for the other one to go into alarm, before it acts.
        type: int
        default: 60
      extension_period:
        description: Seconds that this alarm waits, once the other one is over, before it acts.
        type: int
        default: 60
  timeout:
    description: Seconds after which the task fails.
    type: float
    default: 30.0
extends_documentation_fragment:
  - multiregion.aws_dr.attributes
  - amazon.aws.tags
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
author:
  - multiregion.aws_dr contributors (@multiregion)
"""

EXAMPLES = r"""
- name: One call for an outage, however many services it takes with it
  multiregion.aws_dr.cloudwatch_composite_alarm:
    region: eu-west-1
    name: shop-down
    rule: ALARM("shop-api") OR ALARM("shop-database")
    alarm_actions: [arn:aws:sns:eu-west-1:123456789012:oncall]
    suppressor:
      alarm: shop-failover-under-way
    tags:
      workload: shop
"""

RETURN = r"""
alarm:
  description: The alarm as it is now, or in check mode would be. Null where there is none.
  returned: success
  type: dict
  contains:
    name:
      description: Its name.
      type: str
    arn:
      description: Its ARN. Empty in check mode for one that would be created.
      type: str
    state:
      description: C(OK), C(ALARM) or C(INSUFFICIENT_DATA).
      type: str
    rule:
      description: When it is in alarm.
      type: str
    description:
      description: What it is about.
      type: str
    actions_enabled:
      description: Whether it acts.
      type: bool
    alarm_actions:
      description: What it calls when it goes into alarm.
      type: list
      elements: str
    ok_actions:
      description: What it calls when it is over.
      type: list
      elements: str
    insufficient_data_actions:
      description: What it calls when it can't be told.
      type: list
      elements: str
    suppressor:
      description: The alarm that keeps its actions back, with both periods. Null where there is none.
      type: dict
    tags:
      description: Its tags.
      type: dict
calls:
  description: The changing AWS calls that were made, or in check mode would be.
  returned: success
  type: list
  elements: dict
timing:
  description: When the task started and ended.
  returned: success
  type: dict
  contains:
    started:
      description: Seconds since the epoch.
      type: float
    ended:
      description: Seconds since the epoch.
      type: float
"""

from collections.abc import Mapping
from typing import Any

from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.module import Context, Result, run
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.options import timeout_spec
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.alarm import CompositeAlarm
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run.cloudwatch import CloudWatch
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run.composite_alarm import delete, make


def execute(options: Mapping[str, Any], context: Context) -> Result:
    """Make the alarm as asked for, or delete it. Raises ``CallFailed``."""
    cloudwatch = CloudWatch(options["region"], context)
    if options["state"] == "absent":
        before, after = delete(cloudwatch, options["name"])
    else:
        tags = options["tags"]
        given = None if tags is None else {str(key): str(value) for key, value in tags.items()}
        before, after = make(cloudwatch, _wanted(options), given, options["purge_tags"])
    old, new = (each.as_dict() if each else None for each in (before, after))
    return Result(bool(cloudwatch.calls), {"alarm": new}, old or {}, new or {}, tuple(cloudwatch.calls))


def _wanted(options: Mapping[str, Any]) -> CompositeAlarm:
    held = options["suppressor"] or {}
    periods = {"suppressor_wait": held["wait_period"], "suppressor_extension": held["extension_period"]} if held else {}
    return CompositeAlarm(
        name=options["name"],
        rule=options["rule"],
        description=options["description"],
        actions=tuple(options["alarm_actions"]),
        ok_actions=tuple(options["ok_actions"]),
        insufficient_data_actions=tuple(options["insufficient_data_actions"]),
        actions_enabled=options["actions_enabled"],
        suppressor=held.get("alarm", ""),
        **periods,
    )


def argument_spec() -> dict[str, Any]:
    actions: dict[str, Any] = {"type": "list", "elements": "str", "default": []}
    suppressor = {
        "alarm": {"type": "str", "required": True},
        "wait_period": {"type": "int", "default": 60},
        "extension_period": {"type": "int", "default": 60},
    }
    return {
        "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
        "region": {"type": "str", "required": True, "aliases": ["aws_region"]},
        "name": {"type": "str", "required": True, "aliases": ["alarm_name"]},
        "rule": {"type": "str", "aliases": ["alarm_rule"]},
        "description": {"type": "str", "default": ""},
        "actions_enabled": {"type": "bool", "default": True},
        "alarm_actions": actions,
        "ok_actions": actions,
        "insufficient_data_actions": actions,
        "suppressor": {"type": "dict", "options": suppressor},
        "tags": {"type": "dict", "aliases": ["resource_tags"]},
        "purge_tags": {"type": "bool", "default": True},
        "timeout": timeout_spec(30),
    }


def main() -> None:
    run(execute, argument_spec=argument_spec(), required_if=[("state", "present", ["rule"])])


if __name__ == "__main__":
    main()
