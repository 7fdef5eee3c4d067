#!/usr/bin/python
# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import annotations

DOCUMENTATION = r"""
module: cloudwatch_dashboard
version_added: 0.1.0
short_description: Manage CloudWatch dashboards
description:
  - Creates, updates and deletes a dashboard. It is the same as long as its JSON says the same, in whatever order.
  - A dashboard is the account's and is shown by every Region, but each of its widgets reads one Region. For the day on
    which a Region is lost, have one for each Region that reads nothing but that.
  - Needs C(cloudwatch:GetDashboard), C(cloudwatch:PutDashboard) and C(cloudwatch:DeleteDashboards).
options:
  state:
    description: Whether the dashboard should exist.
    type: str
    choices: [present, absent]
    default: present
  region:
    description: The Region that it is made through. It is the same dashboard through any.
    type: str
    required: true
  name:
    description: The dashboard's name. Letters, digits, hyphens and underscores.
    type: str
    required: true
    aliases: [dashboard_name]
  body:
    description:
      - What it shows, as CloudWatch's dashboard body has it.
      - Required for O(state=present).
    type: dict
  timeout:
    description: Seconds after which the task fails.
    type: float
    default: 30.0
extends_documentation_fragment:
  - multiregion.aws_dr.attributes
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
author:
  - multiregion.aws_dr contributors (@multiregion)
"""

EXAMPLES = r"""
- name: Show the recovery time
  multiregion.aws_dr.cloudwatch_dashboard:
    region: eu-west-1
    name: shop-recovery
    body:
      widgets:
        - type: metric
          width: 12
          height: 6
          properties:
            title: Recovery time in minutes
            region: eu-west-1
            metrics: [[MultiRegion, RTO, Workload, shop, Region, eu-west-1, Service, all]]
"""

RETURN = r"""
dashboard:
  description: The dashboard as it is now, or in check mode would be. Null where there is none.
  returned: success
  type: dict
  contains:
    name:
      description: Its name.
      type: str
    body:
      description: What it shows.
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

import re
from collections.abc import Mapping
from typing import Any

from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.errors import DrError
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.module import Context, Result, run
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.options import timeout_spec
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run.cloudwatch import CloudWatch
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run.dashboard import Body, delete, make

NAME = re.compile(r"[A-Za-z0-9_-]{1,255}")
"""What PutDashboard's reference allows."""


def execute(options: Mapping[str, Any], context: Context) -> Result:
    """Make the dashboard as asked for, or delete it. Raises ``CallFailed``, and ``DrError`` for the name."""
    cloudwatch, name = CloudWatch(options["region"], context), options["name"]
    if not NAME.fullmatch(name):
        raise DrError(
            "Reading the option name",
            f"CloudWatch takes no dashboard of the name {name!r}",
            "Give 1 to 255 of A-Z, a-z, 0-9, - and _.",
        )
    before: Body | None
    after: Body | None
    if options["state"] == "absent":
        before, after = delete(cloudwatch, name)
    else:
        before, after = make(cloudwatch, name, options["body"])
    shown = {"name": name, "body": after} if after is not None else None
    return Result(bool(cloudwatch.calls), {"dashboard": shown}, before or {}, after or {}, tuple(cloudwatch.calls))


def main() -> None:
    run(
        execute,
        argument_spec={
            "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
            "region": {"type": "str", "required": True, "aliases": ["aws_region"]},
            "name": {"type": "str", "required": True, "aliases": ["dashboard_name"]},
            "body": {"type": "dict"},
            "timeout": timeout_spec(30),
        },
        required_if=[("state", "present", ["body"])],
    )


if __name__ == "__main__":
    main()
