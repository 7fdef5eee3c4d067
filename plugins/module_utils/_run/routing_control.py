# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reading and switching routing controls, through whichever of the cluster's endpoints answers first."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, TypeVar

from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.arc import api
from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.effect import CALL_ERRORS, Effect, effect_of
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.errors import (
    DrError,
    Refused,
    TimedOut,
    aws_error,
    error_code,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.gather import gather, within
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.module import Context
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.wait import wait_until
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.routing_control import (
    Control,
    ControlChange,
    ControlState,
    Endpoint,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.routing_control import as_wanted, safety_rule

T = TypeVar("T")

TRY = 3.0  # seconds that an endpoint has before the next one is asked
READ = 20.0  # seconds for reading before a switch: all five endpoints may be asked in vain
SETTLED = 30.0  # seconds for the states to be read back as they were set
INTERVAL = 0.5


class Cluster:
    """The cluster's endpoints. ``through`` is the Region whose credentials are used: the target's."""

    def __init__(self, endpoints: Sequence[Endpoint], through: str, context: Context) -> None:
        self._endpoints = list(endpoints)
        self._through, self._context = through, context
        random.shuffle(self._endpoints)  # as AWS advises: no endpoint is everybody's first
        self.answered: Endpoint | None = None

    def ask(self, call: Callable[[Any], T], what: str, seconds: float) -> T:
        """The first answer, the endpoints being asked in turn, again and again for ``seconds``.

        Raises what an endpoint answers that the next one would answer too, else ``DrError`` with what each said.
        """
        clock = self._context.clock
        deadline = self._context.deadline.sooner(clock, seconds)
        faults: dict[str, str] = {}
        while True:
            # the one that answered last comes first
            for endpoint in sorted(self._endpoints, key=lambda each: each is not self.answered):
                limit, name = deadline.sooner(clock, TRY), f"{what} ({endpoint.region})"
                try:
                    answer = within(partial(self._call, call, endpoint), limit, clock, name)
                except CALL_ERRORS as exc:
                    if _is_an_answer(exc):
                        raise
                    faults[endpoint.region] = error_code(exc)
                else:
                    self.answered = endpoint
                    return answer
            if deadline.remaining(clock) <= INTERVAL:
                raise _silent(what, faults)
            clock.sleep(INTERVAL)

    def _call(self, call: Callable[[Any], T], endpoint: Endpoint) -> T:
        return call(self._context.clients.get_at(api.SERVICE, endpoint.region, endpoint.url, self._through))


def _silent(what: str, faults: Mapping[str, str]) -> DrError:
    said = ", ".join(f"{region} {fault}" for region, fault in faults.items())
    remedy = "Check the endpoints and the network path to them, then run again: a state is set, not toggled."
    return DrError(what, f"no endpoint of the cluster answered: {said}", remedy)


def read_states(cluster: Cluster, controls: Sequence[Control], context: Context) -> dict[str, ControlState]:
    """The controls' states by ARN; one that the cluster doesn't know is absent. Raises ``DrError``."""

    def reader(control: Control) -> Callable[[], str]:
        what = f"route53-recovery-cluster:GetRoutingControlState of {control.arn}"
        return lambda: cluster.ask(lambda client: api.get_state(client, control.arn), what, READ)

    outcomes = gather({control.arn: reader(control) for control in controls}, context.deadline, context.clock)
    states = {}
    for arn, outcome in outcomes.items():
        if outcome.error is None:
            states[arn] = ControlState(outcome.value)
        elif error_code(outcome.error) not in api.NOT_FOUND:
            raise _said(outcome.error, "Reading the routing controls")
    return states


def switch(
    cluster: Cluster, wanted: Sequence[ControlChange], rules_to_override: Sequence[str], context: Context
) -> None:
    """Switch all controls that change in one transaction. Raises ``Refused`` for a safety rule, ``DrError`` else.

    A state is set, not toggled: asking a second endpoint after a lost answer does no harm.
    """
    states = {change.control.arn: change.after.value for change in wanted if change.changed}
    what = "route53-recovery-cluster:UpdateRoutingControlStates"
    left = context.deadline.remaining(context.clock)
    try:
        cluster.ask(lambda client: api.update_states(client, states, rules_to_override), what, left)
    except CALL_ERRORS as exc:
        if error_code(exc) == api.SAFETY_RULE:
            raise Refused((safety_rule(str(exc)),)) from exc
        raise _said(exc, what) from exc


def read_back(cluster: Cluster, wanted: Sequence[ControlChange], context: Context) -> Mapping[str, ControlState]:
    """Wait until the cluster says that every control is as it was set. Raises ``TimedOut``."""
    controls = [change.control for change in wanted]
    return wait_until(
        lambda: read_states(cluster, controls, context),
        lambda seen: as_wanted(wanted, seen),
        what="the routing controls to be as they were set",
        interval=INTERVAL,
        deadline=context.deadline.sooner(context.clock, SETTLED),
        clock=context.clock,
        progress=context.progress,
    )


def _is_an_answer(exc: Exception) -> bool:
    """Whether the next endpoint would say the same."""
    return error_code(exc) == api.SAFETY_RULE or effect_of(exc) is Effect.FINAL


def _said(exc: Exception, tried: str) -> Exception:
    if isinstance(exc, (DrError, TimedOut)) or not isinstance(exc, CALL_ERRORS):
        return exc
    return aws_error(exc, tried)
