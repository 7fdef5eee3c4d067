#!/usr/bin/python
# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import annotations

DOCUMENTATION = r"""
module: readiness_baseline
version_added: 0.1.0
short_description: Keep what a preflight saw, for the day on which a Region can't tell
description:
  - Writes what P(multiregion.aws_dr.readiness_info#module) returned into the state table. An unplanned run reads the
    newest one, and shows its values for what it can't read any more.
  - What could not be read this time stays as the newest one had it, with the time at which it was seen.
  - Reports no change, as nothing of the workload has changed.
options:
  workload:
    description: The workload's name.
    type: str
    required: true
  observed:
    description: What was seen, as RV(multiregion.aws_dr.readiness_info#module:observed) has it.
    type: dict
    required: true
  findings:
    description: What was found, as RV(multiregion.aws_dr.readiness_info#module:findings) has it.
    type: list
    elements: dict
    default: []
  reads:
    description: What was asked, as RV(multiregion.aws_dr.readiness_info#module:reads) has it.
    type: list
    elements: dict
    default: []
  by:
    description: Who took it. Default is the user of this machine.
    type: str
  timeout:
    description: Seconds after which the task fails.
    type: float
    default: 30.0
attributes:
  check_mode:
    details: Nothing is written.
  diff_mode:
    support: none
  idempotent:
    support: none
    details: Each time, one more baseline is kept.
extends_documentation_fragment:
  - multiregion.aws_dr.attributes
  - multiregion.aws_dr.state_tables
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
author:
  - multiregion.aws_dr contributors (@multiregion)
"""

EXAMPLES = r"""
- name: Keep what was seen
  multiregion.aws_dr.readiness_baseline:
    workload: shop
    observed: "{{ readiness.observed }}"
    findings: "{{ readiness.findings }}"
    reads: "{{ readiness.reads }}"
    table: aws-dr-state
    table_regions: [eu-west-1, eu-central-1]
"""

RETURN = r"""
baseline:
  description: The baseline.
  returned: success
  type: dict
  contains:
    taken_at:
      description: When it was taken, in seconds since the epoch.
      type: float
    by:
      description: Who took it.
      type: str
    older:
      description: When what an earlier baseline had seen was seen, in seconds since the epoch, by topic and Region.
      type: dict
    table_region:
      description: The Region in which it was written. Null in check mode.
      type: str
calls:
  description: The changing AWS calls. Always empty, as those on the state table change nothing of a workload.
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
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.options import (
    STATE_TABLES_SPEC,
    timeout_spec,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.process import holder
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.baseline import Baseline
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.baseline import standing_in
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run.stores import answering_table


def execute(options: Mapping[str, Any], context: Context) -> Result:
    """Write it. Raises ``DrError`` where no Region of the table answers."""
    baseline = Baseline(
        workload=options["workload"],
        taken_at=context.clock.wall(),
        by=options["by"] or holder(0).user,
        observed=options["observed"],
        findings=tuple(options["findings"]),
    )
    region = None
    if not context.check_mode:
        region, store = answering_table(options["table"], options["table_regions"], options["workload"], context)
        unread = [(each["topic"], each["region"]) for each in options["reads"] if not each["answered"]]
        if unread:
            baseline = standing_in(baseline, store.read_baseline(options["workload"]), unread)
        store.write_baseline(baseline)
    values = {
        "taken_at": baseline.taken_at,
        "by": baseline.by,
        "older": baseline.as_dict()["older"],
        "table_region": region,
    }
    return Result(changed=False, values={"baseline": values})


def main() -> None:
    run(
        execute,
        argument_spec={
            "workload": {"type": "str", "required": True},
            "observed": {"type": "dict", "required": True},
            "findings": {"type": "list", "elements": "dict", "default": []},
            "reads": {"type": "list", "elements": "dict", "default": []},
            "by": {"type": "str"},
            **STATE_TABLES_SPEC,
            "timeout": timeout_spec(30),
        },
    )


if __name__ == "__main__":
    main()
