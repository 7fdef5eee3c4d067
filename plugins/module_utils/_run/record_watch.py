# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Seeing a name answer as it should, at every name server given."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.errors import DrError, TimedOut
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.module import Context
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.wait import wait_until
from ansible_collections.multiregion.aws_dr.plugins.module_utils._probe.dns import Answer, Unresolved, resolve

INTERVAL = 0.2  # seconds between two rounds of questions
ANSWER = 2.0  # seconds that a round of questions may take


@dataclass(frozen=True)
class SeenRecord:
    """The answer that was waited for: its addresses, the largest TTL, and when it was first given (epoch seconds)."""

    name: str
    addresses: tuple[str, ...]
    ttl: int | None
    seen_at: float

    def as_dict(self) -> dict[str, Any]:
        return {"name": self.name, "addresses": list(self.addresses), "ttl": self.ttl, "seen_at": self.seen_at}


@dataclass(frozen=True)
class Moved:
    """What moved the traffic, and what to ``check`` should the name not follow."""

    done: str
    check: str


LATCHED = Moved(
    "the latch has landed", "that the health checks see the latch's object (anonymous read, the token, HTTPS)"
)


def wait_for_record(
    name: str, expect: Sequence[str], resolvers: Sequence[str], context: Context, moved: Moved = LATCHED
) -> SeenRecord:
    """Ask each of ``resolvers`` (none: the system's) until all answer with addresses of ``expect`` only.

    Raises ``DrError`` with the last answers.
    """
    asked: list[tuple[str, ...]] = [(resolver,) for resolver in resolvers] or [()]
    answers: list[Answer] = []

    def ask() -> str:
        answers.clear()
        try:
            limit = context.deadline.sooner(context.clock, ANSWER)
            for servers in asked:
                answers.append(resolve(name, servers, max(0.05, limit.remaining(context.clock)), context.clock))
        except Unresolved as passing:
            answers.clear()
            return str(passing)
        return ", ".join(sorted({address for answer in answers for address in answer.addresses}))

    def as_expected(_seen: str) -> bool:
        return bool(answers) and all(set(answer.addresses) <= set(expect) for answer in answers)

    try:
        wait_until(
            ask,
            as_expected,
            what=f"{name} to resolve to {', '.join(expect)}",
            interval=INTERVAL,
            deadline=context.deadline,
            clock=context.clock,
            progress=context.progress,
        )
    except TimedOut as late:
        raise DrError(
            late.tried,
            f"{moved.done}, and the name is {late.seen}",
            f"Check {moved.check}, and the record's TTL; then run again.",
        ) from late
    return _seen(name, answers, context)


def _seen(name: str, answers: Sequence[Answer], context: Context) -> SeenRecord:
    ttls = [answer.ttl for answer in answers if answer.ttl is not None]
    addresses = tuple(sorted({address for answer in answers for address in answer.addresses}))
    return SeenRecord(name, addresses, max(ttls, default=None), context.clock.wall())
