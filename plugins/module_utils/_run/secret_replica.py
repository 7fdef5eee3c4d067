# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Bringing a secret's replica where it is wanted: look, decide, call, look until it is so."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.change import change
from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.effect import CALL_ERRORS
from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.secrets import api
from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.secrets.observe import read_pair, same_value
from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.secrets.transform import secret_id_in
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.errors import DrError, Refused, aws_error
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.module import Context
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.wait import wait_until
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.call import Call
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.finding import Finding
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.secret import (
    ReplicationStatus,
    SecretPair,
    Standing,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.secrets import (
    Act,
    Decision,
    State,
    decide,
    needs_values,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run.guard import Guard

INTERVAL = 0.5
STEPS = {State.PROMOTED: "promote_secret", State.LINKED: "link_secret", State.PRESENT: "add_secret_replica"}


@dataclass(frozen=True)
class Wanted:
    """What is asked for. ``source`` is empty where it isn't to be asked."""

    secret_id: str
    target: str
    source: str
    state: State
    force: bool
    key_id: str
    wait: bool


@dataclass(frozen=True)
class Done:
    """The secret before and after; what is worth knowing; the call that made the difference."""

    before: SecretPair
    after: SecretPair
    findings: tuple[Finding, ...] = ()
    calls: tuple[Call, ...] = ()


def bring(wanted: Wanted, guard: Guard) -> Done:
    """Bring the secret to the wanted state. Raises ``Refused`` and ``DrError``."""
    context = guard.context
    before = _look(wanted, context)
    if wanted.state is State.IN_SYNC:
        return _in_sync(wanted, before, context)
    decision = _decided(wanted, before, context)
    step = f"{STEPS[wanted.state]} {wanted.secret_id}"
    if decision.act is None:
        if not context.check_mode:
            guard.already(step, standing=before.standing.value)
        return Done(before, before)
    calls = (Call("secretsmanager", decision.act.value, decision.region),)
    if context.check_mode:
        return Done(before, before, calls=calls)
    with guard.step(step, calls) as journal:
        _call(decision, wanted, context)
        after = _settled(decision.act, wanted, context)
        journal.saw(standing=after.standing.value, status=after.status.value)
    return Done(before, after, calls=calls)


def _look(wanted: Wanted, context: Context) -> SecretPair:
    try:
        return read_pair(
            context.clients, wanted.secret_id, wanted.source, wanted.target, context.clock, context.deadline
        )
    except CALL_ERRORS as exc:
        raise aws_error(exc, f"Reading the secret {wanted.secret_id} (secretsmanager:DescribeSecret)") from exc


def _decided(wanted: Wanted, pair: SecretPair, context: Context) -> Decision:
    same = None
    if needs_values(wanted.state, pair) and not wanted.force:
        try:
            same = same_value(context.clients, pair, context.clock, context.deadline)
        except CALL_ERRORS as exc:
            raise aws_error(exc, f"Comparing the values of {wanted.secret_id} (secretsmanager:GetSecretValue)") from exc
    decision = decide(wanted.state, pair, same_value=same, force=wanted.force)
    if decision.refused:
        raise Refused(decision.findings)
    return decision


def _in_sync(wanted: Wanted, before: SecretPair, context: Context) -> Done:
    """Look until it is in sync, where there is a source to be in sync with; else take it as it is."""

    def findings(pair: SecretPair) -> tuple[Finding, ...]:
        return decide(State.IN_SYNC, pair, same_value=None, force=False).findings

    after = before
    waits = wanted.wait and not context.check_mode and before.source_read and before.linked
    if waits and before.in_sync is False and before.status is not ReplicationStatus.FAILED:
        after = _wait(lambda pair: pair.in_sync is not False, wanted, context, lenient=True)
    decision = Decision(findings=findings(after))
    if decision.refused:
        raise Refused(decision.findings)
    return Done(before, after, decision.findings)


def _call(decision: Decision, wanted: Wanted, context: Context) -> None:
    """Make the one call. Raises ``DrError``."""
    region, clients = decision.region, context.clients
    name = secret_id_in(wanted.secret_id, region)

    def make() -> None:
        client = clients.get("secretsmanager", region)
        if decision.act is Act.STOP:
            api.stop_replication_to_replica(client, name)
        else:
            api.replicate_secret_to_regions(client, name, wanted.target, wanted.key_id, decision.overwrite)

    tried = f"secretsmanager:{decision.act.value if decision.act else ''} of {wanted.secret_id} in {region}"
    error = change(make, lambda: _begun(decision, wanted, context), tried, context.clock, context.deadline)
    if error is not None:
        raise aws_error(error, tried) from error


def _begun(decision: Decision, wanted: Wanted, context: Context) -> bool:
    seen = _look(wanted, context)
    if decision.act is Act.STOP:
        return seen.standing is not Standing.REPLICA
    listed = seen.source.replica_in(wanted.target) if seen.source else None
    return listed is not None and listed.status is not ReplicationStatus.FAILED


def _settled(act: Act, wanted: Wanted, context: Context) -> SecretPair:
    """Look until the call has taken effect. Raises ``DrError`` where the replication failed."""
    if not wanted.wait:
        return _look(wanted, context)
    if act is Act.STOP:
        return _wait(lambda pair: pair.standing is not Standing.REPLICA, wanted, context)
    after = _wait(lambda pair: pair.in_sync is True or pair.status is ReplicationStatus.FAILED, wanted, context)
    if after.status is ReplicationStatus.FAILED:
        raise DrError(
            f"Replicating {wanted.secret_id} to {wanted.target}",
            after.message or "it failed",
            "Mend that and run again.",
        )
    return after


def _wait(done: Callable[[SecretPair], bool], wanted: Wanted, context: Context, *, lenient: bool = False) -> SecretPair:
    """Look until ``done``. ``lenient``: what was seen last is then returned at the deadline instead of ``TimedOut``."""
    clock, deadline = context.clock, context.deadline
    return wait_until(
        lambda: _look(wanted, context),
        lambda pair: done(pair) or (lenient and deadline.remaining(clock) <= INTERVAL),
        what=f"the secret {wanted.secret_id} in {wanted.target}",
        interval=INTERVAL,
        deadline=deadline,
        clock=clock,
        progress=context.progress,
    )
