#!/usr/bin/python
# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import annotations

DOCUMENTATION = r"""
module: ce_cost_info
version_added: 0.1.0
short_description: See what this month has cost so far, by Region
description:
  - Asks AWS Cost Explorer for the unblended cost since the first of the month, of what has all of O(tags).
  - Cost Explorer is in us-east-1 only, is about a day behind, and each call costs a cent. Ask once a day, and let
    nothing wait for it.
  - Needs C(ce:GetCostAndUsage).
options:
  tags:
    description:
      - Cost allocation tags of what is counted, which have to be activated in the account's billing settings.
      - Without any, it is the whole account.
    type: dict
    default: {}
  timeout:
    description: Seconds after which the task fails.
    type: float
    default: 30.0
attributes:
  diff_mode:
    support: none
    details: It changes nothing.
extends_documentation_fragment:
  - multiregion.aws_dr.attributes
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
author:
  - multiregion.aws_dr contributors (@multiregion)
"""

EXAMPLES = r"""
- name: See what the workload has cost
  multiregion.aws_dr.ce_cost_info:
    tags: {workload: shop}
"""

RETURN = r"""
costs:
  description: What it has cost.
  returned: success
  type: dict
  contains:
    since:
      description: The first day that is counted.
      type: str
    by_region:
      description: The cost of each Region. Empty where nothing is known.
      type: dict
    total:
      description: Their sum. Null where nothing is known.
      type: float
    currency:
      description: The currency. Empty where nothing is known.
      type: str
  sample:
    since: "2026-11-01"
    by_region: {eu-central-1: 61.2, eu-west-1: 38.5}
    total: 99.7
    currency: USD
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
from datetime import UTC, datetime, timedelta
from typing import Any

from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.ce import api
from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.ce.transform import costs
from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.effect import CALL_ERRORS, CallFailed
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.gather import within
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.module import Context, Result, run
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.options import timeout_spec


def execute(options: Mapping[str, Any], context: Context) -> Result:
    """Read the month's costs. Raises ``CallFailed``."""
    today = datetime.fromtimestamp(context.clock.wall(), UTC).date()
    since, until = today.replace(day=1).isoformat(), (today + timedelta(days=1)).isoformat()
    tags = {str(key): str(value) for key, value in options["tags"].items()}
    what = f"ce:GetCostAndUsage in {api.REGION}"
    try:
        results = within(
            lambda: api.get_cost_and_usage(context.clients.get("ce", api.REGION), since, until, tags),
            context.deadline,
            context.clock,
            what,
        )
    except CALL_ERRORS as exc:
        raise CallFailed(exc, what) from exc
    found = costs(results)
    shown = {"by_region": dict(found.by_region), "total": found.total, "currency": found.currency}
    return Result(changed=False, values={"costs": {"since": since, **shown}})


def main() -> None:
    run(execute, argument_spec={"tags": {"type": "dict", "default": {}}, "timeout": timeout_spec(30)})


if __name__ == "__main__":
    main()
