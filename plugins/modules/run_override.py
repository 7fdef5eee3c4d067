#!/usr/bin/python
# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import annotations

DOCUMENTATION = r"""
module: run_override
version_added: 0.1.0
short_description: Take the lock from a run, or end the run, by a person's decision
description:
  - What a person does when a run is stuck. Reason and user stay on record.
  - Whoever holds the lock can't change anything of the workload any more, as the lock's fence is raised.
  - Nothing of the workload itself is changed. What the run did so far stays as it is, and is returned.
options:
  state:
    description:
      - V(unlocked) leaves the run open. Its next attempt goes on with it and waits for no lease.
      - V(aborted) ends the run.
    type: str
    choices: [unlocked, aborted]
    required: true
  lock:
    description: The lock, the global cluster's identifier.
    type: str
    required: true
  reason:
    description: Why. It stays on record.
    type: str
    required: true
  initiated_by:
    description: Who decided. Default is the user of this machine.
    type: str
  timeout:
    description: Seconds after which the task fails.
    type: float
    default: 30.0
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
- name: End a run that nobody will go on with
  multiregion.aws_dr.run_override:
    state: aborted
    lock: shop
    reason: the Region came back by itself
    table: aws-dr-state
    table_regions: [eu-west-1, eu-central-1]
"""

RETURN = r"""
record:
  description: The run as it is on record. Null where the lock was free.
  returned: success
  type: dict
events:
  description: What the run did so far, the oldest first.
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

from collections.abc import Mapping
from typing import Any

from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.errors import Refused
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.module import Context, Result, run
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.options import (
    STATE_TABLES_SPEC,
    timeout_spec,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.process import holder
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.finding import refusal
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.lock import Lock
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run.lease import abort, unlock
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run.stores import answering_table


def execute(options: Mapping[str, Any], context: Context) -> Result:
    """Unlock or abort. Raises ``Refused`` without a reason, ``DrError`` where no Region of the table answers."""
    if not options["reason"].strip():
        raise Refused((refusal("no_reason", "The reason is empty.", "Say why (-e reason=...): it stays on record."),))
    _region, store = answering_table(options["table"], options["table_regions"], options["lock"], context)
    seen = store.read_lock(options["lock"])
    if seen is None or seen.free:
        return Result(changed=False, values={"record": None, "events": []})
    found = store.read_run(seen.run_id)
    events = store.read_events(seen.run_id)
    changed = seen.holder is not None or options["state"] == "aborted"
    if changed and not context.check_mode:
        who = {"reason": options["reason"], "by": options["initiated_by"] or holder(0).user}
        act = abort if options["state"] == "aborted" else unlock
        found = act(options["lock"], who, store, context.clock) or found
    values = {"record": found.as_dict() if found else None, "events": [event.as_dict() for event in events]}
    return Result(changed=changed, values=values, before=_state(seen), after={"state": options["state"]})


def _state(lock: Lock) -> dict[str, str]:
    return {"state": "held" if lock.holder else "unlocked"}


def main() -> None:
    run(
        execute,
        argument_spec={
            "state": {"type": "str", "choices": ["unlocked", "aborted"], "required": True},
            "lock": {"type": "str", "required": True},
            "reason": {"type": "str", "required": True},
            "initiated_by": {"type": "str"},
            **STATE_TABLES_SPEC,
            "timeout": timeout_spec(30),
        },
    )


if __name__ == "__main__":
    main()
