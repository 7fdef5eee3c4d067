# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A client's round: resolve the name through each resolver, connect to what it gave, ask, and look at the answer."""

from __future__ import annotations

import random
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.clock import Clock, Deadline
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.errors import DrError, TimedOut
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.gather import gather
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.probe import Sample, Sighting
from ansible_collections.multiregion.aws_dr.plugins.module_utils._probe.dns import SYSTEM, Unresolved, resolve
from ansible_collections.multiregion.aws_dr.plugins.module_utils._probe.http_request import (
    NoResponse,
    Response,
    parse_url,
    request,
    shown,
)

ID = "{id}"
_ID_FLOOR = 1 << 52  # with 52 random bits on top: exact in a double, and far above an application's own small numbers


class Unwanted(DrError):
    """An answer came, and it isn't the one wanted."""


@dataclass(frozen=True)
class Enquiry:
    """What a client asks, and which answer is good. Empty ``addresses`` or ``string`` accept anything."""

    url: str
    method: str = "GET"
    body: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    statuses: tuple[int, ...] = (200,)
    string: str = ""
    addresses: tuple[str, ...] = ()
    ca_path: str | None = None


def take_sample(
    enquiry: Enquiry, resolvers: Sequence[str], timeout: float, now: Callable[[], float], clock: Clock
) -> Sample:
    """One round through every resolver at once, ``timeout`` seconds for each. ``now`` gives the epoch's seconds.

    What a client may see is no exception but a bad sample, with the first resolver's error in the order given. Raises
    what no further sample would mend, such as a missing library.
    """
    started = now()
    deadline = Deadline.after(clock, timeout)
    # Kept apart from the jobs' outcomes: what was resolved counts, also where the connection then hung.
    sightings: dict[str, Sighting] = {}
    jobs = {
        label: partial(_look, enquiry, label, sightings, deadline, now, clock) for label in (resolvers or (SYSTEM,))
    }
    outcomes = gather(jobs, deadline, clock)
    errors = [f"through {label}: {_told(outcome.error)}" for label, outcome in outcomes.items() if outcome.error]
    noted = tuple(sightings[label] for label in jobs if label in sightings)
    return Sample(started, now(), errors[0] if errors else "", noted)


def sight(url: str, label: str, timeout: float, now: Callable[[], float], clock: Clock) -> Sighting:
    """What ``label`` (a resolver, or the system's) answers for the URL's host. Raises ``Unresolved``."""
    answer = resolve(parse_url(url).host, () if label == SYSTEM else (label,), timeout, clock)
    return Sighting(label, answer.addresses, answer.ttl, now())


def _look(
    enquiry: Enquiry,
    label: str,
    sightings: dict[str, Sighting],
    deadline: Deadline,
    now: Callable[[], float],
    clock: Clock,
) -> None:
    sighting = sight(enquiry.url, label, deadline.remaining(clock), now, clock)
    sightings[label] = sighting
    # Any of several: over a stable stretch each gets its turn.
    address = random.choice(sighting.addresses)
    body = enquiry.body
    if body is not None:
        body = body.replace(ID, str(_ID_FLOOR | secrets.randbits(52)))
    left = max(0.001, deadline.remaining(clock))
    response = request(enquiry.url, enquiry.method, body, address, left, enquiry.headers, enquiry.ca_path)
    wrong = unexpected(enquiry, sighting.addresses, response)
    if wrong:
        raise Unwanted(f"{enquiry.method} {shown(enquiry.url)} at {address}", wrong, "Check what is served there.")


def _told(error: Exception) -> str:
    if not isinstance(error, (Unresolved, NoResponse, Unwanted, TimedOut)):
        raise error
    return f"{error.tried}: {error.seen}"


def unexpected(enquiry: Enquiry, addresses: Sequence[str], response: Response) -> str:
    """Why that answer isn't the one wanted; empty when it is."""
    others = sorted(set(addresses) - set(enquiry.addresses)) if enquiry.addresses else []
    if others:
        return f"the name resolves to {', '.join(others)}, not to {', '.join(enquiry.addresses)}"
    if response.status not in enquiry.statuses:
        return f"status {response.status}, not {' or '.join(map(str, enquiry.statuses))}"
    if enquiry.string not in response.body:
        return f"the answer lacks the string {enquiry.string!r}"
    return ""
