# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Waiting for Route 53's name servers to answer by a change."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any

from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.effect import CallFailed, Effect
from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.route53 import api
from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.route53.account import Account
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.clock import Clock, Deadline
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.errors import TimedOut
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.wait import wait_until
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.records import Submitted


def is_in_sync(change: Mapping[str, Any]) -> bool:
    """Whether a ``ChangeInfo`` says that all of Route 53's name servers have it."""
    return change["Status"] == "INSYNC"


def often_at_first(waited: float) -> float:
    """Seconds until the next look: it takes about a minute as a rule, and the account has five requests a second."""
    return 1.0 if waited < 10 else 3.0


def wait_in_sync(
    account: Account, changes: Iterable[Submitted], clock: Clock, deadline: Deadline, progress: Callable[[str], None]
) -> tuple[Submitted, ...]:
    """The same changes, once each is in sync. Raises ``TimedOut`` where ``deadline`` passes first."""
    return tuple(
        change if change.in_sync else _wait_for(account, change, clock, deadline, progress) for change in changes
    )


def _wait_for(
    account: Account, change: Submitted, clock: Clock, deadline: Deadline, progress: Callable[[str], None]
) -> Submitted:
    try:
        wait_until(
            lambda: account.read(f"Reading the change {change.id} (route53:GetChange)", api.get_change, change.id),
            is_in_sync,
            what="the change to be in sync",
            interval=often_at_first,
            deadline=deadline,
            clock=clock,
            progress=progress,
        )
    except (TimedOut, CallFailed) as exc:
        if isinstance(exc, CallFailed) and exc.effect is Effect.FINAL:
            raise
        raise TimedOut(
            f"Waiting for the change {change.id} to be in sync",
            "not so when the timeout came; Route 53 took it in and goes on with it",
            f"Look with 'aws route53 get-change --id {change.id}': run again, the task has nothing to wait for.",
        ) from exc
    return replace(change, in_sync=True)
