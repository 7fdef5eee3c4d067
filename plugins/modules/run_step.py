#!/usr/bin/python
# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import annotations

DOCUMENTATION = r"""
module: run_step
version_added: 0.1.0
short_description: Put a step of your own into a run's journal
description:
  - Stands before and after tasks that aren't this collection's, so that the journal has them as it has the steps of the
    modules here.
  - Before them it renews the lease and writes that the step begins. Where another run has taken over it fails, so that
    nothing is done. After them it renews it again, writes how they ended, and fails where the lease was lost meanwhile.
  - Tasks between the two don't renew the lease. So a process beside them does that until the step has ended, the
    ansible-playbook that it is of is gone, or O(keep_for) has passed. Without it another controller would take for dead
    what lasts longer than 30 seconds, and the run would go on there. It needs C(/proc), as Linux has it.
  - Reports no change, as nothing of the workload has changed.
options:
  name:
    description: The step's name in the journal.
    type: str
    required: true
  state:
    description:
      - V(started) before the tasks.
      - V(done) after them, V(failed) where one failed.
    type: str
    choices: [started, done, failed]
    required: true
  error:
    description: With O(state=failed), what failed. Nothing secret.
    type: str
    default: ""
  keep_for:
    description:
      - With O(state=started), for how long the lease is kept while the tasks run, in seconds. V(0) doesn't keep it.
      - Half a minute after that another controller may take over, and O(state=done) fails.
    type: float
    default: 3600.0
  run:
    required: true
  timeout:
    description: Seconds after which the task fails.
    type: float
    default: 30.0
attributes:
  check_mode:
    details: Nothing is written.
  diff_mode:
    support: none
extends_documentation_fragment:
  - multiregion.aws_dr.attributes
  - multiregion.aws_dr.run
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
author:
  - multiregion.aws_dr contributors (@multiregion)
"""

EXAMPLES = r"""
- name: Say that the step begins
  multiregion.aws_dr.run_step:
    run: "{{ opened.run }}"
    name: restart the workers
    state: started

- name: Do it
  ansible.builtin.command: /usr/local/bin/restart-workers

- name: Say that it is done
  multiregion.aws_dr.run_step:
    run: "{{ opened.run }}"
    name: restart the workers
    state: done
"""

RETURN = r"""
step:
  description: The step as it is in the journal. Its state is null in check mode, where nothing is written.
  returned: success
  type: dict
  sample: {name: restart the workers, state: started}
calls:
  description: The changing AWS calls. Always empty, as those on the state table change nothing of a workload.
  returned: success
  type: list
  elements: dict
refusals:
  description: Why the step may not begin, each with C(code), C(observed), C(remedy), C(severity) and C(runbook).
  returned: when refused
  type: list
  elements: dict
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.clients import Clients
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.detached import detached
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.module import Context, Result, run
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.options import RUN_SPEC, timeout_spec
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.run import RunToken
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run.guard import guarded
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run.keeper import keep
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run.stores import open_store


def execute(options: Mapping[str, Any], context: Context) -> Result:
    """Write to the journal. Raises ``Refused`` where the step may not begin, or was taken over meanwhile."""
    guard = guarded(options["run"], context)
    if options["state"] == "started":
        guard.begin(options["name"])
        _keep(options, context)
    else:
        guard.end(options["name"], options["error"] or "it failed" if options["state"] == "failed" else "")
    state = None if context.check_mode else options["state"]
    return Result(changed=False, values={"step": {"name": options["name"], "state": state}})


def _keep(options: Mapping[str, Any], context: Context) -> None:
    """Beside the tasks to come, with clients of its own. Only where it can be told that the controller lives."""
    token, longest = RunToken.from_options(options["run"]), options["keep_for"]
    if context.check_mode or not token.pid or longest <= 0:
        return
    beside = replace(context, clients=Clients(context.clients.connection))
    detached(lambda: keep(token, options["name"], longest, open_store(token, beside), beside.clock))


def main() -> None:
    run(
        execute,
        argument_spec={
            "name": {"type": "str", "required": True},
            "state": {"type": "str", "choices": ["started", "done", "failed"], "required": True},
            "error": {"type": "str", "default": ""},
            "keep_for": {"type": "float", "default": 3600.0},
            "run": {**RUN_SPEC, "required": True},
            "timeout": timeout_spec(30),
        },
    )


if __name__ == "__main__":
    main()
