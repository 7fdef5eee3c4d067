# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""One look at a Region: its API by HTTP, its platform by AWS's own answers, and the watcher's write to the state table.

What fails there is ``BAD``. What keeps the watcher itself from looking (a name that doesn't resolve, a throttled call,
no credentials) is ``UNKNOWN``.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any

from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.dynamodb import api as dynamodb
from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.dynamodb.transform import watcher_item
from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.effect import CALL_ERRORS, Effect, effect_of
from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.s3 import api as s3
from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.sts import api as sts
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.clients import Clients
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.clock import Clock, Deadline
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.errors import DrError, TimedOut, error_code
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.gather import gather, within
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.watch import Api, PlatformCanary
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.witness import Quorum, Reading
from ansible_collections.multiregion.aws_dr.plugins.module_utils._probe.dns import Unresolved, resolve
from ansible_collections.multiregion.aws_dr.plugins.module_utils._probe.http_request import (
    NoResponse,
    parse_url,
    request,
)

GOOD_STATUS = range(200, 300)
SERVER_FAULT = 500  # HTTP status from which on an answer says that the Region has a fault


@dataclass(frozen=True)
class Eyes:
    """What a look needs. ``timeout`` in seconds is for all of it."""

    clients: Clients
    clock: Clock
    timeout: float
    resolvers: tuple[str, ...] = ()
    ca_path: str = ""


Look = tuple[Reading, str]


def look_at_api(api: Api, eyes: Eyes) -> Look:
    """One GET of the workload's API in a Region."""
    deadline = Deadline.after(eyes.clock, eyes.timeout)
    try:
        return within(partial(_get, api.url, eyes, deadline), deadline, eyes.clock, f"GET {api.region}'s API")
    except (NoResponse, TimedOut) as error:
        return Reading.BAD, error.seen
    except Unresolved as error:
        return Reading.UNKNOWN, error.seen


def _get(url: str, eyes: Eyes, deadline: Deadline) -> Look:
    addresses = resolve(parse_url(url).host, eyes.resolvers, eyes.timeout, eyes.clock).addresses
    left = max(0.05, deadline.remaining(eyes.clock))
    answer = request(url, "GET", None, random.choice(addresses), left, ca_path=eyes.ca_path or None)
    good = answer.status in GOOD_STATUS
    return (Reading.GOOD if good else Reading.BAD), f"status {answer.status} in {answer.seconds * 1000:.0f} ms"


def look_at_platform(canary: PlatformCanary, eyes: Eyes) -> Look:
    """Two of a Region's services at once: it is well if either answers, whatever it says, and ``BAD`` if neither does.

    So one service's outage isn't taken for the Region's. That the object is missing, or may not be read, is an answer.
    """
    s3_client = partial(eyes.clients.get, "s3", canary.region)
    sts_client = partial(eyes.clients.get, "sts", canary.region)
    jobs: dict[str, Callable[[], Any]] = {
        "S3": lambda: s3.head_object(s3_client(), canary.bucket, canary.key),
        "STS": lambda: sts.get_caller_identity(sts_client()),
    }
    outcomes = gather(jobs, Deadline.after(eyes.clock, eyes.timeout), eyes.clock)
    seen = {name: _of_call(outcome.error) for name, outcome in outcomes.items()}
    worst_first = (Reading.BAD, Reading.UNKNOWN, Reading.GOOD)
    best = max((reading for reading, _detail in seen.values()), key=worst_first.index)
    return best, _told(seen.items())


def _of_call(error: Exception | None) -> Look:
    if error is None:
        return Reading.GOOD, "answered"
    if not isinstance(error, CALL_ERRORS):
        raise error
    code, effect = error_code(error), effect_of(error)
    if effect in (Effect.UNKNOWN, Effect.NOT_SENT) and not code.startswith(("Credential", "Metadata")):
        return Reading.BAD, code
    status = (getattr(error, "response", None) or {}).get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    answered = effect is not Effect.BUSY and 0 < status < SERVER_FAULT
    return (Reading.GOOD if answered else Reading.UNKNOWN), code


def _told(seen: Iterable[tuple[str, Look]]) -> str:
    return ", ".join(f"{name}: {detail}" for name, (_reading, detail) in seen)


def try_quorum(table: str, region: str, workload: str, host: str, eyes: Eyes) -> tuple[Quorum, str]:
    """Write down that the watcher is there, through its own Region: two Regions of the table have to take it."""
    item = watcher_item(workload, host, eyes.clock.wall())
    deadline = Deadline.after(eyes.clock, eyes.timeout)
    try:
        within(
            lambda: dynamodb.put_item(eyes.clients.get("dynamodb", region), table, item, {}),
            deadline,
            eyes.clock,
            f"dynamodb:PutItem on {table} in {region}",
        )
    except CALL_ERRORS as exc:
        code = error_code(exc)
        cut_off = effect_of(exc) in (Effect.UNKNOWN, Effect.NOT_SENT) and code not in dynamodb.TRY_AGAIN
        told = exc.seen if isinstance(exc, DrError) else code
        return (Quorum.REFUSED if cut_off else Quorum.UNKNOWN), told
    return Quorum.OK, ""
