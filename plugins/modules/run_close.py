#!/usr/bin/python
# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import annotations

DOCUMENTATION = r"""
module: run_close
version_added: 0.1.0
short_description: End a run, or leave it open for its next attempt
description:
  - Writes how a run ended into its record and into the workload's history, and gives the lock back.
  - A closed run never reopens. Closing it again changes nothing.
  - Reports no change, as nothing of the workload has changed.
options:
  state:
    description:
      - V(closed) ends the run.
      - V(failed) is what a run ends with that failed somewhere. Where its promotion had begun it is left open, so that
        the next attempt goes on with it and waits for no lease. Otherwise it is closed, and so is every drill.
    type: str
    choices: [closed, failed]
    default: closed
  outcome:
    description: How it ended. Required with O(state=closed).
    type: str
    choices: [succeeded, degraded, split]
  summary:
    description:
      - What came of it, to be on record. Nothing secret.
      - What is more than 150 KB of JSON doesn't fit on the record; then the biggest values stay off it, and C(left_out)
        there says which.
    type: dict
    default: {}
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
- name: End the run
  multiregion.aws_dr.run_close:
    run: "{{ opened.run }}"
    outcome: succeeded
    summary:
      rto_seconds: 83.2
"""

RETURN = r"""
record:
  description: What is on record of the run.
  returned: success
  type: dict
way_back:
  description: How to finish or to undo what a failed run did.
  returned: success
  type: list
  elements: str
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

from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.errors import DrError, Refused
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.module import Context, Result, run
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.options import RUN_SPEC, timeout_spec
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.run import Outcome, RunKind, RunRecord, RunToken
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.evidence import bounded
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.journal import must_be_finished, way_back
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.lease import fenced
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run.lease import close_run, release, suspend
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run.stores import open_store


def execute(options: Mapping[str, Any], context: Context) -> Result:
    """Close or suspend the run. Raises ``Refused`` where it was taken over, ``DrError`` where it isn't known."""
    token = RunToken.from_options(options["run"])
    if context.check_mode:
        return Result(changed=False, values={"record": {}, "way_back": []})
    store = open_store(token, context)
    found = store.read_run(token.id)
    if found is None:
        raise DrError(f"Closing the run {token.id}", "there is no such run", "Give the run as run_open returned it.")
    if found.open and found.fence != token.fence:
        raise Refused((fenced(token.id),))
    summary = bounded(options["summary"])
    outcome = Outcome(options["outcome"] or "failed")
    if options["state"] == "failed":
        events = [event.as_dict() for event in store.read_events(token.id)]
        stays = found.kind is not RunKind.DRILL and must_be_finished(events)
        summary["way_back"] = way_back(found.as_dict(), events, ends=not stays)
        if stays:
            suspend(token.id, token.lock, token.fence, summary, store, context.clock)
            return _result(found, summary)
    closed = close_run(found, outcome, summary, store, context.clock)
    release(token.lock, token.fence, store)
    return _result(closed, summary)


def _result(record: RunRecord, summary: Mapping[str, Any]) -> Result:
    return Result(changed=False, values={"record": record.as_dict(), "way_back": summary.get("way_back", [])})


def main() -> None:
    run(
        execute,
        argument_spec={
            "state": {"type": "str", "choices": ["closed", "failed"], "default": "closed"},
            "outcome": {"type": "str", "choices": ["succeeded", "degraded", "split"]},
            "summary": {"type": "dict", "default": {}},
            "run": {**RUN_SPEC, "required": True},
            "timeout": timeout_spec(30),
        },
        required_if=[("state", "closed", ["outcome"])],
    )


if __name__ == "__main__":
    main()
