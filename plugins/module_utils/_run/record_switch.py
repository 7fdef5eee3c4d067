# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Carrying a plan for record sets out: batch by batch, each on a fresh proof, planned anew where it met resistance."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.effect import CallFailed, Effect
from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.route53 import api, transform
from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.route53.account import Account
from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.route53.wait import is_in_sync
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.errors import DrError, Refused, having_made
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.call import Call
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.records import Batch, Submitted, Zone
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.records import SwitchPlan

CALL = Call("route53", "ChangeResourceRecordSets", api.REGION)  # for each batch
STALE = "InvalidChangeBatch"  # what a DELETE answers when the record set isn't as it was read


@dataclass(frozen=True)
class Switched:
    """``submitted`` are the batches taken in; ``unanswered`` says that one took effect without saying its id."""

    submitted: tuple[Submitted, ...]
    unanswered: bool

    @property
    def changed(self) -> bool:
        return bool(self.submitted) or self.unanswered


def carry_out(
    plan: SwitchPlan, plan_again: Callable[[], SwitchPlan], prove: Callable[[], None], account: Account, zone: Zone
) -> Switched:
    """Submit the plan's batches. ``prove`` is called right before each try and raises where traffic may not move.

    Where a batch met record sets other than those read, or gave no answer, ``plan_again`` says what is left to do.
    Raises ``CallFailed``, and what the two callables raise: as a ``DrError`` that says so where some batches were made.
    """
    submitted: list[Submitted] = []
    made: list[Call] = []

    def submit(batch: Batch) -> Submitted:
        try:
            answer = _submit(batch, account, zone)
        except CallFailed as failed:
            if failed.effect is Effect.UNKNOWN:
                made.append(CALL)  # it may have been made: better said than left out
            raise
        made.append(CALL)
        return answer

    try:
        with having_made(made):
            return _carry_out(plan, plan_again, prove, submit, account, submitted)
    except Refused as refused:
        if not submitted:
            raise
        names = ", ".join(str(name) for change in submitted for name in change.names)
        with having_made(made):
            raise DrError(
                f"Switching the names of {zone.name}",
                f"these were switched, and no others: {names}; then came: {refused}",
                "Mend that and run the task again: it goes on with the others.",
            ) from refused


def _carry_out(
    plan: SwitchPlan,
    plan_again: Callable[[], SwitchPlan],
    prove: Callable[[], None],
    submit: Callable[[Batch], Submitted],
    account: Account,
    submitted: list[Submitted],
) -> Switched:
    batches = plan.batches
    attempt, doubt, unanswered = 1, False, False
    while batches:
        prove()
        try:
            submitted.append(submit(batches[0]))
            batches, attempt, doubt = batches[1:], 1, False
        except CallFailed as failed:
            doubt = doubt or failed.effect is Effect.UNKNOWN
            left = plan_again().batches if doubt or failed.code == STALE else batches
            if left[:1] != batches[:1]:
                unanswered = unanswered or doubt
                batches, attempt, doubt = left, 1, False
            elif account.pause(failed, attempt):
                attempt += 1
            else:
                raise
    return Switched(tuple(submitted), unanswered)


def _submit(batch: Batch, account: Account, zone: Zone) -> Submitted:
    what = f"Changing {len(batch.names)} names of {zone.name} (route53:ChangeResourceRecordSets)"
    raw = account.once(
        what, api.change_resource_record_sets, zone.id, [transform.change(each) for each in batch.changes]
    )
    return Submitted(transform.plain_id(raw["Id"]), is_in_sync(raw), batch.names)
