# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Making a multi-Region key's replica, and moving its primary: look, decide, call, look until it is so."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.change import change
from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.effect import CALL_ERRORS
from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.kms import api
from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.kms.observe import (
    read_aliases,
    read_key,
    read_policy,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.errors import DrError, Refused, aws_error
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.gather import all_of
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.wait import wait_until
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.call import Call
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.key import Alias, Key
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.keys import (
    Act,
    Change,
    Decision,
    decide_details,
    decide_present,
    decide_primary,
    same_policy,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run.guard import Guard

INTERVAL = 1.0
UNDER_WAY = ("Creating", "Updating")
STEPS = {
    Act.REPLICATE: "replicate_key",
    Act.POLICY: "set_key_policy",
    Act.ALIAS: "create_key_alias",
    Act.PRIMARY: "move_key_primary",
}


@dataclass(frozen=True)
class Wanted:
    """What is asked for. ``policy`` is ``None`` where the replica's is to be the primary's at first, then its own."""

    key_id: str
    source: str
    target: str
    policy: str | None
    aliases: tuple[str, ...]
    description: str
    wait: bool


@dataclass(frozen=True)
class Seen:
    """The key in the target's Region: itself, its wanted aliases that are there, and its policy where it was asked."""

    key: Key | None
    aliases: tuple[str, ...] = ()
    policy: str | None = None


@dataclass(frozen=True)
class Done:
    """The key in the target's Region before and after, and the calls that made the difference."""

    before: Seen
    after: Seen
    changes: tuple[Change, ...] = ()

    @property
    def calls(self) -> tuple[Call, ...]:
        return tuple(_as_call(change) for change in self.changes)


class Keeper:
    """Keeps one key as ``wanted`` asks for."""

    def __init__(self, wanted: Wanted, guard: Guard) -> None:
        self._wanted = wanted
        self._guard = guard
        self._context = guard.context

    def present(self) -> Done:
        """See to the replica, its policy and its aliases. Raises ``Refused`` and ``DrError``."""
        wanted = self._wanted
        source, target = self._both()
        replication = _allowed(decide_present(source, target, wanted.source, wanted.target, wanted.key_id))
        key = self._known(source, target)
        aliases = self._aliases()
        policy = self._policy(wanted.target, key.id) if target and wanted.policy is not None else None
        # A new replica is made with its policy.
        asked = wanted.policy if target else None
        details = _allowed(decide_details(key.id, wanted.target, (asked, policy), wanted.aliases, aliases))
        before = Seen(target, _named(wanted, key.id, aliases), policy)
        after = replace(before, aliases=wanted.aliases, policy=wanted.policy)
        return self._made(before, after, (*replication.changes, *details.changes), key, Act.REPLICATE)

    def primary(self) -> Done:
        """See to the primary's being in the target's Region. Raises ``Refused`` and ``DrError``."""
        wanted = self._wanted
        source, target = self._both()
        moved = _allowed(decide_primary(source, target, wanted.source, wanted.target, wanted.key_id))
        return self._made(Seen(target), Seen(target), moved.changes, self._known(source, target), Act.PRIMARY)

    def _known(self, source: Key | None, target: Key | None) -> Key:
        """The key as either Region has it."""
        key = source or target
        if key is None:  # the decision refuses that
            raise DrError(f"Looking for the key {self._wanted.key_id}", "it is in neither Region", "Check key_id.")
        return key

    def _both(self) -> tuple[Key | None, Key | None]:
        """The key in both Regions. An alias is of one Region: it is looked up in the source's first."""
        wanted = self._wanted
        if wanted.key_id.startswith("alias/") or ":alias/" in wanted.key_id:
            source = self._key(wanted.source, wanted.key_id)
            target = self._key(wanted.target, source.id) if source else None
            return self._quiet(source), self._quiet(target)

        def reader(region: str) -> Callable[[], Key | None]:
            return lambda: self._key(region, wanted.key_id)

        regions = (wanted.source, wanted.target)
        keys = all_of({region: reader(region) for region in regions}, self._context.deadline, self._context.clock)
        return self._quiet(keys[wanted.source]), self._quiet(keys[wanted.target])

    def _quiet(self, key: Key | None) -> Key | None:
        """The key once nothing is under way with it: what an earlier run began is waited for, not begun again."""
        if key is None or key.state not in UNDER_WAY or self._context.check_mode or not self._wanted.wait:
            return key
        return self._wait(key, lambda seen: seen is None or seen.state not in UNDER_WAY)

    def _made(self, before: Seen, after: Seen, changes: tuple[Change, ...], key: Key, about: Act) -> Done:
        if self._context.check_mode:
            return Done(before, after, changes)
        if not changes:
            self._guard.already(f"{STEPS[about]} {key.id}", region=self._wanted.target)
        for each in changes:
            with self._guard.step(f"{STEPS[each.act]} {key.id}", [_as_call(each)]) as step:
                self._make(each, key)
                step.saw(**self._settled(each, key))
        return Done(before, replace(after, key=self._key(self._wanted.target, key.id)), changes)

    def _make(self, each: Change, key: Key) -> None:
        wanted, clients = self._wanted, self._context.clients
        policy = wanted.policy
        if each.act is Act.REPLICATE and policy is None:
            policy = self._policy(wanted.source, key.id)

        def make() -> None:
            client = clients.get("kms", each.region)
            if each.act is Act.REPLICATE:
                api.replicate_key(client, key.id, wanted.target, policy or "", wanted.description)
            elif each.act is Act.POLICY:
                api.put_key_policy(client, key.id, policy or "")
            elif each.act is Act.ALIAS:
                api.create_alias(client, each.alias, key.id)
            else:
                api.update_primary_region(client, key.id, wanted.target)

        tried = f"kms:{each.act.value} in {each.region}"
        context = self._context
        error = change(make, lambda: self._is_so(each, key), tried, context.clock, context.deadline)
        if error is not None:
            raise aws_error(error, tried) from error

    def _is_so(self, each: Change, key: Key) -> bool:
        """Whether a call whose answer was lost has taken effect."""
        target = self._wanted.target
        if each.act is Act.POLICY:
            return same_policy(self._wanted.policy or "", self._policy(target, key.id))
        if each.act is Act.ALIAS:
            return Alias(each.alias, key.id) in self._aliases()
        seen = self._key(target, key.id)
        if each.act is Act.REPLICATE:
            return seen is not None
        return seen is not None and (seen.is_primary or seen.state == "Updating")

    def _settled(self, each: Change, key: Key) -> dict[str, str]:
        """Look until the call has taken effect; what was then seen, for the journal."""
        target = self._wanted.target
        if each.act is Act.ALIAS:
            return {"alias": each.alias}
        if each.act is Act.POLICY or not self._wanted.wait:
            return {"region": target}
        seen = self._wait(replace(key, region=target), _moved if each.act is Act.PRIMARY else _usable)
        return {"state": seen.state, "primary": seen.primary_region} if seen else {}

    def _wait(self, key: Key, done: Callable[[Key | None], bool]) -> Key | None:
        """Look at the key in its Region until ``done``."""
        return wait_until(
            lambda: self._key(key.region, key.id),
            done,
            what=f"the key {key.id} in {key.region}",
            interval=INTERVAL,
            deadline=self._context.deadline,
            clock=self._context.clock,
            progress=self._context.progress,
        )

    def _key(self, region: str, key_id: str) -> Key | None:
        context = self._context
        try:
            return read_key(context.clients, region, key_id, context.clock, context.deadline)
        except CALL_ERRORS as exc:
            raise aws_error(exc, f"Reading the key {key_id} (kms:DescribeKey in {region})") from exc

    def _aliases(self) -> tuple[Alias, ...]:
        context, target = self._context, self._wanted.target
        if not self._wanted.aliases:
            return ()
        try:
            return read_aliases(context.clients, target, context.clock, context.deadline)
        except CALL_ERRORS as exc:
            raise aws_error(exc, f"Reading the aliases of {target} (kms:ListAliases)") from exc

    def _policy(self, region: str, key_id: str) -> str:
        context = self._context
        try:
            return read_policy(context.clients, region, key_id, context.clock, context.deadline)
        except CALL_ERRORS as exc:
            raise aws_error(exc, f"Reading the policy of the key {key_id} (kms:GetKeyPolicy in {region})") from exc


def _allowed(decision: Decision) -> Decision:
    if decision.refusals:
        raise Refused(decision.refusals)
    return decision


def _named(wanted: Wanted, key_id: str, aliases: tuple[Alias, ...]) -> tuple[str, ...]:
    return tuple(name for name in wanted.aliases if Alias(name, key_id) in aliases)


def _as_call(each: Change) -> Call:
    return Call("kms", each.act.value, each.region)


def _usable(seen: Key | None) -> bool:
    """The replica exists and encrypts."""
    return seen is not None and seen.usable


def _moved(seen: Key | None) -> bool:
    """The target's key is the primary, and nothing is under way any more."""
    return seen is not None and seen.is_primary and seen.state == "Enabled"
