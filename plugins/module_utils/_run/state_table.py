# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Making and removing the state table: look, take the first step, wait until it has taken effect, look again.

So an answer that is lost, or a run that is killed, costs nothing: the next look says how far it had come.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.dynamodb import tables
from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.dynamodb.observe_tables import read_state_table
from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.effect import CALL_ERRORS, Effect, effect_of
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.errors import (
    DrError,
    Refused,
    aws_error,
    error_code,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.gather import within
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.module import Context
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.wait import wait_until
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.call import Call
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.finding import Finding
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.state_table import (
    KEYS,
    Observed,
    StateTable,
    WantedTable,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan import state_table as plan
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.state_table import Act, Step

ATTEMPTS = 5
"""How often one step is taken: DynamoDB shows a change a little after it took it in."""


@dataclass(frozen=True)
class Change:
    """The table before and after (``None``: there was, or is, none), and the calls that made the difference."""

    before: StateTable | None
    after: StateTable | None
    calls: tuple[Call, ...]


def often_at_first(waited: float) -> float:
    """Seconds until the next look: protection and tags take a second, a replica takes minutes."""
    return 1.0 if waited < 10 else 5.0


def make(wanted: WantedTable, context: Context) -> Change:
    """Make the table as it is wanted. Raises ``Refused`` and ``DrError``."""
    refused = plan.option_refusals(wanted)
    if refused:
        raise Refused(refused)
    return _Keeper(
        wanted,
        context,
        check=lambda observed: plan.refusals(observed, wanted),
        steps=lambda table: plan.steps(table, wanted),
    ).converge()


def remove(wanted: WantedTable, force: bool, context: Context) -> Change:
    """Delete the table in all its Regions. Raises ``Refused`` and ``DrError``."""
    return _Keeper(
        wanted,
        context,
        check=lambda observed: plan.deletion_refusals(observed, force),
        steps=plan.deletion_steps,
    ).converge()


class _Keeper:
    def __init__(
        self,
        wanted: WantedTable,
        context: Context,
        check: Callable[[Observed], list[Finding]],
        steps: Callable[[StateTable | None], list[Step]],
    ) -> None:
        self._wanted, self._context = wanted, context
        self._check, self._steps = check, steps
        self._made: dict[Step, Call] = {}
        self._taken: Counter[Step] = Counter()

    def converge(self) -> Change:
        """Take the first step until there is none; in check mode only say what they are."""
        before = table = self._settled()
        while steps := self._steps(table):
            if self._context.check_mode:
                calls = tuple(step.call for step in steps)
                return Change(before, plan.after(table, steps, self._wanted), calls)
            self._take(steps[0], table)
            table = self._settled()
        return Change(before, table, tuple(self._made.values()))

    def _settled(self) -> StateTable | None:
        """The table once nothing is under way; at once in check mode. Raises ``Refused`` as soon as that is clear."""

        def look() -> Observed:
            observed = read_state_table(self._wanted.name, self._wanted.replicas, self._context)
            refused = self._check(observed)
            if refused:
                raise Refused(refused)
            return observed

        def settled(observed: Observed) -> bool:
            return observed.table is None or observed.table.steady or self._context.check_mode

        return wait_until(
            look,
            settled,
            what=f"the table {self._wanted.name} to be active",
            interval=often_at_first,
            deadline=self._context.deadline,
            clock=self._context.clock,
            progress=self._context.progress,
        ).table

    def _take(self, step: Step, table: StateTable | None) -> None:
        """Make a step's call; what it did is seen by the next look. Raises ``DrError`` where that is not to come."""
        context, what = self._context, f"{step.act.value} of {self._wanted.name} in {step.region}"
        self._taken[step] += 1
        if self._taken[step] > ATTEMPTS:
            raise DrError(what, f"still not so after {ATTEMPTS} calls", "Look at the table in DynamoDB's console.")
        if self._taken[step] > 1:
            context.clock.sleep(min(float(self._taken[step]), context.deadline.remaining(context.clock)))
        try:
            within(partial(self._call, step, table), context.deadline, context.clock, what)
        except CALL_ERRORS as exc:
            effect = effect_of(exc)
            last = self._taken[step] == ATTEMPTS or context.deadline.passed(context.clock)
            if effect is Effect.UNKNOWN:
                self._made[step] = step.call  # it may have been made: better said than left out
            passes = error_code(exc) in tables.PASSING or effect is not Effect.FINAL
            if last or not passes:
                raise aws_error(exc, what) from exc
        else:
            self._made[step] = step.call

    def _call(self, step: Step, table: StateTable | None) -> None:
        wanted, client = self._wanted, self._context.clients.get("dynamodb", step.region)
        if step.act is Act.CREATE:
            tables.create_table(client, wanted.name, KEYS)
        elif step.act is Act.MAKE_STRONG:
            others = [region for region in wanted.replicas if region != step.region]
            tables.make_strong(client, wanted.name, others, wanted.witness)
        elif step.act is Act.PROTECTION:
            tables.set_protection(client, wanted.name, step.on)
        elif step.act is Act.RECOVERY:
            tables.set_recovery(client, wanted.name, step.on)
        elif step.act is Act.DELETE:
            tables.delete_table(client, wanted.name)
        elif table is not None:
            self._call_on(step, table, client)

    def _call_on(self, step: Step, table: StateTable, client: object) -> None:
        """What needs to know of the table."""
        if step.act is Act.REDUCE:
            others = [region for region in table.regions if region != step.region]
            tables.reduce(client, table.name, others, table.witness.region if table.witness else None)
            return
        arn = next(replica.arn for replica in table.replicas if replica.region == step.region)
        if step.act is Act.TAG:
            tables.tag(client, arn, dict(step.tags))
        else:
            tables.untag(client, arn, step.keys)
