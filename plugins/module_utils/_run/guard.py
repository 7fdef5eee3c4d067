# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The guard of a module's effects: within a run, each is a step that holds the lease and stands in the journal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from typing import Any, Protocol

from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.module import Context
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.call import Call


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


class Unguarded:
    """A module that is used by itself, without a run."""

    def __init__(self, context: Context) -> None:
        self.context = context

    @contextmanager
    def step(self, name: str, calls: Sequence[Call] = (), before: Mapping[str, Any] | None = None) -> Iterator[Step]:
        yield Step()

    def already(self, name: str, **seen: Any) -> None:
        pass


def guarded(run: Mapping[str, Any] | None, context: Context) -> Guard:
    """The guard of the run that the option ``run`` names; one that lets everything through where there is none."""
    return Unguarded(context)
