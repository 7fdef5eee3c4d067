#!/usr/bin/python
# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import annotations

DOCUMENTATION = r"""
module: elasticache_global_replication_group_failover
version_added: 0.1.0
short_description: Move the primary of an ElastiCache global datastore to another Region
description:
  - Promotes the member of an ElastiCache global datastore that is in the Region O(target), and waits until it takes
    writes.
  - ElastiCache has one operation for planned and unplanned moves. What has not been replicated yet is lost in both.
  - Only the target's Region is asked, so that the loss of any other one delays nothing.
  - Starting and waiting can be two tasks. The start returns an operation, and the wait takes it and never starts any.
  - If the target is the primary already, nothing is changed. While the datastore is being modified nothing is started,
    because AWS does not say towards what. O(state=promoted) then waits for the end and looks again.
  - When the answer to the request is unclear, the datastore is looked at again before anything else is done.
options:
  global_replication_group_id:
    description: Identifier of the global datastore, with the five letters that AWS puts before its name.
    type: str
    required: true
  regions:
    description:
      - The two Regions in which the workload lives. The target and the current primary must both be in them.
      - So a primary that is somewhere unexpected stops the task.
    type: list
    elements: str
    required: true
  target:
    description: The Region where the primary should be.
    type: str
    required: true
  state:
    description:
      - V(promoted) starts the promotion and waits for its end.
      - V(started) starts it and returns at once with RV(operation).
      - V(finished) waits for the end of the O(operation) given, and starts nothing.
    type: str
    choices: [promoted, started, finished]
    default: promoted
  operation:
    description: What an earlier task with O(state=started) returned as RV(operation). Required with O(state=finished).
    type: dict
    suboptions:
      id:
        description: Identifier of the request.
        type: str
        required: true
      from:
        description: Region of the primary before it, empty where it was unknown or there was nothing to do.
        type: str
        required: true
      to:
        description: Region of the primary to be.
        type: str
        required: true
      replication_group_id:
        description: The replication group to be promoted.
        type: str
        required: true
      started:
        description: Whether the earlier task started it.
        type: bool
        default: false
      already:
        description: Whether the target was the primary already.
        type: bool
        default: false
      requested_at:
        description: When it was requested, in seconds since the epoch, or V(0) when it was not requested.
        type: float
        default: 0.0
  prove:
    description:
      - Proves the primary by a real write through the target's own primary endpoint, with TLS where the replication
        group has it. An empty dictionary will do for a cache that wants no token.
      - The proof is one key, C(aws_dr:primary_proof:) with the datastore's id, which vanishes after an hour.
      - With it, the task ends when the write is acknowledged, also where the datastore is still being modified because
        the old primary's Region is lost. Without it, the task ends when the datastore is available.
    type: dict
    suboptions:
      secret_id:
        description:
          - Name or ARN of the Secrets Manager secret that holds the cache's token, alone or in JSON as C(password),
            with C(username) for a user of its own.
          - It is read in the target's Region, so its replica must exist there.
        type: str
      ca_path:
        description: File with the certificates to trust instead of the system's.
        type: path
  required:
    description:
      - Whether the task fails when the cache can't be promoted or proved.
      - With V(false) it warns instead and returns RV(error), so that a cache never stops a database's failover.
        It still fails where another run has taken over.
    type: bool
    default: true
  poll_interval:
    description:
      - Seconds between two looks at the datastore.
      - In the first 10 seconds it is looked at every 0.25 seconds, or more often where this option says so.
    type: float
    default: 0.5
  timeout:
    description: Seconds after which the task fails. The promotion goes on, and the task run again goes on waiting.
    type: float
    default: 300.0
attributes:
  check_mode:
    details: With O(state=finished), and after O(state=promoted), nothing is waited for and the primary is not proved.
extends_documentation_fragment:
  - multiregion.aws_dr.attributes
  - multiregion.aws_dr.resolvers
  - multiregion.aws_dr.run
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
author:
  - multiregion.aws_dr contributors (@multiregion)
"""

EXAMPLES = r"""
- name: Promote the cache in Ireland, and prove that it takes writes
  multiregion.aws_dr.elasticache_global_replication_group_failover:
    global_replication_group_id: abcde-shop
    regions: [eu-central-1, eu-west-1]
    target: eu-west-1
    prove:
      secret_id: shop/cache

- name: Start it beside the database's promotion, which it must never stop
  multiregion.aws_dr.elasticache_global_replication_group_failover:
    global_replication_group_id: abcde-shop
    regions: [eu-central-1, eu-west-1]
    target: eu-west-1
    state: started
    required: false
  register: promotion

- name: Wait for it, once the database's writer is proved
  multiregion.aws_dr.elasticache_global_replication_group_failover:
    global_replication_group_id: abcde-shop
    regions: [eu-central-1, eu-west-1]
    target: eu-west-1
    state: finished
    operation: "{{ promotion.operation }}"
    required: false
  when: promotion.operation is not none
"""

RETURN = r"""
operation:
  description:
    - The promotion that was started, followed, or not needed.
    - Null where O(required=false) passed over a failure before there was any.
  returned: success
  type: dict
  contains:
    id:
      description: Identifier of the request, made by this module. ElastiCache gives none.
      type: str
    from:
      description: Region of the primary before it. Empty where there was nothing to do or no primary.
      type: str
    to:
      description: Region of the primary to be.
      type: str
    replication_group_id:
      description: The replication group to be promoted.
      type: str
    started:
      description: Whether this task started it, or the task that the operation was taken from.
      type: bool
    already:
      description: Whether the target was the primary already.
      type: bool
    requested_at:
      description: When it was requested, in seconds since the epoch. 0 when this task did not start it.
      type: float
  sample:
    id: abcde-shop/eu-west-1/1767225600
    from: eu-central-1
    to: eu-west-1
    replication_group_id: shop-eu-west-1
    started: true
    already: false
    requested_at: 1767225600.1
cache:
  description:
    - The global datastore as it was last seen. After O(state=started), as it was just before the start.
    - Null where it was never seen.
  returned: success
  type: dict
  contains:
    id:
      description: Its identifier.
      type: str
    status:
      description: Its status.
      type: str
    primary:
      description: The Region of its primary, null when there is none.
      type: str
    engine_version:
      description: Its engine's version.
      type: str
    node_type:
      description: Its node type.
      type: str
    members:
      description: Its members, each with C(region), C(replication_group_id), C(role) and C(status).
      type: list
      elements: dict
proof:
  description:
    - The proof of the primary, a write that was acknowledged.
    - Null without O(prove), in check mode and with O(state=started).
  returned: success
  type: dict
  contains:
    region:
      description: The Region that was proved.
      type: str
    endpoint:
      description: The primary endpoint that was written through.
      type: str
    address:
      description: What it resolved to.
      type: str
    key:
      description: The key that was written.
      type: str
    nonce:
      description: What was written.
      type: str
    seconds:
      description: How long it took to resolve, connect and write.
      type: float
    written_at:
      description: When the write was acknowledged, in seconds since the epoch.
      type: float
error:
  description: Why the cache was not promoted or not proved, where O(required=false) let the task go on. Else null.
  returned: success
  type: str
calls:
  description: The changing AWS calls that were made, or in check mode would be made.
  returned: success
  type: list
  elements: dict
  sample: [{service: elasticache, action: FailoverGlobalReplicationGroup, region: eu-west-1}]
refusals:
  description: Why nothing was changed, each with C(code), C(observed), C(remedy), C(severity) and C(runbook).
  returned: when refused
  type: list
  elements: dict
"""

from collections.abc import Mapping
from typing import Any

from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.errors import DrError, Refused
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.module import AWS_ERRORS, Context, Result, run
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.options import (
    RESOLVERS_SPEC,
    RUN_SPEC,
    timeout_spec,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.cache import CacheOperation, Datastore
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.finding import Finding, refusal
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.cache import Wanted
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run.cache import Begun, CacheRefused, begin, read_for
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run.cache_wait import (
    Finished,
    InVain,
    Proving,
    finish,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run.guard import Guard, guarded

FAILURES: tuple[type[Exception], ...] = (Refused, DrError, *AWS_ERRORS)
OPERATION_SPEC: dict[str, Any] = {
    "type": "dict",
    "options": {
        "id": {"type": "str", "required": True},
        "from": {"type": "str", "required": True},
        "to": {"type": "str", "required": True},
        "replication_group_id": {"type": "str", "required": True},
        "started": {"type": "bool", "default": False},
        "already": {"type": "bool", "default": False},
        "requested_at": {"type": "float", "default": 0.0},
    },
}
PROVE_SPEC: dict[str, Any] = {
    "type": "dict",
    "options": {"secret_id": {"type": "str", "no_log": False}, "ca_path": {"type": "path"}},
}


def argument_spec() -> dict[str, Any]:
    return {
        "global_replication_group_id": {"type": "str", "required": True},
        "regions": {"type": "list", "elements": "str", "required": True},
        "target": {"type": "str", "required": True},
        "state": {"type": "str", "choices": ["promoted", "started", "finished"], "default": "promoted"},
        "operation": OPERATION_SPEC,
        "prove": PROVE_SPEC,
        "required": {"type": "bool", "default": True},
        "resolvers": RESOLVERS_SPEC,
        "poll_interval": {"type": "float", "default": 0.5},
        "run": RUN_SPEC,
        "timeout": timeout_spec(300),
    }


class Work:
    """The task as far as it got: what was begun and last seen outlives the error that ended it."""

    def __init__(self, options: Mapping[str, Any], context: Context) -> None:
        self.options = options
        self.guard: Guard = guarded(options["run"], context)
        self.wanted = Wanted(options["global_replication_group_id"], options["target"], tuple(options["regions"]))
        self.begun: Begun | None = None
        self.finished: Finished | None = None

    def do(self) -> None:
        """Start, wait, or both. Raises ``Refused`` and ``DrError``."""
        wrong = _wrong_options(self.options)
        if wrong:
            raise CacheRefused(wrong)
        context = self.guard.context
        if self.options["state"] == "finished":
            operation = _operation(self.options["operation"])
            self.begun = Begun(operation, Datastore(self.wanted.datastore_id, "", ()))
            self.finished = Finished(read_for(self.wanted, context)) if context.check_mode else self._finish(operation)
            return
        self.begun = begin(self.wanted, self.guard)
        if self.options["state"] == "started" or context.check_mode:
            self.finished = Finished(self.begun.before)
            return
        try:
            self.finished = self._finish(self.begun.operation)
        except InVain:
            if self.begun.operation.started:
                raise
            self.begun = begin(self.wanted, self.guard)  # what it was busy with was something else, and is over
            self.finished = self._finish(self.begun.operation)

    def _finish(self, operation: CacheOperation) -> Finished:
        prove = self.options["prove"]
        proving = None
        if prove is not None:
            proving = Proving(prove["secret_id"] or "", prove["ca_path"], tuple(self.options["resolvers"]))
        poll = self.options["poll_interval"]
        return finish(operation, self.wanted.datastore_id, proving, poll, self.guard.context)

    def result(self, error: str | None = None) -> Result:
        begun, finished = self.begun, self.finished
        starts = begun is not None and self.options["state"] != "finished"
        calls = begun.calls if begun and starts else ()
        seen = finished.datastore if finished else begun.before if begun and starts else None
        values = {
            "operation": begun.operation.as_dict() if begun else None,
            "cache": seen.as_dict() if seen else None,
            "proof": finished.proof.as_dict() if finished and finished.proof else None,
            "error": error,
        }
        if begun is None or not starts:
            return Result(changed=False, values=values)
        before = {"primary": begun.before.primary.region if begun.before.primary else None}
        after = {"primary": begun.operation.to_region} if calls else before
        return Result(changed=bool(calls), values=values, before=before, after=after, calls=calls)


def execute(options: Mapping[str, Any], context: Context) -> Result:
    """Promote, or say why not. Raises ``Refused`` and ``DrError``, but for the cache's own without ``required``."""
    work = Work(options, context)
    try:
        work.do()
    except FAILURES as error:
        # A refusal that isn't the cache's own is the guard's: another run has taken over.
        if options["required"] or (isinstance(error, Refused) and not isinstance(error, CacheRefused)):
            raise
        context.warn(f"The cache is not proved to be promoted, and the task goes on without it: {error}")
        return work.result(str(error))
    return work.result()


def _wrong_options(options: Mapping[str, Any]) -> tuple[Finding, ...]:
    if options["poll_interval"] <= 0 or options["timeout"] <= 0:
        seen = f"poll_interval is {options['poll_interval']}, timeout is {options['timeout']}."
        return (refusal("not_positive", seen, "Give both in seconds, more than 0."),)
    if options["state"] == "finished" and options["operation"]["to"] != options["target"]:
        seen = f"The operation goes to {options['operation']['to']}, the target is {options['target']}."
        return (refusal("other_operation", seen, "Give the operation that the start towards this target returned."),)
    return ()


def _operation(given: Mapping[str, Any]) -> CacheOperation:
    return CacheOperation(
        id=given["id"],
        from_region=given["from"],
        to_region=given["to"],
        group=given["replication_group_id"],
        started=given["started"],
        already=given["already"],
        requested_at=given["requested_at"],
    )


def main() -> None:
    run(execute, argument_spec=argument_spec(), required_if=[("state", "finished", ["operation"])])


if __name__ == "__main__":
    main()
