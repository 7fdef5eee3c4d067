# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The guard of a module's effects: within a run, each is a step that holds the lease and stands in the journal."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import replace
from types import MappingProxyType
from typing import Any, Protocol

from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.dynamodb.store import PATIENCE
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.clock import Deadline
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.errors import DrError, Refused
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.gather import gather
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.module import Context
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.process import is_alive
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.call import Call
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.run import Event, EventState, RunToken
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.store import Store
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan import lease as plan
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run.stores import open_store

NOTHING: Mapping[str, Any] = MappingProxyType({})


class Step:
    """An effect under way. What ``saw`` is given goes to the journal: plain values, nothing secret."""

    def __init__(self) -> None:
        self.seen: dict[str, Any] = {}

    def saw(self, **values: Any) -> None:
        """Note what was observed once the effect had been made."""
        self.seen.update(values)


class Guard(Protocol):
    """``context`` is to be used for everything within: its waits keep the lease."""

    context: Context

    def step(
        self, name: str, calls: Sequence[Call] = (), before: Mapping[str, Any] | None = None
    ) -> AbstractContextManager[Step]:
        """Hold the lease, note the ``calls`` to come, let the effect happen, note how it ended.

        ``before`` is noted with the calls: what a way back needs, should nobody come to note anything afterwards.
        Raises ``Refused`` where another run has taken over: nothing was done then.
        """

    def already(self, name: str, **seen: Any) -> None:
        """Note that there was nothing to do."""

    def begin(self, name: str) -> None:
        """Hold the lease and note that somebody else's effect begins; :meth:`end` is to follow. Raises as a step."""

    def end(self, name: str, error: str = "") -> None:
        """Note how an effect ended that had begun. Raises ``Refused`` where the run was taken over while it went on."""


class Unguarded:
    """A module that is used by itself, without a run."""

    def __init__(self, context: Context) -> None:
        self.context = context

    @contextmanager
    def step(self, name: str, calls: Sequence[Call] = (), before: Mapping[str, Any] | None = None) -> Iterator[Step]:
        yield Step()

    def already(self, name: str, **seen: Any) -> None:
        pass

    def begin(self, name: str) -> None:
        pass

    def end(self, name: str, error: str = "") -> None:
        pass


class NotOpened:
    """A run that wasn't opened, as there was nothing to do: should there be, it is refused."""

    def __init__(self, context: Context) -> None:
        self.context = context

    def step(
        self, name: str, calls: Sequence[Call] = (), before: Mapping[str, Any] | None = None
    ) -> AbstractContextManager[Step]:
        raise Refused((plan.not_opened(name),))

    def already(self, name: str, **seen: Any) -> None:
        pass

    def begin(self, name: str) -> None:
        raise Refused((plan.not_opened(name),))

    def end(self, name: str, error: str = "") -> None:
        pass


class Journalled:
    """A step of a run. The lease is renewed before each effect, and checked again right before each call is sent."""

    def __init__(self, token: RunToken, store: Store, context: Context) -> None:
        self.context = replace(context, progress=self._keep)
        self._token = token
        self._store = store
        self._clock = context.clock
        self._show = context.progress
        self._renewed_at = float("-inf")
        self._lock = threading.Lock()

    @contextmanager
    def step(self, name: str, calls: Sequence[Call] = (), before: Mapping[str, Any] | None = None) -> Iterator[Step]:
        step = Step()
        self._begin(name, tuple(calls), {"before": dict(before)} if before else NOTHING)
        try:
            with self.context.clients.gated(self._check):
                yield step
        except BaseException as exc:
            self._tell(self._event(name, EventState.FAILED, calls, step.seen, f"{type(exc).__name__}: {exc}"))
            raise
        self._tell(self._event(name, EventState.DONE, calls, step.seen))

    def already(self, name: str, **seen: Any) -> None:
        self._tell(self._event(name, EventState.ALREADY, (), seen))

    def begin(self, name: str) -> None:
        self._begin(name, (), NOTHING)

    def end(self, name: str, error: str = "") -> None:
        if not error:
            with suppress(DrError):  # what was done is done: the next step asks again
                self._renew()
        self._tell(self._event(name, EventState.FAILED if error else EventState.DONE, error=error))

    def _begin(self, name: str, calls: tuple[Call, ...], seen: Mapping[str, Any]) -> None:
        """Lease and journal at once: neither needs the other, and nothing happens before both."""
        self._check_controller()
        event = self._event(name, EventState.STARTED, calls, seen)
        jobs: dict[str, Callable[[], Any]] = {
            "Renewing the lease": self._renew,
            "Writing the journal": lambda: self._store.add_event(event),
        }
        for outcome in gather(jobs, Deadline.after(self._clock, PATIENCE), self._clock).values():
            if isinstance(outcome.error, DrError):
                raise Refused((plan.unreachable(str(outcome.error)),)) from outcome.error
            if outcome.error is not None:
                raise outcome.error

    def _renew(self) -> None:
        """Raises ``Refused`` where the run was taken over."""
        with self._lock:
            asked_at = self._clock.monotonic()
            if not self._store.renew(self._token.lock, self._token.fence):
                raise Refused((plan.fenced(self._token.id),))
            self._renewed_at = asked_at

    def _check(self) -> None:
        """Called before any request is sent within a step. Raises ``Refused`` where it may not be."""
        self._check_controller()
        if self._clock.monotonic() - self._renewed_at > plan.SAFE:
            try:
                self._renew()
            except DrError as error:
                raise Refused((plan.unreachable(str(error)),)) from error

    def _check_controller(self) -> None:
        if self._token.pid and not is_alive(self._token.pid, self._token.pid_started):
            raise Refused((plan.orphaned(self._token.id),))

    def _keep(self, line: str) -> None:
        """In a wait: show the line, and keep the lease. A table that can't be reached doesn't end a wait."""
        self._show(line)
        if self._clock.monotonic() - self._renewed_at > plan.RENEW:
            with suppress(DrError):
                self._renew()

    def _event(
        self,
        name: str,
        state: EventState,
        calls: Sequence[Call] = (),
        seen: Mapping[str, Any] = NOTHING,
        error: str = "",
    ) -> Event:
        return Event(
            self._token.id, self._token.fence, self._clock.wall(), name, state, tuple(calls), dict(seen), error
        )

    def _tell(self, event: Event) -> None:
        """Write what has happened. It has: that it couldn't be written is a warning only."""
        try:
            self._store.add_event(event)
        except DrError as error:
            self.context.warn(f"The journal lacks that {event.step} is {event.state.value}: {error}")


def guarded(run: Mapping[str, Any] | None, context: Context) -> Guard:
    """The guard of the run that the option ``run`` names; one that lets everything through where there is none."""
    if not run or context.check_mode:
        return Unguarded(context)
    token = RunToken.from_options(run)
    if not token.fence:
        return NotOpened(context)
    return Journalled(token, open_store(token, context), context)
