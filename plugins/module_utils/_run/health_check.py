# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Finding a health check and making it as it is asked for, whatever else happens to it meanwhile."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.effect import CallFailed, Effect
from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.route53 import api, health_checks
from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.route53.account import Account
from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.route53.observe import all_record_sets, all_zones
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.errors import Refused, having_made
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.call import Call
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.finding import refusal
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.health_check import HealthCheck, Settings
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan import health_check as plan
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run.guard import Guard

STEP = "health_check"
REFERENCE_USED = "HealthCheckAlreadyExists"


@dataclass(frozen=True)
class Identity:
    """By what a check is known: its id, else its caller reference, else its Name tag."""

    id: str | None
    caller_reference: str | None
    name: str | None

    @property
    def reference(self) -> str:
        """The caller reference for a new check. It follows from the name, so that a create that was interrupted, or
        whose answer was lost, finds its own check again instead of making a second one.
        """
        return self.caller_reference or f"aws-dr:{hashlib.sha256(str(self.name).encode()).hexdigest()[:32]}"


@dataclass(frozen=True)
class Request:
    """What is asked for."""

    identity: Identity
    wanted: Settings
    tags: Mapping[str, str] | None
    purge_tags: bool


@dataclass(frozen=True)
class Change:
    """A check before and after (``None``: there was, or is, none), and the calls that made the difference."""

    before: HealthCheck | None
    after: HealthCheck | None
    calls: tuple[Call, ...]


@dataclass(frozen=True)
class _Found:
    check: HealthCheck | None
    reference_taken: bool = False


def find(account: Account, identity: Identity) -> HealthCheck | None:
    """The check. Raises ``Refused`` where several have the name."""
    return _find(account, identity).check


def _find(account: Account, identity: Identity) -> _Found:
    if identity.id:
        return _Found(health_checks.read_health_check(account, identity.id))
    if identity.caller_reference:
        listed = health_checks.list_health_checks(account)
        ids = [check.id for check in listed if check.caller_reference == identity.caller_reference]
        return _Found(health_checks.read_health_check(account, ids[0]) if ids else None)
    tagged = health_checks.list_tagged_health_checks(account)
    named = [check for check in tagged if check.name == identity.name]
    if len(named) > 1:
        observed = f"{len(named)} health checks are named {identity.name}: {', '.join(check.id for check in named)}."
        raise Refused([refusal("name_not_unique", observed, "Give health_check_id, or delete the others.")])
    ours = [check for check in tagged if check.caller_reference.startswith(identity.reference)]
    # One of ours without a name was made by a run that ended before it could tag it.
    nameless = [check for check in ours if not check.name]
    return _Found(next(iter(named or nameless), None), bool(ours))


class Keeper:
    """Makes one check as ``request`` asks for."""

    def __init__(self, request: Request, account: Account, guard: Guard) -> None:
        context = guard.context
        self._guard = guard
        self._request = request
        self._account = account
        self._check_mode = context.check_mode
        self._other_reference = f"{request.identity.reference}:{int(context.clock.wall() * 1000)}"
        self._reference_used = False
        self._calls: list[Call] = []

    def make(self) -> Change:
        """Create or update. Where somebody else was faster, or an answer was lost, look again and go on from there.

        Raises ``Refused`` and ``CallFailed``.
        """
        with having_made(self._calls):
            return self._make()

    def _make(self) -> Change:
        first = found = _find(self._account, self._request.identity)
        attempt = 1
        while True:
            try:
                return Change(first.check, self._step(found), tuple(self._calls))
            except CallFailed as failed:
                used = failed.code == REFERENCE_USED and not self._reference_used
                if used and self._request.identity.name and not self._request.identity.caller_reference:
                    self._reference_used = True
                elif failed.effect not in (Effect.CONFLICT, Effect.UNKNOWN) or not self._account.pause(failed, attempt):
                    raise
            attempt += 1
            found = _find(self._account, self._request.identity)

    def _step(self, found: _Found) -> HealthCheck:
        identity = self._request.identity
        if identity.id and found.check is None:
            observed = f"There is no health check {identity.id}."
            raise Refused([refusal("no_such_health_check", observed, "Check the id; to create one, give a name.")])
        refused = plan.refusals(self._request.wanted, found.check)
        if refused:
            raise Refused(refused)
        check = self._updated(found.check) if found.check else self._created(found)
        return self._retagged(check)

    def _created(self, found: _Found) -> HealthCheck:
        settings = plan.new_settings(self._request.wanted)
        identity = self._request.identity
        other = not identity.caller_reference and (found.reference_taken or self._reference_used)
        reference = self._other_reference if other else identity.reference
        if self._check_mode:
            self._note("CreateHealthCheck")
            return HealthCheck("", reference, 1, settings)
        what = "Creating a health check (route53:CreateHealthCheck)"
        raw = self._changing(
            "CreateHealthCheck", what, api.create_health_check, reference, health_checks.config(settings)
        )
        return health_checks.health_check(raw)

    def _updated(self, check: HealthCheck) -> HealthCheck:
        changed = plan.changes(self._request.wanted, check)
        if not changed:
            return check
        if self._check_mode:
            self._note("UpdateHealthCheck")
            return HealthCheck(
                check.id, check.caller_reference, check.version + 1, plan.updated(check, changed), check.tags
            )
        what = f"Updating the health check {check.id} (route53:UpdateHealthCheck)"
        fields = health_checks.update_fields(changed)
        raw = self._changing("UpdateHealthCheck", what, api.update_health_check, check.id, check.version, fields)
        return health_checks.health_check(raw, check.tags)

    def _retagged(self, check: HealthCheck) -> HealthCheck:
        request = self._request
        changed = plan.tag_changes(check.tags, request.tags, request.identity.name, request.purge_tags)
        if not changed.any:
            return check
        if self._check_mode:
            self._note("ChangeTagsForResource")
        else:
            what = f"Tagging the health check {check.id} (route53:ChangeTagsForResource)"
            change = api.change_tags_for_health_check
            self._changing("ChangeTagsForResource", what, change, check.id, changed.add, changed.remove)
        tags = plan.retagged(check.tags, changed)
        return HealthCheck(check.id, check.caller_reference, check.version, check.settings, tags)

    def _note(self, action: str) -> None:
        self._calls.append(Call("route53", action, api.REGION))

    def _changing(self, action: str, what: str, call: Any, *args: Any) -> Any:
        try:
            with self._guard.step(STEP, (Call("route53", action, api.REGION),)):
                answer = self._account.change(what, call, *args)
        except CallFailed as failed:
            if failed.effect is Effect.UNKNOWN:
                self._note(action)  # it may have been made: better said than left out
            raise
        self._note(action)
        return answer


def delete(identity: Identity, force: bool, account: Account, guard: Guard) -> Change:
    """Delete the check, if there is one and, but for ``force``, nothing uses it.

    Raises ``Refused`` and ``CallFailed``.
    """
    check = find(account, identity)
    if check is None:
        return Change(None, None, ())
    refused = plan.refusals(Settings(), check) or (() if force else _users(check, account))
    if refused:
        raise Refused(refused)
    calls = (Call("route53", "DeleteHealthCheck", api.REGION),)
    if not guard.context.check_mode:
        what = f"Deleting the health check {check.id} (route53:DeleteHealthCheck)"
        try:
            with guard.step(STEP, calls):
                account.change(what, api.delete_health_check, check.id)
        except CallFailed as failed:
            gone = failed.code in api.NO_SUCH_HEALTH_CHECK
            if not gone and (failed.effect is not Effect.UNKNOWN or find(account, Identity(check.id, None, None))):
                raise
    return Change(check, None, calls)


def _users(check: HealthCheck, account: Account) -> Any:
    checks = health_checks.list_health_checks(account)
    parents = [each.id for each in checks if check.id in (each.settings.child_health_checks or ())]
    record_sets = [
        f"{each.key} {each.set_identifier or ''}".rstrip()
        for zone in all_zones(account)
        for each in all_record_sets(account, zone)
        if each.health_check_id == check.id
    ]
    return plan.in_use(check, parents, record_sets)
