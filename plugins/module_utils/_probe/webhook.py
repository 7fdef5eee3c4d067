# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A signed webhook: who knows the key can tell that it is ours, unchanged, and not an old one."""

from __future__ import annotations

import hashlib
import hmac
import urllib.error
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http.client import HTTPException

from ansible.module_utils.urls import open_url

from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.clock import Clock, Deadline
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.errors import DrError

TIMESTAMP, SIGNATURE, IDENTITY = "X-AWS-DR-Timestamp", "X-AWS-DR-Signature", "X-AWS-DR-Id"
VERSION = "v1"
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 30.0  # seconds between two tries; each is twice the one before
MOST_OF_ONE_TRY = 10.0  # seconds
LEAST_OF_ONE_TRY = 0.1
TRY_AGAIN = frozenset({408, 425, 429, *range(500, 600)})
"""Statuses that pass by themselves. Any other that isn't a success is the receiver's last word."""


@dataclass(frozen=True)
class Hook:
    """Where to send what. ``identity`` is the same in each try: a receiver can tell a message that it has already."""

    url: str
    key: str
    body: str
    identity: str = ""
    headers: Mapping[str, str] | None = None
    ca_path: str | None = None


@dataclass(frozen=True)
class Delivered:
    """The receiver's status, and how many tries it took."""

    status: int
    attempts: int


def signature(key: str, timestamp: str, body: bytes) -> str:
    """HMAC-SHA256 over the time, a dot, and the body as it is sent."""
    digest = hmac.new(key.encode(), timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()
    return f"{VERSION}={digest}"


def signed_headers(hook: Hook, timestamp: str) -> dict[str, str]:
    """The headers of one try, those of the user's own among them."""
    given = {str(name): str(value) for name, value in (hook.headers or {}).items()}
    ours = {
        TIMESTAMP: timestamp,
        SIGNATURE: signature(hook.key, timestamp, hook.body.encode()),
        "Content-Type": "application/json",
    }
    return {**given, **ours, **({IDENTITY: hook.identity} if hook.identity else {})}


def deliver(hook: Hook, retries: int, deadline: Deadline, clock: Clock, progress: Callable[[str], None]) -> Delivered:
    """Send it, again after a growing pause where that may help, each try signed anew. Raises ``DrError``."""
    attempt, pause = 1, FIRST_PAUSE
    while True:
        status, trouble = _try(hook, deadline.sooner(clock, MOST_OF_ONE_TRY).remaining(clock), clock)
        if not trouble:
            return Delivered(status, attempt)
        final = status and status not in TRY_AGAIN
        if final or attempt > retries or deadline.remaining(clock) <= pause + LEAST_OF_ONE_TRY:
            tries = f"{attempt} tries" if attempt > 1 else "one try"
            raise DrError(
                "Sending the webhook", f"{trouble}, after {tries}", "Check the receiver, its URL and its key."
            )
        progress(f"the receiver didn't take it: try {attempt + 1} follows")
        clock.sleep(pause)
        attempt, pause = attempt + 1, min(2 * pause, LONGEST_PAUSE)


def _try(hook: Hook, timeout: float, clock: Clock) -> tuple[int, str]:
    """One try: the status, 0 without an answer, and what was wrong. No URL in it: its path may be the secret."""
    try:
        with open_url(
            hook.url,
            data=hook.body.encode(),
            headers=signed_headers(hook, str(int(clock.wall()))),
            method="POST",
            timeout=max(timeout, LEAST_OF_ONE_TRY),
            ca_path=hook.ca_path,
            follow_redirects="none",  # a signed message goes where it was sent, and nowhere else
            http_agent="multiregion.aws_dr",
        ) as answer:
            return int(answer.status), "" if 200 <= answer.status < 300 else f"it answered {answer.status}"
    except urllib.error.HTTPError as exc:
        return exc.code, f"it answered {exc.code}"
    except urllib.error.URLError as exc:
        return 0, f"no answer ({type(exc.reason).__name__}: {exc.reason})"
    except TimeoutError:
        return 0, f"no answer within {timeout:.1f} s"
    except (OSError, HTTPException, ValueError) as exc:
        return 0, f"no answer ({type(exc).__name__})"
