#!/usr/bin/python
# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import annotations

DOCUMENTATION = r"""
module: run_open
version_added: 0.1.0
short_description: Open a failover, failback, drill or Region's return, or go on with the open one
description:
  - Takes the lock, so that nobody else is at it at the same time, and writes what the run is for into the state table.
  - Where a run of the same kind, workload and target is open, that run goes on. Its steps so far are returned.
  - Every opening raises the lock's fence, so that whatever is left of an earlier attempt can't do anything any more.
  - A holder that lives is left alone, and this task fails within seconds. One that gives no sign of life for half a
    minute is taken over, and at once where its process was on this machine and is gone.
  - A failover takes over from a drill, and from what is done about a Region that has returned, without waiting.
  - Reports no change, as nothing of the workload has changed.
options:
  workload:
    description: The workload that the run is for.
    type: str
    required: true
  lock:
    description: What is locked. The global cluster's identifier, as several workloads can share one.
    type: str
    required: true
  kind:
    description: What the run is.
    type: str
    choices: [failover, failback, drill, region_return]
    default: failover
  mode:
    description: How it moves the workload.
    type: str
    choices: [planned, unplanned]
    default: planned
  target:
    description: The Region that it goes to.
    type: str
    required: true
  reason:
    description: Why. It stays on record.
    type: str
    default: ""
  initiated_by:
    description: Who started it. Default is the user of this machine.
    type: str
  approved_by:
    description: Who approved it.
    type: str
    default: ""
  details:
    description:
      - What else is to be on record from the start, such as what may be lost. Nothing secret.
      - What is more than 150 KB of JSON doesn't fit on the record; then the biggest values stay off it, and C(left_out)
        there says which.
    type: dict
    default: {}
  needed:
    description:
      - Whether there is anything to do. If not, and if no run towards O(target) is open, none is opened and nothing is
        written, and RV(run) lets none of its steps do anything.
    type: bool
    default: true
  break_glass:
    description:
      - Works without the state table, with a journal on this machine. Nobody else is locked out then.
      - Refused while the table answers, and without O(reason).
    type: bool
    default: false
  journal:
    description:
      - The file of the journal on this machine. Required with O(break_glass=true).
      - Without that, and where there is such a file, what runs left in it that had to do without the table is carried
        over into the table, once, so that history, reports and a failback's gates know of them. An unplanned failover
        doesn't wait for that and leaves it to the next run.
      - A run that isn't ended there can't go on any more, as the table answers again. A failover or failback ends it as
        aborted, unless its process lives.
    type: path
  timeout:
    description: Seconds after which the task fails.
    type: float
    default: 90.0
attributes:
  check_mode:
    details: The lock is read, and a warning says if it is held. RV(run) is null.
  diff_mode:
    support: none
  idempotent:
    support: partial
    details: Run again, it goes on with the same run, and raises the fence.
extends_documentation_fragment:
  - multiregion.aws_dr.attributes
  - multiregion.aws_dr.state_table
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
author:
  - multiregion.aws_dr contributors (@multiregion)
"""

EXAMPLES = r"""
- name: Open the run
  multiregion.aws_dr.run_open:
    workload: shop
    lock: shop
    target: eu-west-1
    mode: unplanned
    reason: eu-central-1 is down
    approved_by: Ada
    table: aws-dr-state
    table_region: eu-west-1
  register: opened

- name: Do something within it
  multiregion.aws_dr.rds_global_cluster_failover:
    run: "{{ opened.run }}"
    global_cluster_id: shop
    regions: [eu-central-1, eu-west-1]
    target: eu-west-1
    mode: unplanned
    accept_data_loss: true
"""

RETURN = r"""
run:
  description: What each of the run's steps takes as its option C(run). Null in check mode.
  returned: success
  type: dict
  contains:
    id:
      description: The run's id.
      type: str
    fence:
      description: The fencing token.
      type: int
    lock:
      description: The lock that it holds.
      type: str
record:
  description: What is on record of it.
  returned: success
  type: dict
resumed:
  description: Whether an open run goes on.
  returned: success
  type: bool
carried_over:
  description: The runs that were carried over from O(journal) into the table.
  returned: success
  type: list
  elements: str
events:
  description: The steps of that run so far, the oldest first.
  returned: success
  type: list
  elements: dict
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

import secrets
import time
from collections.abc import Mapping
from typing import Any

from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.dynamodb.store import TableStore
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.errors import DrError, Refused
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.module import Context, Result, run
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.options import STATE_TABLE_SPEC, timeout_spec
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.process import holder
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.finding import refusal
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.run import RunKind, RunRecord, RunToken
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.store import Store
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.evidence import bounded
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run.carry_over import carry_over
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run.lease import open_run
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run.local_store import LocalStore


def execute(options: Mapping[str, Any], context: Context) -> Result:
    """Open the run, or go on with the open one. Raises ``Refused`` and ``DrError``."""
    table = TableStore(context.clients, options["table_region"], options["table"], context.clock)
    if not options["needed"] and not context.check_mode and not _is_open(options, table):
        return _not_opened(RunToken("", 0, options["lock"]).as_dict())
    if options["break_glass"]:
        _check_glass(options, table)
    if context.check_mode:
        return _look(options, table, context)
    store: Store = LocalStore(options["journal"]) if options["break_glass"] else table
    ours = holder(context.controller_pid)
    asked = _asked(options, ours.user, context)
    opened = open_run(asked, ours, store, context.clock, context.progress)
    carried = () if options["break_glass"] else carry_over(opened.run, options["journal"], table, context)
    events = store.read_events(opened.run.id) if opened.run.resumed else ()
    where = (
        {"journal": options["journal"]}
        if options["break_glass"]
        else {"table": options["table"], "region": options["table_region"]}
    )
    token = RunToken(
        opened.run.id, opened.lock.fence, opened.lock.key, pid=ours.pid, pid_started=ours.pid_started, **where
    )
    values = {
        "run": token.as_dict(),
        "record": opened.run.as_dict(),
        "resumed": bool(opened.run.resumed),
        "carried_over": list(carried),
        "events": [event.as_dict() for event in events],
    }
    return Result(changed=False, values=values)


def _is_open(options: Mapping[str, Any], table: Store) -> bool:
    """Whether a run holds the lock: one that did all and died before it was closed is to be closed."""
    lock = table.read_lock(options["lock"])
    run_record = table.read_run(lock.run_id) if lock and lock.run_id else None
    return run_record is not None and run_record.open and run_record.target == options["target"]


def _asked(options: Mapping[str, Any], user: str, context: Context) -> RunRecord:
    now = context.clock.wall()
    stamp = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime(now))
    return RunRecord(
        id=f"{options['workload']}-{stamp}-{secrets.token_hex(2)}",
        kind=RunKind(options["kind"]),
        workload=options["workload"],
        lock=options["lock"],
        mode=options["mode"],
        target=options["target"],
        reason=options["reason"],
        initiated_by=options["initiated_by"] or user,
        approved_by=options["approved_by"],
        opened_at=now,
        fence=0,
        details=bounded(options["details"]),
    )


def _check_glass(options: Mapping[str, Any], table: Store) -> None:
    """Raises ``Refused`` where there is no reason to break the glass: none given, or none to be seen."""
    if not options["reason"].strip():
        remedy = "Add -e reason=..., which stays on record."
        raise Refused((refusal("no_reason", "break_glass is given without a reason.", remedy),))
    try:
        table.read_lock(options["lock"])
    except DrError:
        return
    seen = f"The state table {options['table']} answers in {options['table_region']}."
    raise Refused((refusal("glass_not_needed", seen, "Leave break_glass out: the lock is what it would go round."),))


def _look(options: Mapping[str, Any], table: Store, context: Context) -> Result:
    """In check mode: read the lock, and say what is in the way."""
    try:
        lock = None if options["break_glass"] else table.read_lock(options["lock"])
    except DrError as error:
        context.warn(f"Whether another run is open is unknown: {error}")
        lock = None
    if lock is not None and not lock.free:
        who = f" by {lock.holder.user} on {lock.holder.host}" if lock.holder else ""
        context.warn(f"The run {lock.run_id} is open{who}.")
    return _not_opened(None)


def _not_opened(token: Mapping[str, Any] | None) -> Result:
    return Result(
        changed=False, values={"run": token, "record": {}, "resumed": False, "carried_over": [], "events": []}
    )


def main() -> None:
    run(
        execute,
        argument_spec={
            "workload": {"type": "str", "required": True},
            "lock": {"type": "str", "required": True},
            "kind": {
                "type": "str",
                "choices": ["failover", "failback", "drill", "region_return"],
                "default": "failover",
            },
            "mode": {"type": "str", "choices": ["planned", "unplanned"], "default": "planned"},
            "target": {"type": "str", "required": True},
            "reason": {"type": "str", "default": ""},
            "initiated_by": {"type": "str"},
            "approved_by": {"type": "str", "default": ""},
            "details": {"type": "dict", "default": {}},
            "needed": {"type": "bool", "default": True},
            "break_glass": {"type": "bool", "default": False},
            "journal": {"type": "path"},
            "timeout": timeout_spec(90),
            **STATE_TABLE_SPEC,
        },
        required_if=[("break_glass", True, ["journal"])],
    )


if __name__ == "__main__":
    main()
