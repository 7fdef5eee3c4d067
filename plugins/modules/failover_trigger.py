#!/usr/bin/python
# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import annotations

DOCUMENTATION = r"""
module: failover_trigger
version_added: 0.1.0
short_description: Decide whether a workload is failed over without a person
description:
  - Takes a verdict of the watcher, reads afresh what else counts, and decides by the workload's policy.
  - What is read are the kill switch, the lock, the last runs, the last baseline and the last decision in the state
    table, and API, database and cache in the target's Region. Nothing is asked of the Region that may be lost, nor of
    us-east-1.
  - Whatever can't be read is a reason to hold, a kill switch that can't be read first of all. That the target lags
    behind is none.
  - The decision is put on record where it isn't the one of before. A failover hardly waits for that, and is decided
    all the same where it fails.
  - It changes nothing of the workload. M(multiregion.aws_dr.run_open) checks once more that nobody else is at it.
options:
  workload:
    description: The workload that it is decided for. The verdict has to be of that one.
    type: str
    required: true
  lock:
    description: What its runs lock, the global cluster's identifier.
    type: str
    required: true
  verdict:
    description:
      - The verdict, as the watcher published it.
      - It is held against the policy once more, as it may have been made by another one, or a while ago.
    type: dict
    required: true
  policy:
    description:
      - The policy, as the inventory variable C(aws_dr_automatic) has it, with any of C(mode), C(witnesses), C(kinds),
        C(sustained), C(cooldown), C(allowed) and C(maintenance).
      - Empty is V(manual), by which nothing is done.
    type: dict
    default: {}
  target:
    description: The Region that a failover would go to, and what is looked at there.
    type: dict
    required: true
    suboptions:
      region:
        description: The Region's name.
        type: str
        required: true
      api_url:
        description:
          - Health URL of the Region's own API. Left out where the run itself starts what serves there.
        type: str
      global_replication_group_id:
        description: Identifier of the ElastiCache global datastore, where the workload can't do without it.
        type: str
  database:
    required: true
  decided_by:
    description: Who asks for the decision. Default is the user of this machine.
    type: str
  observe_timeout:
    description: Seconds after which whatever hasn't been read is unknown.
    type: float
    default: 3.0
  timeout:
    description: Seconds after which the task fails.
    type: float
    default: 15.0
attributes:
  diff_mode:
    support: none
extends_documentation_fragment:
  - multiregion.aws_dr.attributes
  - multiregion.aws_dr.database
  - multiregion.aws_dr.resolvers
  - multiregion.aws_dr.state_table
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
author:
  - multiregion.aws_dr contributors (@multiregion)
"""

EXAMPLES = r"""
- name: Decide on what the watcher found
  multiregion.aws_dr.failover_trigger:
    workload: shop
    lock: shop
    verdict: "{{ verdict }}"
    policy: "{{ aws_dr_automatic | default({}) }}"
    target:
      region: eu-west-1
      api_url: https://api.eu-west-1.shop.example/healthz
    database:
      global_cluster_id: shop
      name: shop
      secret_id: shop/db
    table: aws-dr-state
    table_region: eu-west-1
  register: trigger
"""

RETURN = r"""
decision:
  description: What was decided, and on what.
  returned: success
  type: dict
  contains:
    action:
      description: V(none), V(hold), V(recommend) or V(fail_over).
      type: str
    reasons:
      description: Every reason for not doing more, each with C(code), C(observed), C(remedy) and C(runbook).
      type: list
      elements: dict
    ruling:
      description: What the verdict says is the matter.
      type: str
    first_failure:
      description:
        - When a witness first saw the workload fail, in seconds since the epoch. 0 when none did, or when its clock
          can't have been right.
      type: float
    surroundings:
      description: What else was known. Null is unknown.
      type: dict
    unread:
      description: Why, by what couldn't be read.
      type: dict
    goes_on:
      description: Whether a failover of the policy's own was killed, so that this would be its next attempt.
      type: bool
    recorded:
      description: Whether the decision stands in the state table. False in check mode.
      type: bool
    told:
      description: What people are to be told, where no run tells it.
      type: list
      elements: str
    lines:
      description: All of it, as a person reads it.
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

from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.dynamodb.store import TableStore
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.errors import DrError
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.module import Context, Result, run
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.options import (
    DATABASE_SPEC,
    RESOLVERS_SPEC,
    STATE_TABLE_SPEC,
    timeout_spec,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.process import holder
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.database import Database
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.health import Leg
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.trigger import Decision, Policy
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.witness import Verdict
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.trigger import decide
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.trigger_case import usable_first_failure
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.trigger_policy import BadPolicy, policy_of
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.trigger_text import decision_lines, told_lines
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run.trigger import Known, Place, look, record


def execute(options: Mapping[str, Any], context: Context) -> Result:
    """Look, decide, put on record. Raises ``DrError`` for a verdict or a policy that can't be understood."""
    verdict, policy = _verdict(options), _policy(options)
    store = TableStore(context.clients, options["table_region"], options["table"], context.clock)
    known = look(_place(options, verdict.region), store, context)
    decision = decide(policy, verdict, known.surroundings)
    by = options["decided_by"] or holder(0).user
    recorded = not context.check_mode and record(decision, known, by, store, context)
    return Result(False, {"decision": _values(decision, known, recorded, options["target"]["region"])})


def _verdict(options: Mapping[str, Any]) -> Verdict:
    tried = "Reading the verdict"
    try:
        verdict = Verdict.from_dict(options["verdict"])
    except (KeyError, TypeError, ValueError, AttributeError) as exc:
        raise DrError(
            tried, f"it is none: {type(exc).__name__}: {exc}", "Pass on what the watcher published, as it is."
        ) from exc
    if verdict.workload != options["workload"]:
        raise DrError(tried, f"it is of {verdict.workload}, not of {options['workload']}", "Pass on the right one.")
    if verdict.region == options["target"]["region"]:
        raise DrError(tried, f"it is of {verdict.region}, the target itself", "Watch the workload's home Region.")
    return verdict


def _policy(options: Mapping[str, Any]) -> Policy:
    try:
        return policy_of(options["policy"])
    except BadPolicy as exc:
        raise DrError("Reading the policy", str(exc), "Mend aws_dr_automatic in the inventory.") from exc


def _place(options: Mapping[str, Any], home: str) -> Place:
    database = Database.from_options(options["database"])
    target = options["target"]
    leg = Leg(
        region=target["region"],
        api_url=target["api_url"],
        global_cluster_id=database.global_cluster_id,
        datastore_id=target["global_replication_group_id"],
    )
    where = (options["workload"], options["lock"], home, leg, database)
    return Place(*where, options["resolvers"], options["observe_timeout"])


def _values(decision: Decision, known: Known, recorded: bool, target: str) -> dict[str, Any]:
    return {
        "action": decision.action.value,
        "reasons": [each.as_dict() for each in decision.reasons],
        "ruling": decision.verdict.ruling.value,
        "first_failure": usable_first_failure(decision.verdict, known.surroundings.wall),
        "surroundings": known.surroundings.as_dict(),
        "unread": dict(known.unread),
        "goes_on": known.goes_on,
        "recorded": recorded,
        "told": told_lines(decision, target),
        "lines": decision_lines(decision, target),
    }


def main() -> None:
    target = {
        "region": {"type": "str", "required": True},
        "api_url": {"type": "str"},
        "global_replication_group_id": {"type": "str"},
    }
    run(
        execute,
        argument_spec={
            "workload": {"type": "str", "required": True},
            "lock": {"type": "str", "required": True},
            "verdict": {"type": "dict", "required": True},
            "policy": {"type": "dict", "default": {}},
            "target": {"type": "dict", "required": True, "options": target},
            "database": {**DATABASE_SPEC, "required": True},
            "resolvers": RESOLVERS_SPEC,
            **STATE_TABLE_SPEC,
            "decided_by": {"type": "str"},
            "observe_timeout": timeout_spec(3),
            "timeout": timeout_spec(15),
        },
    )


if __name__ == "__main__":
    main()
