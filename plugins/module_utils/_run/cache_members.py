# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Giving a global datastore its members: observe, plan, make the first change, and observe again until none is left."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.effect import CALL_ERRORS, Effect, effect_of
from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.elasticache import api, transform
from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.rds.observe import again
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.errors import Refused, aws_error
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.gather import gather, within
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.module import Context
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.wait import wait_until
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.cache import ASSOCIATED, Datastore
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.call import Call
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.finding import refusal
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.cache_members import (
    Act,
    Change,
    WantedMembers,
    check_members,
    member_changes,
    member_findings,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run.guard import Guard

READ = 15.0  # seconds for a look through all the Regions
CALL = 8.0
SETTLE = 30.0  # seconds until a change that was accepted is to be seen
INTERVAL = 2.0
TRIES = 4
STEP = "change_cache_members"


@dataclass(frozen=True)
class Shape:
    """The datastore's name without AWS's letters, and how a group is made that is yet to be associated, by Region."""

    name: str
    description: str
    groups: Mapping[str, dict[str, Any]]


@dataclass(frozen=True)
class Converged:
    """The datastore before and after, ``None`` where there is none, and the calls made (to be made, in check mode)."""

    before: Datastore | None
    after: Datastore | None
    calls: tuple[Call, ...]


def converge(shape: Shape, wanted: WantedMembers, wait: bool, guard: Guard) -> Converged:
    """Make the changes one by one; with ``wait``, return when all members have a copy.

    Raises ``Refused`` and ``DrError``.
    """
    wrong = check_members(wanted)
    if wrong:
        raise Refused(wrong)
    context = guard.context
    before = observe(shape, wanted, context)
    changes = _planned(before, wanted)
    if context.check_mode:
        return Converged(before, before, tuple(change.call for change in changes))
    if not changes:
        guard.already(STEP, members=len(before.members) if before else 0)
    seen, calls = before, list[Call]()
    while changes:
        seen = _idle(shape, wanted, context)
        changes = _planned(seen, wanted)
        if not changes:
            break
        _make(changes[0], seen, shape, wanted, guard)
        calls.append(changes[0].call)
        changes = changes[1:]
    if wait:
        seen = _settled(shape, wanted, context)
    elif calls:
        seen = observe(shape, wanted, context)
    return Converged(before, seen, tuple(calls))


def _planned(seen: Datastore | None, wanted: WantedMembers) -> tuple[Change, ...]:
    findings = member_findings(seen, wanted)
    if findings:
        raise Refused(findings)
    return member_changes(seen, wanted)


def observe(shape: Shape, wanted: WantedMembers, context: Context) -> Datastore | None:
    """The datastore of that name, as any of the members' Regions knows it.

    Raises where none of those that answered knows it and one was silent: unknown isn't absent.
    """
    clock = context.clock
    deadline = context.deadline.sooner(clock, READ)
    regions = [place.region for place in wanted.members]

    def reader(region: str) -> Callable[[], list[dict[str, Any]]]:
        client = context.clients.get("elasticache", region)
        return lambda: again(lambda: api.list_global_replication_groups(client), clock, deadline)

    answers = gather({region: reader(region) for region in regions}, deadline, clock)
    named = re.compile(rf"[a-z]{{5}}-{re.escape(shape.name)}")
    found = {
        store.id: store
        for answer in answers.values()
        for store in map(transform.datastore, answer.value or [])
        if named.fullmatch(store.id)
    }
    if len(found) > 1:
        seen = f"Several global datastores have that name: {', '.join(sorted(found))}."
        raise Refused((refusal("ambiguous_name", seen, "Name Regions of one of them only."),))
    if found:
        return next(iter(found.values()))
    for region, answer in answers.items():
        if answer.error is not None:
            if not isinstance(answer.error, CALL_ERRORS):
                raise answer.error
            raise aws_error(answer.error, f"Listing global datastores in {region}")
    return None


def _make(change: Change, seen: Datastore | None, shape: Shape, wanted: WantedMembers, guard: Guard) -> None:
    """Make one change and see it. Where the answer is unclear, look before the next try."""
    context = guard.context
    tried = f"elasticache:{change.act.value} in {change.through} of {change.place.group}"
    client = context.clients.get("elasticache", change.through)
    with guard.step(STEP, (change.call,)) as step:
        for attempt in range(TRIES):
            deadline = context.deadline.sooner(context.clock, CALL)
            try:
                within(lambda: _call(client, change, seen, shape), deadline, context.clock, tried)
                break
            except CALL_ERRORS as exc:
                if effect_of(exc) is Effect.FINAL or attempt == TRIES - 1 or context.deadline.passed(context.clock):
                    raise aws_error(exc, tried) from exc
            context.clock.sleep(INTERVAL)
            if _took_effect(change, observe(shape, wanted, context), wanted):
                break
        _wait(
            lambda store: _took_effect(change, store, wanted),
            f"the effect of {change.act.value}",
            shape,
            wanted,
            context,
            SETTLE,
        )
        step.saw(action=change.act.value, member=change.place.group, region=change.place.region)


def _took_effect(change: Change, store: Datastore | None, wanted: WantedMembers) -> bool:
    return (store is not None and not store.idle) or change not in member_changes(store, wanted)


def _call(client: Any, change: Change, seen: Datastore | None, shape: Shape) -> None:
    place = change.place
    if change.act is Act.CREATE:
        api.create_global_replication_group(client, shape.name, place.group, shape.description)
        return
    if seen is None:
        raise AssertionError("the first change makes the datastore")
    if change.act is Act.ASSOCIATE:
        api.create_secondary(client, seen.id, shape.groups[place.region])
    elif change.act is Act.DISASSOCIATE:
        api.disassociate_global_replication_group(client, seen.id, place.region, place.group)
    else:
        api.delete_global_replication_group(client, seen.id)


def _idle(shape: Shape, wanted: WantedMembers, context: Context) -> Datastore | None:
    return _wait(lambda store: store is None or store.idle, "an idle global datastore", shape, wanted, context)


def _settled(shape: Shape, wanted: WantedMembers, context: Context) -> Datastore | None:
    """Wait until nothing is under way and every wanted member has a copy; or until the datastore is gone."""

    def settled(store: Datastore | None) -> bool:
        if not wanted.present:
            return store is None
        members = [store.member(place.region) if store else None for place in wanted.members]
        return store is not None and store.idle and all(each and each.status == ASSOCIATED for each in members)

    return _wait(settled, "members that have a copy", shape, wanted, context)


def _wait(
    done: Callable[[Datastore | None], bool],
    what: str,
    shape: Shape,
    wanted: WantedMembers,
    context: Context,
    seconds: float = 1e9,
) -> Datastore | None:
    return wait_until(
        lambda: observe(shape, wanted, context),
        done,
        what=what,
        interval=lambda waited: 0.25 if waited < INTERVAL else INTERVAL,
        deadline=context.deadline.sooner(context.clock, seconds),
        clock=context.clock,
        progress=context.progress,
    )
