#!/usr/bin/python
# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import annotations

DOCUMENTATION = r"""
module: cloudwatch_metric_alarms
version_added: 0.1.0
short_description: Have a set of CloudWatch alarms on metrics, and no others
description:
  - Makes the alarms that are given as they are given, and deletes those beside them whose names begin with O(prefix).
    For a single alarm there is M(amazon.aws.cloudwatch_metric_alarm); this one has a workload's dozens in one task.
  - Nothing is left of an alarm that is no longer given. Of a metric that nobody publishes any more it would hear
    silence, and might go off for good.
  - Throttled requests are tried again until O(timeout). CloudWatch takes three alarms a second.
  - Needs C(cloudwatch:DescribeAlarms), C(cloudwatch:PutMetricAlarm) and C(cloudwatch:DeleteAlarms).
options:
  region:
    description: The Region that they are in.
    type: str
    required: true
  prefix:
    description: How the names of all of them begin, and of no others. At least four characters.
    type: str
    required: true
  alarms:
    description: The alarms. An empty list leaves none.
    type: list
    elements: dict
    required: true
    suboptions:
      name:
        description: The alarm's name.
        type: str
        required: true
      description:
        description: What it is about.
        type: str
        default: ""
      namespace:
        description: The metric's namespace.
        type: str
        required: true
      metric_name:
        description: The metric's name.
        type: str
        required: true
      dimensions:
        description: The metric's dimensions.
        type: dict
        default: {}
      statistic:
        description: What is compared of the values of a period.
        type: str
        choices: [SampleCount, Average, Sum, Minimum, Maximum]
        required: true
      comparison:
        description: How it is compared.
        type: str
        choices:
          - GreaterThanOrEqualToThreshold
          - GreaterThanThreshold
          - LessThanThreshold
          - LessThanOrEqualToThreshold
        required: true
      threshold:
        description: With what it is compared.
        type: float
        required: true
      period:
        description: The length of a period in seconds, 10, 30 or a multiple of 60.
        type: int
        required: true
      evaluation_periods:
        description: How many periods in a row must breach.
        type: int
        required: true
      treat_missing_data:
        description: What a period without a value is taken for.
        type: str
        choices: [breaching, notBreaching, ignore, missing]
        default: missing
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
  purge:
    description:
      - Whether those beside them are deleted.
      - CloudWatch may refuse that while an alarm on alarms is about one. Make all of them with V(false), change those
        on alarms, then make them again.
    type: bool
    default: true
  timeout:
    description: Seconds after which the task fails.
    type: float
    default: 60.0
extends_documentation_fragment:
  - multiregion.aws_dr.attributes
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
author:
  - multiregion.aws_dr contributors (@multiregion)
"""

EXAMPLES = r"""
- name: Call somebody when nothing is heard of the API
  multiregion.aws_dr.cloudwatch_metric_alarms:
    region: eu-west-1
    prefix: shop/
    alarms:
      - name: shop/api
        namespace: MultiRegion
        metric_name: HealthCheck
        dimensions: {Workload: shop, Region: eu-west-1, Service: api}
        statistic: Maximum
        comparison: LessThanThreshold
        threshold: 1
        period: 60
        evaluation_periods: 3
        treat_missing_data: breaching
        alarm_actions: [arn:aws:sns:eu-west-1:123456789012:oncall]
"""

RETURN = r"""
alarms:
  description: The names of all of them, as they are now or in check mode would be.
  returned: success
  type: list
  elements: str
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

from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.errors import Refused
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.module import Context, Result, run
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.options import timeout_spec
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.alarm import MetricAlarm
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.alarms import set_findings
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run.cloudwatch import CloudWatch
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run.metric_alarms import Alarms, have


def execute(options: Mapping[str, Any], context: Context) -> Result:
    """Have the alarms as asked for. Raises ``Refused`` and ``CallFailed``."""
    wanted = [MetricAlarm.from_options(each) for each in options["alarms"]]
    found = set_findings(options["prefix"], [alarm.name for alarm in wanted])
    if found:
        raise Refused(found)
    cloudwatch = CloudWatch(options["region"], context)
    before, after = have(cloudwatch, options["prefix"], wanted, options["purge"])
    values = {"alarms": sorted(after)}
    return Result(bool(cloudwatch.calls), values, _shown(before), _shown(after), tuple(cloudwatch.calls))


def _shown(alarms: Alarms) -> dict[str, Any]:
    return {name: alarm.as_dict() if alarm else "something else" for name, alarm in alarms.items()}


def alarm_spec() -> dict[str, Any]:
    text: dict[str, Any] = {"type": "str", "required": True}
    actions: dict[str, Any] = {"type": "list", "elements": "str", "default": []}
    than = ("GreaterThanOrEqualToThreshold", "GreaterThanThreshold", "LessThanThreshold", "LessThanOrEqualToThreshold")
    return {
        "name": text,
        "description": {"type": "str", "default": ""},
        "namespace": text,
        "metric_name": text,
        "dimensions": {"type": "dict", "default": {}},
        "statistic": {**text, "choices": ["SampleCount", "Average", "Sum", "Minimum", "Maximum"]},
        "comparison": {**text, "choices": list(than)},
        "threshold": {"type": "float", "required": True},
        "period": {"type": "int", "required": True},
        "evaluation_periods": {"type": "int", "required": True},
        "treat_missing_data": {
            "type": "str",
            "choices": ["breaching", "notBreaching", "ignore", "missing"],
            "default": "missing",
        },
        "alarm_actions": actions,
        "ok_actions": actions,
    }


def main() -> None:
    run(
        execute,
        argument_spec={
            "region": {"type": "str", "required": True, "aliases": ["aws_region"]},
            "prefix": {"type": "str", "required": True},
            "alarms": {"type": "list", "elements": "dict", "required": True, "options": alarm_spec()},
            "purge": {"type": "bool", "default": True},
            "timeout": timeout_spec(60),
        },
    )


if __name__ == "__main__":
    main()
