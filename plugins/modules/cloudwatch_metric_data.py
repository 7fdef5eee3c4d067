#!/usr/bin/python
# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import annotations

DOCUMENTATION = r"""
module: cloudwatch_metric_data
version_added: 0.1.0
short_description: Publish metrics in several Regions at once
description:
  - Sends values to the CloudWatch of every Region of O(regions), in parallel and under one deadline, in as few requests
    as CloudWatch's limits allow (1,000 values and 1 MB each).
  - A Region that doesn't take them is named in the result and never fails the task, so that a run isn't ended, nor held
    up for longer than O(timeout), by its own metrics.
  - A value that isn't known is left out. CloudWatch never gets a zero in its place.
options:
  namespace:
    description: The metrics' namespace.
    type: str
    default: MultiRegion
  data:
    description: The values.
    type: list
    elements: dict
    required: true
    suboptions:
      name:
        description: The metric's name.
        type: str
        required: true
      value:
        description: The value. Left out where it is not known, and then nothing is sent.
        type: float
      unit:
        description: A unit that CloudWatch knows. It has none for minutes, which are V(None).
        type: str
        default: "None"
        choices:
          - Seconds
          - Microseconds
          - Milliseconds
          - Bytes
          - Kilobytes
          - Megabytes
          - Gigabytes
          - Terabytes
          - Bits
          - Kilobits
          - Megabits
          - Gigabits
          - Terabits
          - Percent
          - Count
          - Bytes/Second
          - Kilobytes/Second
          - Megabytes/Second
          - Gigabytes/Second
          - Terabytes/Second
          - Bits/Second
          - Kilobits/Second
          - Megabits/Second
          - Gigabits/Second
          - Terabits/Second
          - Count/Second
          - "None"
      dimensions:
        description: Its dimensions, 30 at most.
        type: dict
        default: {}
      timestamp:
        description:
          - When it was so, in seconds since the epoch, at most two weeks ago.
          - Left out, it is when the value arrives.
        type: float
  regions:
    description: The Regions whose CloudWatch is to have them.
    type: list
    elements: str
    required: true
  timeout:
    description: Seconds after which a Region that hasn't answered is given up.
    type: float
    default: 10.0
attributes:
  check_mode:
    details: Nothing is sent.
  diff_mode:
    support: none
  idempotent:
    support: none
    details: Each time it is called it sends the values.
extends_documentation_fragment:
  - multiregion.aws_dr.attributes
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
author:
  - multiregion.aws_dr contributors (@multiregion)
"""

EXAMPLES = r"""
- name: Say how long the last recovery took, in both Regions
  multiregion.aws_dr.cloudwatch_metric_data:
    regions: [eu-west-1, eu-central-1]
    data:
      - name: RTO
        value: 1.4
        dimensions: {Workload: shop, Region: eu-west-1, Service: all}
"""

RETURN = r"""
regions:
  description: What each Region took.
  returned: success
  type: list
  elements: dict
  contains:
    region:
      description: The Region's name.
      type: str
    published:
      description: How many values it took.
      type: int
    error:
      description: Why it didn't take them all. Null where it did.
      type: str
errors:
  description: The Regions' errors.
  returned: success
  type: list
  elements: str
unknown:
  description: How many values were not known, and not sent.
  returned: success
  type: int
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
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.call import Call
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.metric import NAMESPACE, Datum
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.metrics import batches, data_findings, known
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run.metrics import publish, shown

_SIZES = (
    "Bytes",
    "Kilobytes",
    "Megabytes",
    "Gigabytes",
    "Terabytes",
    "Bits",
    "Kilobits",
    "Megabits",
    "Gigabits",
    "Terabits",
)
UNITS = (
    *("Seconds", "Microseconds", "Milliseconds", *_SIZES, "Percent", "Count"),
    *(f"{size}/Second" for size in _SIZES),
    *("Count/Second", "None"),
)


def execute(options: Mapping[str, Any], context: Context) -> Result:
    """Publish what is known. Raises ``Refused`` for what CloudWatch wouldn't take from anybody."""
    regions = list(dict.fromkeys(options["regions"]))
    data = [Datum.from_options(each) for each in options["data"]]
    found = data_findings(options["namespace"], regions, data, context.clock.wall())
    if found:
        raise Refused(found)
    requests = batches(known(data))
    unknown = len(data) - len(known(data))
    calls = tuple(Call("cloudwatch", "PutMetricData", region) for region in regions for _request in requests)
    if context.check_mode or not requests:
        return Result(changed=bool(requests), values=shown([], unknown), calls=calls)
    published = publish(options["namespace"], regions, requests, context)
    return Result(changed=any(each.values for each in published), values=shown(published, unknown), calls=calls)


DATUM_SPEC: dict[str, Any] = {
    "name": {"type": "str", "required": True},
    "value": {"type": "float"},
    "unit": {"type": "str", "default": "None", "choices": list(UNITS)},
    "dimensions": {"type": "dict", "default": {}},
    "timestamp": {"type": "float"},
}


def main() -> None:
    run(
        execute,
        argument_spec={
            "namespace": {"type": "str", "default": NAMESPACE},
            "data": {"type": "list", "elements": "dict", "required": True, "options": DATUM_SPEC},
            "regions": {"type": "list", "elements": "str", "required": True},
            "timeout": timeout_spec(10),
        },
    )


if __name__ == "__main__":
    main()
