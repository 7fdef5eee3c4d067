# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a client of a cache sees: a write through a Region's primary endpoint, and an answer to PING.

No client library is needed. A token goes to the server only, and into no message.
"""

from __future__ import annotations

import secrets
import ssl
from collections.abc import Callable, Sequence
from typing import TypeVar

from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.clock import Clock, Deadline
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.errors import DrError, TimedOut
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.gather import within
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.cache import CacheProof, CacheTarget
from ansible_collections.multiregion.aws_dr.plugins.module_utils._probe.connect import connect
from ansible_collections.multiregion.aws_dr.plugins.module_utils._probe.dns import Unresolved, resolve
from ansible_collections.multiregion.aws_dr.plugins.module_utils._probe.resp import Conversation, RespError

T = TypeVar("T")

ATTEMPT_SECONDS = 3.0  # a proof takes tens of milliseconds; where a name leads into a Region that hangs, ask again
KEEP = "3600"  # seconds for which the proof's key stays

# By the reply's first word: these pass by themselves.
_PASSING = ("CLUSTERDOWN", "LOADING", "MASTERDOWN", "NOREPLICAS", "TRYAGAIN")
_LOGIN = ("NOAUTH", "NOPERM", "WRONGPASS")


class NotPrimary(DrError):
    """The server answers and takes no writes: it may become the primary, or the name may still lead elsewhere."""


class Unreachable(DrError):
    """No connection came about, or it broke, or the server isn't ready."""


def prove(target: CacheTarget, resolvers: Sequence[str], clock: Clock, deadline: Deadline) -> CacheProof:
    """Write ``target.key`` through its endpoint, resolved freshly: one attempt, of :data:`ATTEMPT_SECONDS` at most.

    Raises :class:`NotPrimary` and :class:`Unreachable`, which may pass, or another ``DrError`` for what only a person
    can mend (token, permission, certificate).
    """
    nonce, began = secrets.token_hex(16), clock.monotonic()
    limit = deadline.sooner(clock, ATTEMPT_SECONDS)

    def write(conversation: Conversation) -> str:
        return conversation.ask("SET", target.key, nonce, "EX", KEEP)

    what = f"Writing to the cache at {target.endpoint}"
    try:
        address, _reply = within(lambda: converse(target, resolvers, limit, clock, write), limit, clock, what)
    except TimedOut as exc:
        raise Unreachable(what, exc.seen, "Check the network path and the server, then try again.") from exc
    return CacheProof(
        region=target.region,
        endpoint=target.endpoint,
        address=address,
        key=target.key,
        nonce=nonce,
        seconds=clock.monotonic() - began,
        written_at=clock.wall(),
    )


def ping(target: CacheTarget, resolvers: Sequence[str], timeout: float, clock: Clock) -> float:
    """Seconds from the look-up to the answer. A server that wants a token first has answered too.

    Raises as :func:`prove` does.
    """
    began = clock.monotonic()

    def ask(conversation: Conversation) -> str:
        try:
            return conversation.ask("PING")
        except RespError as refused:
            if refused.code in _LOGIN:
                return refused.code
            raise

    converse(target, resolvers, Deadline.after(clock, timeout), clock, ask)
    return clock.monotonic() - began


def converse(
    target: CacheTarget, resolvers: Sequence[str], limit: Deadline, clock: Clock, act: Callable[[Conversation], T]
) -> tuple[str, T]:
    """The address and what ``act`` gave there; in cluster mode, where the key's shard is."""
    host, port, tried = target.endpoint, target.port, f"Asking the cache at {target.endpoint}:{target.port}"
    try:
        try:
            return _at(host, port, target, resolvers, limit, clock, act)
        except RespError as moved:
            if moved.code != "MOVED":
                raise
            host, _colon, number = str(moved).rpartition(" ")[2].rpartition(":")
            return _at(host or target.endpoint, int(number), target, resolvers, limit, clock, act)
    except RespError as exc:
        raise _as_error(exc, tried) from None
    except Unresolved as exc:
        raise Unreachable(exc.tried, exc.seen, "Check the name and the resolvers.") from exc
    except ssl.SSLCertVerificationError as exc:
        seen = f"the certificate isn't trusted: {exc.verify_message}"
        raise DrError(tried, seen, "Give the certificates to trust as ca_path.") from exc
    except OSError as exc:
        seen = f"{type(exc).__name__}: {exc}".rstrip(".: ")
        raise Unreachable(tried, seen, "Check the group's status, its security group and the network path.") from exc


def _at(
    host: str,
    port: int,
    target: CacheTarget,
    resolvers: Sequence[str],
    limit: Deadline,
    clock: Clock,
    act: Callable[[Conversation], T],
) -> tuple[str, T]:
    address = resolve(host, resolvers, max(0.01, limit.remaining(clock)), clock).addresses[0]
    timeout = max(0.01, limit.remaining(clock))
    with Conversation(connect(host, address, port, timeout, tls=target.tls, ca_path=target.ca_path)) as conversation:
        if target.login is not None:
            user = [target.login.username] if target.login.username else []
            conversation.ask("AUTH", *user, target.login.password)
        return address, act(conversation)


def _as_error(refused: RespError, tried: str) -> DrError:
    if refused.code == "READONLY":
        return NotPrimary(tried, str(refused), "That server is a replica; wait for the promotion.")
    if refused.code in _PASSING:
        return Unreachable(tried, str(refused), "Wait until it is ready.")
    if refused.code in _LOGIN or "AUTH" in str(refused):
        return DrError(tried, str(refused), "Check the secret's token, or user and password, and that user's rights.")
    return DrError(tried, str(refused), "Try the same write by hand.")
