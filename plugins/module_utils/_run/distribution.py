# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Switching a CloudFront distribution's origin against its ETag, and waiting until it is deployed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.cloudfront import api, transform
from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.effect import CALL_ERRORS, Effect, effect_of
from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.rds.observe import again
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.errors import Refused, aws_error, error_code
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.gather import within
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.module import Context
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.wait import wait_until
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.call import Call
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.cloudfront import (
    DEPLOYED,
    Distribution,
    Edit,
    Wanted,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.finding import refusal
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.cloudfront import edits, refusals
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run.converge import converge
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run.guard import Guard

STEP = "switch_origin"
CALLS = (Call("cloudfront", "UpdateDistribution", api.REGION),)
POLL = 5.0  # seconds between two looks at a deployment, which takes minutes


@dataclass(frozen=True)
class Switched:
    """The distribution before and after, and the edits that were made."""

    before: Distribution
    after: Distribution
    edits: tuple[Edit, ...]
    changed: bool


def read(distribution_id: str, context: Context) -> Distribution:
    """The distribution as it is. Raises ``Refused`` where there is none, ``DrError``."""
    tried = f"Reading the distribution {distribution_id} (cloudfront:GetDistribution, through {api.REGION})"
    try:
        return again(
            lambda: within(lambda: _look(distribution_id, context), context.deadline, context.clock, tried),
            context.clock,
            context.deadline,
        )
    except CALL_ERRORS as exc:
        raise aws_error(exc, tried) from exc


def plan(wanted: Wanted, seen: Distribution) -> tuple[Edit, ...]:
    """The edits to make. Raises ``Refused``."""
    found = refusals(wanted, seen)
    if found:
        raise Refused(found)
    return edits(wanted, seen)


def switch(distribution_id: str, wanted: Wanted, prove: Callable[[], None], guard: Guard) -> Switched:
    """Make the edits; ``prove`` is called before each try, and raises where traffic may not move.

    An update that somebody else's has overtaken is decided anew on what is there then. Raises ``Refused``, ``DrError``.
    """
    context = guard.context
    before = read(distribution_id, context)
    wanted_edits = plan(wanted, before)
    if not wanted_edits:
        guard.already(STEP, distribution=distribution_id)
        return Switched(before, before, (), changed=False)
    answers: list[Distribution] = []
    with guard.step(STEP, CALLS) as step:

        def change(base: Distribution) -> None:
            config = transform.edited(base.raw, plan(wanted, base))
            client = context.clients.get("cloudfront", api.REGION)
            answers.append(transform.distribution(api.update_distribution(client, base.id, config, base.etag)))

        def decide(seen: Distribution) -> Distribution | None:
            if not plan(wanted, seen):
                return None
            prove()
            return seen

        what = f"Updating the distribution {distribution_id} (cloudfront:UpdateDistribution, through {api.REGION})"
        converged = converge(lambda: _look(distribution_id, context), decide, change, what, context)
        after = answers[-1] if answers else converged.seen
        step.saw(distribution=distribution_id, etag=after.etag, behaviors=after.as_dict()["behaviors"])
    made = plan(wanted, converged.seen) or (wanted_edits if converged.changed else ())
    return Switched(before, after, made, converged.changed)


def planned(seen: Distribution, made: tuple[Edit, ...]) -> Distribution:
    """The distribution as the edits would leave it."""
    origins = {**seen.origins, **{edit.origin: edit.after for edit in made if edit.origin}}
    targets = {edit.path: edit.after for edit in made if not edit.origin}
    behaviors = tuple(replace(each, target=targets.get(each.path, each.target)) for each in seen.behaviors)
    return replace(seen, origins=origins, behaviors=behaviors)


def wait_deployed(distribution_id: str, context: Context) -> Distribution:
    """Look until CloudFront says that every edge has it. Raises ``TimedOut``, ``DrError``."""
    seen: list[Distribution] = []

    def status() -> str:
        try:
            seen.append(
                within(lambda: _look(distribution_id, context), context.deadline, context.clock, "GetDistribution")
            )
        except CALL_ERRORS as exc:
            if effect_of(exc) is Effect.FINAL:
                raise aws_error(exc, f"Reading the distribution {distribution_id}") from exc
            return error_code(exc)
        return seen[-1].status

    wait_until(
        status,
        lambda now: now == DEPLOYED,
        what=f"{distribution_id} to be deployed",
        interval=lambda waited: 0.5 if waited < POLL else POLL,
        deadline=context.deadline,
        clock=context.clock,
        progress=context.progress,
    )
    return seen[-1]


def _look(distribution_id: str, context: Context) -> Distribution:
    client = context.clients.get("cloudfront", api.REGION)
    try:
        return transform.distribution(api.get_distribution(client, distribution_id))
    except CALL_ERRORS as exc:
        if error_code(exc) != api.NOT_FOUND:
            raise
        observed = f"There is no distribution {distribution_id}."
        raise Refused((refusal("no_such_distribution", observed, "Check the id, and the account in use."),)) from exc
