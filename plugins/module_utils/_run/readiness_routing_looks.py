# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What readiness looks at where routing controls switch the clients: their states, and the rules that guard them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.arc import api
from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.arc_config import api as config_api
from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.arc_config import transform
from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.effect import CALL_ERRORS
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.errors import aws_error, error_code
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.gather import first, gather
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.module import Context
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.readiness_routing import RoutingSeen, RulesSeen
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.routing_control import (
    Control,
    ControlState,
    Endpoint,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.readiness.case import Case
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run.routing_control import Cluster, read_states

States = dict[Control, "ControlState | None"]


def see_routing_control(region: str, case: Case, context: Context, _resolvers: Sequence[str]) -> RoutingSeen:
    """All endpoints at once, with ``region``'s credentials. A run takes the first answer, a preflight hears all."""
    config = case.workload.routing
    endpoints, controls = (config.endpoints, config.controls) if config else ((), ())
    context = _sooner(context)
    jobs: dict[str, Callable[[], tuple[str, States]]] = {
        endpoint.region: partial(_ask, endpoint, controls, region, context) for endpoint in endpoints
    }
    if not case.preflight:
        try:
            where, states = first(jobs, context.deadline, context.clock)
        except CALL_ERRORS as exc:
            return RoutingSeen({}, silent=dict.fromkeys(jobs, aws_error(exc, "").seen))
        return RoutingSeen(states, (where,))
    outcomes = gather(jobs, context.deadline, context.clock)
    answers = [outcome.value for outcome in outcomes.values() if outcome.value is not None]
    silent = {where: aws_error(each.error, "").seen for where, each in outcomes.items() if each.error is not None}
    return RoutingSeen(answers[0][1] if answers else {}, tuple(where for where, _states in answers), silent)


def _ask(endpoint: Endpoint, controls: Sequence[Control], through: str, context: Context) -> tuple[str, States]:
    client = context.clients.get_at(api.SERVICE, endpoint.region, endpoint.url, through)

    def state(control: Control) -> ControlState | None:
        try:
            return ControlState(api.get_state(client, control.arn))
        except CALL_ERRORS as exc:
            if error_code(exc) in api.NOT_FOUND:
                return None
            raise

    return endpoint.region, {control: state(control) for control in controls}


def see_safety_rules(region: str, case: Case, context: Context, _resolvers: Sequence[str]) -> RulesSeen:
    """The rules of the control plane in ``region``, then through the cluster the controls that they speak of."""
    config = case.workload.routing
    if config is None:
        return RulesSeen()
    context = _sooner(context)
    client = context.clients.get(config_api.SERVICE, region)
    panels = dict.fromkeys(transform.panel_of(control.arn) for control in config.controls)
    try:
        rules = [
            transform.safety_rule(each) for panel in panels for each in config_api.list_safety_rules(client, panel)
        ]
        named = dict.fromkeys(arn for rule in rules for arn in (*rule.asserted, *rule.targets))
        cluster = Cluster(config.endpoints, case.target, context)
        states = read_states(cluster, [Control(arn, "") for arn in named], context)
    except CALL_ERRORS as exc:
        return RulesSeen(why=aws_error(exc, "").seen)
    return RulesSeen(tuple(rules), states)


def _sooner(context: Context) -> Context:
    """A little less time than the whole, so that what hung is known as such beside what answered."""
    sooner = context.deadline.sooner(context.clock, 0.9 * context.deadline.remaining(context.clock))
    return replace(context, deadline=sooner)
