#!/usr/bin/python
# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import annotations

DOCUMENTATION = r"""
module: database_canary
version_added: 0.1.0
short_description: Write a row a second, so that a failover's loss can be measured
description:
  - Writes numbered rows through the cluster endpoint of whichever of the two databases takes writes, and logs each
    acknowledgement in the state table, where it outlives the writer's Region.
    P(multiregion.aws_dr.database_canary_info#module) finds out after a failover which acknowledged rows are not there.
  - It finds the new writer by itself, by asking the databases. AWS's API is asked for endpoints and the secret only,
    at the start and at most every 30 s while writes fail, beside the writing.
  - Run it outside the writer's Region, again and again, as C(playbooks/canary.yml) does. Two at once do no harm.
  - A number is sent once only, whether it was acknowledged or not. What isn't acknowledged is unknown, not lost.
  - Acknowledgements of the last O(flush) seconds are lost with the canary itself, should it die with the writer.
    Then what was lost is unknown.
options:
  state:
    description:
      - V(present) makes the table C(aws_dr_canary), if it isn't there. Nothing else ever makes it.
      - V(written) writes rows into it for O(seconds).
    type: str
    choices: [present, written]
    default: written
  workload:
    description: Name of the workload.
    type: str
    required: true
  database:
    required: true
  regions:
    description: The workload's two Regions. The log is written through the first, and through the other when that
      fails.
    type: list
    elements: str
    required: true
  table:
    description: Name of the state table, in which the log is kept. Required with O(state=written).
    type: str
  interval:
    description: Seconds between two rows. The loss is known as exactly as this.
    type: float
    default: 1.0
  flush:
    description:
      - Seconds between two writes of the log, each a single item of about one kilobyte.
      - With 5 these are 518,400 writes in 30 days; with 1 they are 2,592,000.
    type: float
    default: 5.0
  keep:
    description:
      - How many rows are kept in the table; older ones are removed, and the log with them. A failover must be looked
        at before so many rows were written after it.
    type: int
    default: 7200
  seconds:
    description: How long to write. With V(0) until a signal ends it, or its controller is gone.
    type: float
    default: 60.0
  timeout:
    description: Seconds after which the task fails if no row was acknowledged.
    type: float
    default: 30.0
attributes:
  check_mode:
    details: Nothing is written. With O(state=present) it says whether the table would be made.
  diff_mode:
    details: The table's absence and presence. Rows are no difference.
  idempotent:
    support: partial
    details: With O(state=written) rows are written each time, and reported as no change, as nothing of the
      workload's is.
extends_documentation_fragment:
  - multiregion.aws_dr.attributes
  - multiregion.aws_dr.database
  - multiregion.aws_dr.resolvers
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
author:
  - multiregion.aws_dr contributors (@multiregion)
"""

EXAMPLES = r"""
- name: Make the canary's table, once
  multiregion.aws_dr.database_canary:
    state: present
    workload: shop
    regions: [eu-west-1, eu-central-1]
    database:
      global_cluster_id: shop
      name: shop
      secret_id: shop/db

- name: Write for an hour
  multiregion.aws_dr.database_canary:
    workload: shop
    regions: [eu-west-1, eu-central-1]
    database:
      global_cluster_id: shop
      name: shop
      secret_id: shop/db
    table: aws-dr-state
    seconds: 3600
"""

RETURN = r"""
canary:
  description: What became of the rows. Null in check mode, and with O(state=present).
  returned: success
  type: dict
  contains:
    session:
      description: The name that this session's rows have.
      type: str
    attempted:
      description: How many rows should have been written.
      type: int
    acknowledged:
      description: How many were acknowledged.
      type: int
    unacknowledged:
      description: How many were not. They may be there nevertheless.
      type: int
    last_acknowledged:
      description: The last one's C(number), when (C(at), seconds since the epoch), and C(region) and C(server_id) of
        the writer.
      type: dict
    gaps:
      description: The last 20 times in which nothing was acknowledged for more than two intervals.
      type: list
      elements: dict
      contains:
        began:
          description: When the last row before it was acknowledged.
          type: float
        ended:
          description: When the first one after it was acknowledged.
          type: float
        seconds:
          description: How long that is.
          type: float
    gap_count:
      description: How many gaps there were in all.
      type: int
    logged_number:
      description: The last acknowledged number that is in the log.
      type: int
    logged_at:
      description: When the log was last written as a whole. Null if it never was.
      type: float
    log_error:
      description: Why the log couldn't be written the last time, empty if it could.
      type: str
    stopped_by:
      description: V(time), V(signal), or that its controller has ended.
      type: str
table_created:
  description: Whether the table was made, or in check mode would be.
  returned: success
  type: bool
calls:
  description: The changing AWS calls. Always empty, as those on the state table change nothing of a workload.
  returned: success
  type: list
  elements: dict
"""

from collections.abc import Mapping
from typing import Any

from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.dynamodb.canary_log import CanaryLog
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.errors import Refused
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.module import Context, Result, run
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.options import (
    DATABASE_SPEC,
    RESOLVERS_SPEC,
    timeout_spec,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.database import Database
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.database_canary import check_settings
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run.canary_log import LogKeeper
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run.database_canary import (
    Canary,
    Report,
    Settings,
    Targets,
    ensure_table,
    new_session,
)


def execute(options: Mapping[str, Any], context: Context) -> Result:
    """Make the table, or write. Raises ``Refused`` for senseless figures, ``DrError`` where no row was acknowledged."""
    wrong = check_settings(
        options["regions"], options["interval"], options["flush"], options["keep"], options["seconds"]
    )
    if wrong:
        raise Refused(wrong)
    settings = Settings(
        workload=options["workload"],
        database=Database.from_options(options["database"]),
        regions=tuple(options["regions"]),
        resolvers=tuple(options["resolvers"]),
        interval=options["interval"],
        flush=options["flush"],
        keep=options["keep"],
        seconds=options["seconds"],
    )
    targets = Targets(settings, context)
    if options["state"] == "present" or context.check_mode:
        made = ensure_table(targets, settings, context, make=options["state"] == "present")
        before, after = ({"table": "absent"}, {"table": "present"}) if made else ({}, {})
        return Result(made, {"canary": None, "table_created": made}, before, after)
    first = new_session(settings)
    logs = [CanaryLog(context.clients, region, options["table"], context.clock) for region in settings.regions]
    log = LogKeeper(settings.workload, logs, first, settings.keep, context.clock)
    report = Canary(settings, targets, log, context, first.session).run()
    if log.error:
        context.warn(f"Acknowledgements after number {log.logged_number} aren't logged: {log.error}")
    return Result(changed=False, values={"canary": _values(report, log), "table_created": False})


def _values(report: Report, log: LogKeeper) -> dict[str, Any]:
    return {
        "session": report.session,
        "attempted": report.attempted,
        "acknowledged": report.acknowledged,
        "unacknowledged": report.attempted - report.acknowledged,
        "last_acknowledged": report.last,
        "gaps": report.gaps,
        "gap_count": report.gap_count,
        "logged_number": log.logged_number,
        "logged_at": log.logged_at,
        "log_error": log.error,
        "stopped_by": report.stopped_by,
    }


def main() -> None:
    run(
        execute,
        argument_spec={
            "state": {"type": "str", "choices": ["present", "written"], "default": "written"},
            "workload": {"type": "str", "required": True},
            "database": {**DATABASE_SPEC, "required": True},
            "regions": {"type": "list", "elements": "str", "required": True},
            "table": {"type": "str"},
            "interval": {"type": "float", "default": 1.0},
            "flush": {"type": "float", "default": 5.0},
            "keep": {"type": "int", "default": 7200},
            "seconds": {"type": "float", "default": 60.0},
            "resolvers": RESOLVERS_SPEC,
            "timeout": timeout_spec(30),
        },
        required_if=[("state", "written", ["table"])],
    )


if __name__ == "__main__":
    main()
