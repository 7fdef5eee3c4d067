# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Keeps a run's lease while tasks run that aren't ours, and so don't renew it: beside them, in a process of its own."""

from __future__ import annotations

from contextlib import suppress

from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.clock import Clock, Deadline
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.errors import DrError, TimedOut
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.process import is_alive, is_stopped
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.progress import silent
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.wait import wait_until
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.run import EventState, RunToken
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.store import Store
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.lease import RENEW


def keep(token: RunToken, step: str, longest: float, store: Store, clock: Clock) -> None:
    """Renew the lease of ``token`` until ``step`` has ended or ``longest`` seconds have passed.

    Nobody's lease is kept whose controller is gone or stopped, and one that was lost is never taken back.
    """

    def over() -> bool:
        if not is_alive(token.pid, token.pid_started):
            return True
        if is_stopped(token.pid):
            return False
        with suppress(DrError):  # a table that gives no answer now may give one the next time
            return _ended(token, step, store) or not store.renew(token.lock, token.fence)
        return False

    with suppress(TimedOut):
        wait_until(
            over,
            bool,
            what=f"the end of the step {step}",
            interval=RENEW,
            deadline=Deadline.after(clock, longest),
            clock=clock,
            progress=silent,
        )


def _ended(token: RunToken, step: str, store: Store) -> bool:
    """Whether the journal's last word of the step is another than that it began."""
    states = [event.state for event in store.read_events(token.id) if event.step == step]
    return not states or states[-1] is not EventState.STARTED
