# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reading event source mappings, and switching them: each in a thread of its own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.effect import CALL_ERRORS, Effect, effect_of
from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.lambda_ import api
from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.lambda_.transform import event_source
from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.rds.observe import again
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.errors import DrError, aws_error, error_code
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.gather import gather, within
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.module import Context
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.wait import wait_until
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.event_source import (
    ENABLED,
    EventSource,
    Selector,
    SourceChange,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.event_sources import may_be_changed, needs_change

READ = 10.0  # seconds that an observation may take, tries again included
CALL = 5.0  # seconds that a change has for its answer
INTERVAL = 0.5  # seconds between two looks at a mapping


def read_event_sources(region: str, selectors: Sequence[Selector], context: Context) -> tuple[EventSource, ...]:
    """The mappings that are meant, each once. Raises ``DrError`` where one of the lists can't be read."""
    deadline = context.deadline.sooner(context.clock, READ)

    def reader(selector: Selector) -> Callable[[], list[dict[str, Any]]]:
        client = context.clients
        return lambda: again(
            lambda: api.list_event_sources(client.get("lambda", region), selector.function, selector.source),
            context.clock,
            deadline,
        )

    outcomes = gather({str(selector): reader(selector) for selector in selectors}, deadline, context.clock)
    found: dict[str, EventSource] = {}
    for name, outcome in outcomes.items():
        if outcome.error is not None:
            if not isinstance(outcome.error, CALL_ERRORS):
                raise outcome.error
            raise aws_error(outcome.error, f"lambda:ListEventSourceMappings of {name} in {region}") from outcome.error
        sources = [event_source(raw) for raw in outcome.value or ()]
        if not sources:
            raise DrError(
                f"lambda:ListEventSourceMappings of {name} in {region}",
                "there is no such event source mapping",
                "Check the function, the source's ARN and the Region; nothing was changed.",
            )
        found.update({source.uuid: source for source in sources})
    return tuple(found.values())


def switch(
    region: str, sources: Sequence[EventSource], wanted: str, wait: bool, context: Context
) -> tuple[SourceChange, ...]:
    """Bring each mapping to ``wanted`` (Enabled or Disabled). One that fails holds up no other."""

    def switcher(source: EventSource) -> Callable[[], SourceChange]:
        return lambda: _Switch(region, source, wanted, context).run(wait)

    outcomes = gather({source.uuid: switcher(source) for source in sources}, context.deadline, context.clock)
    changes = []
    for source in sources:
        outcome = outcomes[source.uuid]
        if outcome.value is not None:
            changes.append(outcome.value)
        elif isinstance(outcome.error, CALL_ERRORS):
            changes.append(SourceChange(source, "unknown", error=str(outcome.error)))
        elif outcome.error is not None:
            raise outcome.error
    return tuple(changes)


class _Switch:
    """One mapping on its way: asked once, looked at until it is there; asked again only if nothing came of it."""

    def __init__(self, region: str, source: EventSource, wanted: str, context: Context) -> None:
        self._region, self._before, self._wanted, self._context = region, source, wanted, context
        self._asked = False
        self._state = source.state

    def run(self, wait: bool) -> SourceChange:
        try:
            wait_until(
                self._look,
                lambda _seen: self._is_over(wait),
                what=f"the event source {self._before.uuid} to be {self._wanted}",
                interval=INTERVAL,
                deadline=self._context.deadline,
                clock=self._context.clock,
                progress=self._context.progress,
            )
        except DrError as late:
            return SourceChange(self._before, self._state, self._asked, late.seen)
        except CALL_ERRORS as exc:
            return SourceChange(self._before, self._state, self._asked, aws_error(exc, "").seen)
        return SourceChange(self._before, self._state, self._asked)

    def _is_over(self, wait: bool) -> bool:
        if self._state == self._wanted:
            return True
        return not wait and not needs_change(self._now(), self._wanted)

    def _now(self) -> EventSource:
        return EventSource(self._before.uuid, self._before.function, self._before.source, self._state)

    def _look(self) -> str:
        """Look, and ask where that is needed and possible. Returns the passing fault that was met, if any."""
        try:
            seen = self._within(lambda: api.get_event_source(self._client(), self._before.uuid))
            self._state = event_source(seen).state
            if needs_change(self._now(), self._wanted) and may_be_changed(self._now()):
                self._asked = True
                enabled = self._wanted == ENABLED
                seen = self._within(lambda: api.update_event_source(self._client(), self._before.uuid, enabled))
                self._state = event_source(seen).state
        except CALL_ERRORS as exc:
            if effect_of(exc) is Effect.FINAL:
                raise
            return error_code(exc)
        return "" if self._state == self._wanted else f"it is {self._state}"

    def _client(self) -> Any:
        return self._context.clients.get("lambda", self._region)

    def _within(self, job: Callable[[], Any]) -> Any:
        deadline = self._context.deadline.sooner(self._context.clock, CALL)
        return within(job, deadline, self._context.clock, f"the event source {self._before.uuid} in {self._region}")
