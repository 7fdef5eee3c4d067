# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Putting a Region's fence up, taking it down, and looking at it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.effect import CALL_ERRORS
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.errors import DrError, aws_error
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.gather import gather
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.module import Context
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.call import Call
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.database import Database
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.fence import (
    Attempt,
    Before,
    Compute,
    FenceState,
    Method,
    Proved,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.finding import Finding
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.fence import (
    Rules,
    acl_state,
    judge,
    overall,
    standing,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._probe.refusal import (
    api_acknowledges,
    held_connection_writes,
    new_connection_writes,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run.fence_acl import (
    entries_of,
    fence_acls,
    unfence_acls,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run.fence_applied import Applied
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run.fence_compute import (
    read_compute,
    restore_compute,
    stop_compute,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run.fence_hook import call_hook
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run.fence_site import (
    PATIENT,
    REACH,
    Connection,
    Site,
    find_site,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run.guard import Guard

REFUSED = 0.25  # seconds that a Region which takes no connection is asked, where users wait and one goes on without
CONNECT = 0.5  # seconds that a connection may then take: it is one round trip, 0.3 s from the other side of the world
PROVE = 5.0  # seconds for the proof: an API that waits for its database has to give up first
FAULTS: tuple[type[Exception], ...] = (DrError, *CALL_ERRORS)


@dataclass(frozen=True)
class Wanted:
    """What is to be fenced, and how. ``before`` is what an earlier run of the same fence returned.

    ``cluster_id`` is that of a cluster that stands outside of the global cluster; else that one tells.
    """

    region: str
    database: Database
    methods: tuple[Method, ...]
    first_rule: int
    allow_shared: bool
    compute: tuple[Compute, ...]
    hook: Mapping[str, Any] | None
    api_url: str | None
    before: Before
    resolvers: Sequence[str]
    cluster_id: str = ""


@dataclass(frozen=True)
class Fence:
    """Where the fence stands. ``trouble`` and ``findings`` say why not better; ``at`` is epoch seconds."""

    region: str
    state: FenceState
    before: Before
    method: Method | None = None
    proved: Proved = Proved.UNKNOWN
    how: str = ""
    entries: tuple[dict[str, str], ...] = ()
    at: float | None = None
    changed: bool = False
    calls: tuple[Call, ...] = ()
    findings: tuple[Finding, ...] = ()
    trouble: str = ""

    def as_dict(self) -> dict[str, Any]:
        return {
            "region": self.region,
            "state": self.state.value,
            "method": self.method.value if self.method else None,
            "proved": self.proved.value,
            "how": self.how,
            "before": self.before.as_dict(),
            "entries": list(self.entries),
            "at": self.at,
            "trouble": self.trouble,
        }


def put_up(wanted: Wanted, guard: Guard, hurried: bool = False) -> Fence:
    """Try the methods in their order, until one holds and nothing disproves it.

    ``hurried``: users wait, and one goes on without. Whatever goes wrong is in the result: a Region that is fenced may
    be one that doesn't answer. Raises ``Refused`` where the guard does.
    """
    context = guard.context
    asking = replace(context, clients=context.clients.hasty(CONNECT)) if hurried else context
    site, trouble = _site_or_trouble(wanted, asking, *((REACH, REFUSED) if hurried else (PATIENT, REACH)))
    before = _before(wanted, site)
    applied = list[Applied]()
    proved, how = Proved.UNKNOWN, ""
    for method in wanted.methods:
        one = _fence_by(method, wanted, site, trouble, before, guard, asking)
        before = replace(before, compute=before.compute or one.compute)
        applied.append(one)
        if one.state is FenceState.FENCED:
            proved, how = (Proved.UNKNOWN, "") if context.check_mode else _prove(one, wanted, site, before, context)
            if proved is not Proved.FALSE:
                break
    changed = any(one.changed for one in applied)
    return Fence(
        region=wanted.region,
        state=overall([one.state for one in applied], changed, proved),
        before=before,
        method=applied[-1].method if applied[-1].state is FenceState.FENCED else None,
        proved=proved,
        how=how,
        entries=tuple(entry for one in applied for entry in one.entries),
        at=context.clock.wall() if changed and not context.check_mode else None,
        changed=changed,
        calls=tuple(call for one in applied for call in one.calls),
        findings=tuple(finding for one in applied for finding in one.findings),
        trouble=_troubles(applied),
    )


def take_down(wanted: Wanted, guard: Guard) -> Fence:
    """Undo every method, the last one first. Raises ``DrError`` where the Region gives no answer."""
    context = guard.context
    site = find_site(wanted.region, wanted.database, (), False, context)
    applied = [_unfence_by(method, wanted, site, guard) for method in reversed(wanted.methods)]
    changed = any(one.changed for one in applied)
    left = [one.state for one in applied if one.state is not FenceState.UNFENCED]
    return Fence(
        region=wanted.region,
        state=standing(left) if left else FenceState.UNFENCED,
        before=wanted.before,
        entries=tuple(entry for one in applied for entry in one.entries),
        at=context.clock.wall() if changed and not context.check_mode else None,
        changed=changed,
        calls=tuple(call for one in applied for call in one.calls),
        trouble=_troubles(applied),
    )


def look(wanted: Wanted, context: Context) -> Fence:
    """What can be read of the fence; a hook's can't. Where the Region gives no answer it is unknown."""
    site, trouble = _site_or_trouble(wanted, context, REACH, REACH, connect=False)
    if site is None:
        return Fence(wanted.region, FenceState.UNKNOWN, wanted.before, trouble=trouble)
    rules = Rules(site.cluster.port, wanted.first_rule)
    states = list[FenceState]()
    if Method.NETWORK_ACL in wanted.methods:
        states.append(acl_state(site.acls, rules))
    if Method.COMPUTE in wanted.methods:
        try:
            running = read_compute(wanted.region, wanted.compute, context)
        except FAULTS as exc:
            states.append(FenceState.UNKNOWN)
            trouble = str(exc)
        else:
            stopped = all(each == each.stopped() for each in running)
            states.append(FenceState.FENCED if stopped else FenceState.UNFENCED)
    if Method.HOOK in wanted.methods:
        states.append(FenceState.UNKNOWN)
    entries = entries_of(site.acls, rules)
    return Fence(wanted.region, standing(states), wanted.before, entries=entries, trouble=trouble)


def _site_or_trouble(
    wanted: Wanted, context: Context, patience: float, refused: float, connect: bool = True
) -> tuple[Site | None, str]:
    connect = connect and not context.check_mode
    where = (wanted.region, wanted.database, wanted.resolvers)
    try:
        return find_site(*where, connect, context, wanted.cluster_id, patience, refused), ""
    except DrError as exc:
        return None, str(exc)
    except CALL_ERRORS as exc:
        return None, str(aws_error(exc, f"Looking for the database in {wanted.region}"))


def _before(wanted: Wanted, site: Site | None) -> Before:
    """What is seen now, but for what is known already: a second run must not take the fence for what was before."""
    known = wanted.before
    seen = Before() if site is None else Before(site.connection.held is not None, site.acls)
    reached = seen.reached if known.reached is None else known.reached
    return Before(reached, seen.network_acls, known.compute)


def _fence_by(
    method: Method, wanted: Wanted, site: Site | None, trouble: str, before: Before, guard: Guard, asking: Context
) -> Applied:
    if method is Method.HOOK and wanted.hook is not None:
        return call_hook(FenceState.FENCED, wanted.hook, _about(wanted, site), before, guard)
    if method is Method.COMPUTE:
        try:
            running = read_compute(wanted.region, wanted.compute, asking)
        except FAULTS as exc:
            return Applied(method, FenceState.UNKNOWN, trouble=str(exc))
        before = replace(before, compute=before.compute or running)
        done = stop_compute(wanted.region, running, site.connection.held if site else None, before, guard)
        return replace(done, compute=running)
    if site is None:
        return Applied(method, FenceState.UNKNOWN, trouble=trouble)
    rules = Rules(site.cluster.port, wanted.first_rule)
    return fence_acls(wanted.region, site, rules, wanted.allow_shared, before, guard)


def _unfence_by(method: Method, wanted: Wanted, site: Site, guard: Guard) -> Applied:
    if method is Method.HOOK and wanted.hook is not None:
        return call_hook(FenceState.UNFENCED, wanted.hook, _about(wanted, site), wanted.before, guard)
    if method is Method.COMPUTE:
        running = read_compute(wanted.region, wanted.compute, guard.context)
        return restore_compute(wanted.region, running, wanted.before, guard)
    return unfence_acls(wanted.region, site, Rules(site.cluster.port, wanted.first_rule), guard)


def _about(wanted: Wanted, site: Site | None) -> dict[str, Any]:
    """What a hook is told."""
    cluster = site.cluster if site else None
    return {
        "region": wanted.region,
        "global_cluster_id": wanted.database.global_cluster_id,
        "cluster": cluster.arn if cluster else None,
        "endpoint": cluster.endpoint if cluster else None,
        "port": cluster.port if cluster else None,
    }


def _prove(applied: Applied, wanted: Wanted, site: Site | None, before: Before, context: Context) -> tuple[Proved, str]:
    clock, deadline = context.clock, context.deadline.sooner(context.clock, PROVE)
    jobs: dict[str, Any] = {}
    connection, url = site.connection if site else Connection(), wanted.api_url
    target, held = connection.target, connection.held
    if target is not None and applied.method is not Method.COMPUTE:
        jobs["new"] = lambda: new_connection_writes(target, wanted.resolvers, clock, deadline)
    if held is not None and applied.method is not Method.COMPUTE:
        jobs["held"] = lambda: held_connection_writes(held, clock, deadline)
    if url:
        jobs["api"] = lambda: api_acknowledges(url, wanted.resolvers, clock, deadline)
    outcomes = gather(jobs, deadline, clock)
    attempts = {
        name: outcome.value if outcome.value is not None else Attempt(None, f"{name}: {outcome.error}")
        for name, outcome in outcomes.items()
    }
    acknowledges = attempts.pop("api", None)
    proved, how = judge(applied.method, before.reached, list(attempts.values()), acknowledges, applied.sessions)
    return proved, how if attempts or not connection.why_not else f"{how}: {connection.why_not}"


def _troubles(applied: Sequence[Applied]) -> str:
    return "; ".join(f"{one.method.value}: {one.trouble}" for one in applied if one.trouble)
