# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fencing by the network ACLs of the database's subnets: entries are added or taken away until it is as wanted."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.ec2 import api
from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.ec2.transform import entry_request
from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.effect import (
    CALL_ERRORS,
    NO_EFFECT,
    Effect,
    effect_of,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.rds.observe import again
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.errors import error_code
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.gather import gather, within
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.module import Context
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.call import Call
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.fence import (
    AclEntry,
    Before,
    FenceState,
    Method,
    NetworkAcl,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.finding import Severity
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.fence import (
    AclChange,
    Rules,
    acl_state,
    additions,
    check_acls,
    ours,
    removals,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run.fence_applied import Applied
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run.fence_site import Site, read_acls
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run.guard import Guard

CALL = 4.0  # seconds that a change has for its answer: after that, looking tells more than waiting
ROUNDS = 3  # how often what is still missing is asked for
PAUSE = 0.5  # seconds between them


def fence_acls(region: str, site: Site, rules: Rules, allow_shared: bool, before: Before, guard: Guard) -> Applied:
    """Add what is missing. What speaks against it is in the result's ``findings``, and nothing is changed then."""
    context = guard.context
    changes, findings = additions(site.acls, rules)
    findings = (*findings, *check_acls(site.acls, site.subnets, allow_shared, changes))
    state = acl_state(site.acls, rules)
    refused = tuple(finding for finding in findings if finding.severity is Severity.REFUSE)
    if refused:
        return Applied(Method.NETWORK_ACL, state, findings=refused, entries=entries_of(site.acls, rules))
    for finding in findings:
        context.warn(f"[{finding.code}] {finding.observed} {finding.remedy}")
    return _bring("fence", FenceState.FENCED, region, site, rules, changes, before, guard)


def unfence_acls(region: str, site: Site, rules: Rules, guard: Guard) -> Applied:
    """Take every entry of ours away, and nobody else's."""
    changes = removals(site.acls, rules)
    return _bring("unfence", FenceState.UNFENCED, region, site, rules, changes, None, guard)


def _bring(
    verb: str,
    wanted: FenceState,
    region: str,
    site: Site,
    rules: Rules,
    changes: Sequence[AclChange],
    before: Before | None,
    guard: Guard,
) -> Applied:
    context, name = guard.context, f"{verb}_network_acl"
    state = acl_state(site.acls, rules)
    calls = tuple(_call(region, wanted) for _change in changes)
    if context.check_mode:
        would_be = tuple({"acl": change.acl, "entry": str(change.entry)} for change in changes)
        entries = would_be if wanted is FenceState.FENCED else ()
        return Applied(Method.NETWORK_ACL, wanted, bool(changes), calls, (*entries_of(site.acls, rules), *entries))
    if not changes:
        guard.already(name, state=state.value)
        return Applied(Method.NETWORK_ACL, state, entries=entries_of(site.acls, rules))
    with guard.step(name, calls, before=before.as_dict() if before else None) as step:
        made, acls, trouble = _change_until(wanted, region, site, rules, changes, context)
        state = FenceState.UNKNOWN if acls is None else acl_state(acls, rules)
        entries = entries_of(acls or (), rules)
        step.saw(state=state.value, entries=list(entries), trouble=trouble)
    calls = tuple(_call(region, wanted) for _change in range(made))
    return Applied(Method.NETWORK_ACL, state, made > 0, calls, entries, trouble=trouble)


def _change_until(
    wanted: FenceState, region: str, site: Site, rules: Rules, changes: Sequence[AclChange], context: Context
) -> tuple[int, Sequence[NetworkAcl] | None, str]:
    """Change, and look, until nothing is left to change or trying again won't help: how many entries have changed,
    what is there then (``None``: not known, and each call counts that wasn't refused), and what went wrong."""
    made, trouble, acls = 0, "", site.acls
    before = set(_ours(acls, rules))
    for round_number in range(ROUNDS):
        errors = _apply(wanted, region, changes, context)
        unclear = len(changes) - sum(_final(error) or effect_of(error) in NO_EFFECT for error in errors)
        trouble = "; ".join(sorted({f"{error_code(error)}: {error}" for error in errors}))
        try:
            acls = again(lambda: read_acls(region, site.subnets, context), context.clock, context.deadline)
        except CALL_ERRORS as exc:
            return made + unclear, None, f"{trouble}; {type(exc).__name__}: {exc}".lstrip("; ")
        made = len(before ^ set(_ours(acls, rules)))
        changes = additions(acls, rules)[0] if wanted is FenceState.FENCED else removals(acls, rules)
        if not changes:
            return made, acls, ""
        if round_number + 1 == ROUNDS or all(_final(error) for error in errors):
            break
        context.clock.sleep(min(PAUSE, context.deadline.remaining(context.clock)))
    return made, acls, trouble


def _ours(acls: Sequence[NetworkAcl], rules: Rules) -> list[tuple[str, AclEntry]]:
    return [(acl.id, entry) for acl in acls for entry in ours(acl, rules)]


def _final(error: Exception) -> bool:
    return effect_of(error) is Effect.FINAL or error_code(error) in api.NO_ROOM


def _apply(wanted: FenceState, region: str, changes: Sequence[AclChange], context: Context) -> list[Exception]:
    """Make the changes, each ACL's one after the other: the way in first. The errors there were."""
    by_acl: dict[str, list[AclChange]] = {}
    for change in changes:
        by_acl.setdefault(change.acl, []).append(change)

    def changer(of_one: Sequence[AclChange]) -> Callable[[], list[Exception]]:
        return lambda: [error for change in of_one if (error := _call_once(wanted, region, change, context))]

    outcomes = gather({acl: changer(of_one) for acl, of_one in by_acl.items()}, context.deadline, context.clock)
    errors: list[Exception] = []
    for outcome in outcomes.values():
        errors += [outcome.error] if outcome.error else outcome.value or []
    return errors


def _call_once(wanted: FenceState, region: str, change: AclChange, context: Context) -> Exception | None:
    client = context.clients.get("ec2", region)

    def call() -> None:
        if wanted is FenceState.FENCED:
            api.create_network_acl_entry(client, change.acl, entry_request(change.entry))
        else:
            api.delete_network_acl_entry(client, change.acl, change.entry.number, change.entry.egress)

    deadline = context.deadline.sooner(context.clock, CALL)
    try:
        within(call, deadline, context.clock, f"ec2:{_call(region, wanted).action} in {region}")
    except CALL_ERRORS as exc:
        return exc
    return None


def _call(region: str, wanted: FenceState) -> Call:
    action = "CreateNetworkAclEntry" if wanted is FenceState.FENCED else "DeleteNetworkAclEntry"
    return Call("ec2", action, region)


def entries_of(acls: Sequence[NetworkAcl], rules: Rules) -> tuple[dict[str, str], ...]:
    """Our entries as they are shown."""
    return tuple({"acl": acl, "entry": str(entry)} for acl, entry in _ours(acls, rules))
