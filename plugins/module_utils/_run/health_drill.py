# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Making a leg look sick to a health check of the drill's own, watching it be noticed, and taking the check away."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.effect import CallFailed, Effect
from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.route53 import api
from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.route53.account import Account
from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.route53.health_checks import (
    list_tagged_health_checks,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.clock import Deadline
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.errors import DrError, having_made
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.interrupt import interruptible
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.wait import wait_until
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.call import Call
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.health_check import HealthCheck, Settings
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.health_drill import (
    Address,
    HealthDrill,
    Opinion,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan import health_drill as plan
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run.guard import Guard
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run.health_check import (
    Identity,
    Keeper,
    Request,
)

REMOVE = "drill_health_check_remove"
LOOK = 5.0  # seconds that an answer may take
REMOVAL = 30.0  # seconds for taking the check away, however little is left of the deadline


@dataclass(frozen=True)
class Wanted:
    """Where is looked at, how often a checker looks, and how long all must be good at the end (seconds)."""

    workload: str
    address: Address
    request_interval: int
    poll: float
    stable_for: float

    @property
    def identity(self) -> Identity:
        return Identity(None, None, plan.name_of(self.workload))


class Drill:
    """One simulation. ``calls`` are the changing ones that were made."""

    def __init__(self, wanted: Wanted, guard: Guard) -> None:
        self._wanted, self._guard = wanted, guard
        self._context = guard.context
        self._account = Account(self._context.clients, self._context.clock, self._context.deadline)
        # The last look of a wait comes when its time is over, and is answered all the same.
        patient = Deadline(self._context.deadline.at + LOOK)
        self._looking = Account(self._context.clients, self._context.clock, patient)
        self.calls: list[Call] = []

    def carry_out(self) -> HealthDrill:
        """Raises ``TimedOut`` where the checkers don't notice; the check is taken away whatever happens."""
        try:
            with interruptible(), having_made(self.calls):
                check = self._asks_for(self._wanted.address.path)
                self._wait(check.id, plan.is_healthy, "the drill's health check to find the leg good")
                self._asks_for(plan.SICK_PATH)
                detected = self._wait(check.id, plan.is_sick, "the leg's sickness to be noticed")
                self._asks_for(self._wanted.address.path)
                recovered = self._wait(check.id, plan.is_healthy, "the leg's recovery to be noticed")
                return HealthDrill(detected, recovered, self._stays_good(check.id))
        finally:
            self.remove_all()

    def _asks_for(self, path: str) -> HealthCheck:
        wanted = self._wanted
        settings: Settings = replace(plan.settings(wanted.address, wanted.request_interval), resource_path=path)
        request = Request(wanted.identity, settings, {plan.TAG: wanted.workload}, purge_tags=False)
        change = Keeper(request, self._account, self._guard).make()
        self.calls += change.calls
        if change.after is None:
            raise DrError("Making the drill's health check", "there is none afterwards", "Run the drill again.")
        return change.after

    def _look(self, check_id: str) -> Opinion:
        what = f"Asking what the checkers see (route53:GetHealthCheckStatus of {check_id})"
        return plan.opinion(self._looking.read(what, api.get_health_check_status, check_id))

    def _wait(self, check_id: str, is_so: Callable[[Opinion], bool], what: str) -> float:
        clock = self._context.clock
        began = clock.monotonic()
        self._until(lambda: self._look(check_id), is_so, what)
        return round(clock.monotonic() - began, 3)

    def _stays_good(self, check_id: str) -> float:
        """Look until it was good for the time wanted. Raises ``DrError`` at the first look that isn't good."""
        clock = self._context.clock
        began = clock.monotonic()

        def look() -> Opinion:
            seen = self._look(check_id)
            if not plan.is_healthy(seen):
                lasted = clock.monotonic() - began
                raise DrError("Watching the leg stay good", f"after {lasted:.1f} s: {seen}", "See what flaps there.")
            return seen

        long_enough = self._wanted.stable_for
        self._until(look, lambda _seen: clock.monotonic() - began >= long_enough, "it to stay good")
        return round(clock.monotonic() - began, 3)

    def _until(self, look: Callable[[], Opinion], is_so: Callable[[Opinion], bool], what: str) -> None:
        context = self._context
        wait_until(
            look,
            is_so,
            what=what,
            interval=self._wanted.poll,
            deadline=context.deadline,
            clock=context.clock,
            progress=context.progress,
        )

    # -- taking it away

    def left(self, account: Account | None = None) -> list[HealthCheck]:
        """What drills of this workload have left: tagged, or made and never tagged."""
        checks = list_tagged_health_checks(account or self._account)
        return plan.left(self._wanted.workload, self._wanted.identity.reference, checks)

    def remove_all(self) -> list[HealthCheck]:
        """Delete what there is, with some time of its own. Gives what there was. Raises ``DrError``."""
        context = self._context
        account = Account(context.clients, context.clock, Deadline.after(context.clock, REMOVAL))
        found = self.left(account)
        for check in found:
            self._remove(check, account)
        return found

    def _remove(self, check: HealthCheck, account: Account) -> None:
        call = Call("route53", "DeleteHealthCheck", api.REGION)
        what = f"Deleting the drill's health check {check.id} (route53:DeleteHealthCheck)"
        try:
            with self._guard.step(REMOVE, (call,)) as step:
                account.change(what, api.delete_health_check, check.id)
                step.saw(resource=check.id)
        except CallFailed as failed:
            gone = failed.code in api.NO_SUCH_HEALTH_CHECK
            unclear = failed.effect is Effect.UNKNOWN
            if not gone and (not unclear or check.id in [each.id for each in self.left(account)]):
                raise
        self.calls.append(call)


def as_calls(actions: Iterable[str]) -> tuple[Call, ...]:
    """Route 53's control plane has one place."""
    return tuple(Call("route53", action, api.REGION) for action in actions)
