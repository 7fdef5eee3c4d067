# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the name that clients use leads, by each name server's word."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.clock import Clock, Deadline
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.errors import DrError
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.gather import gather
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.readiness import RecordConfig
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.split_brain import Sent
from ansible_collections.multiregion.aws_dr.plugins.module_utils._probe.dns import name_servers, resolve


def where_clients_are_sent(
    record: RecordConfig, resolvers: Sequence[str], clock: Clock, deadline: Deadline
) -> tuple[Sent, ...]:
    """What each server says. None given: the zone's own, as a cache in between may know a name as it was.

    Raises ``DrError`` where the zone's own can't be found.
    """
    servers = tuple(resolvers) or name_servers(record.name, deadline.remaining(clock) / 2, clock)
    jobs = {server: partial(_asked, record, server, clock, deadline) for server in servers}
    return tuple(
        outcome.value if outcome.value is not None else Sent(server, error=_why(server, outcome.error))
        for server, outcome in gather(jobs, deadline, clock).items()
    )


def _asked(record: RecordConfig, server: str, clock: Clock, deadline: Deadline) -> Sent:
    limit = max(0.05, 0.9 * deadline.remaining(clock))
    addresses = resolve(record.name, (server,), limit, clock).addresses
    regions = tuple(region for region, own in record.addresses if set(own) & set(addresses))
    known = {address for _region, own in record.addresses for address in own}
    strangers = tuple(each for each in addresses if each not in known) if known else ()
    return Sent(server, addresses, regions, strangers)


def _why(server: str, error: Exception | None) -> str:
    """Raises what is neither a server's answer nor the lack of one."""
    if isinstance(error, DrError):
        return f"{error.tried}: {error.seen}"
    raise error or AssertionError(f"{server} gave neither an answer nor an error")
