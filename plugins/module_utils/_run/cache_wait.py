# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Waiting for a cache's promotion and proving its primary. Nothing in here starts anything."""

from __future__ import annotations

from dataclasses import dataclass

from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.effect import CALL_ERRORS
from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.elasticache.observe import (
    Look,
    look,
    read_datastore,
    read_group,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.rds.observe import again
from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.secrets.api import get_secret_value
from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.secrets.transform import cache_login
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.clock import Deadline
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.errors import DrError, aws_error
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.gather import within
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.module import Context
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.wait import wait_until
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.cache import (
    CacheOperation,
    CacheProof,
    CacheTarget,
    Datastore,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._probe.cache import NotPrimary, Unreachable, prove
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run.cache import is_primary

LOOK = 10.0  # seconds that one look may take
LAST_LOOK = 1.0  # seconds that it may take in any case
EARLY = 10.0  # seconds during which the state is looked at every EARLY_INTERVAL seconds
EARLY_INTERVAL = 0.25
IDLE_GRACE = 15.0  # seconds with nothing under way, and another primary, after which a promotion has ended in vain
PROVE_INTERVAL = 0.2
PREPARE = 10.0  # seconds that reading the endpoint and the secret may take


class InVain(DrError):
    """Nothing is under way any more, and the target is not the primary."""


@dataclass(frozen=True)
class Proving:
    """How the primary is to be proved; ``secret_id`` is empty for a cache that wants no token."""

    secret_id: str
    ca_path: str | None
    resolvers: tuple[str, ...]


@dataclass(frozen=True)
class Finished:
    """The datastore as last seen, and the primary's proof if one was wanted."""

    datastore: Datastore
    proof: CacheProof | None = None


def finish(
    operation: CacheOperation, datastore_id: str, proving: Proving | None, poll_interval: float, context: Context
) -> Finished:
    """Wait until the target is the primary; then until it takes a write or, without ``proving``, is available.

    What the datastore's status is while the old primary's Region is lost isn't published, so that a proof counts for
    more than the status. Raises ``TimedOut``, or ``DrError`` when the promotion ended in vain.
    """
    watch = _Watch(operation, datastore_id, proving is None, context)
    seen = wait_until(
        watch.look,
        watch.is_over,
        what=f"the cache's primary in {operation.to_region}",
        interval=lambda waited: min(EARLY_INTERVAL, poll_interval) if waited < EARLY else poll_interval,
        deadline=context.deadline,
        clock=context.clock,
        progress=context.progress,
    )
    if seen.datastore is None:
        raise AssertionError("is_over() holds for a datastore only")
    return Finished(seen.datastore, _proof(operation, datastore_id, proving, context) if proving else None)


class _Watch:
    """Looks at a promotion, and tells going on from over and from over in vain."""

    def __init__(self, operation: CacheOperation, datastore_id: str, until_idle: bool, context: Context) -> None:
        self._operation, self._datastore_id, self._context = operation, datastore_id, context
        self._until_idle = until_idle
        self._idle_since: float | None = None

    def look(self) -> Look:
        """One look through the target's Region."""
        region, clock = self._operation.to_region, self._context.clock
        # The last look gets its second too: a promotion that has just ended is worth seeing.
        limit = Deadline(max(self._context.deadline.sooner(clock, LOOK).at, clock.monotonic() + LAST_LOOK))
        return look(
            lambda: read_datastore(self._context.clients, region, self._datastore_id, clock, limit),
            f"Waiting for the cache's primary (elasticache:DescribeGlobalReplicationGroups in {region})",
        )

    def is_over(self, seen: Look) -> bool:
        """The target is the primary. Raises :class:`InVain` where that can't come any more."""
        store = seen.datastore
        if store is None:
            return False
        if is_primary(store, self._operation.to_region):
            return store.idle or not self._until_idle
        if not store.idle:
            self._idle_since = None
            return False
        now = self._context.clock.monotonic()
        self._idle_since = now if self._idle_since is None else self._idle_since
        # Of what was only followed nobody knows that it was a promotion: there is nothing to wait for.
        grace = IDLE_GRACE if self._operation.started else 0.0
        if now - self._idle_since >= grace:
            tried = f"Waiting for the promotion of {self._operation.group} in {self._operation.to_region}"
            idle = f"nothing is under way any more, and {seen}"
            raise InVain(tried, idle, "Read ElastiCache's events, then start again.")
        return False


def _proof(operation: CacheOperation, datastore_id: str, proving: Proving, context: Context) -> CacheProof:
    """Raises ``TimedOut``, or the ``DrError`` that waiting won't mend."""
    found: list[CacheProof] = []
    target: CacheTarget | None = None

    def attempt() -> str:
        nonlocal target
        try:
            target = target or _prepare(operation, datastore_id, proving, context)
            found.append(prove(target, proving.resolvers, context.clock, context.deadline))
        except (NotPrimary, Unreachable) as passing:
            target = None  # the endpoint and the secret may have changed since they were read: read them again
            return str(passing)
        return "proved"

    wait_until(
        attempt,
        lambda _seen: bool(found),
        what=f"a write that the cache in {operation.to_region} takes",
        interval=PROVE_INTERVAL,
        deadline=context.deadline,
        clock=context.clock,
        progress=context.progress,
    )
    return found[0]


def _prepare(operation: CacheOperation, datastore_id: str, proving: Proving, context: Context) -> CacheTarget:
    """Read endpoint and token, both in the target's Region. Raises ``DrError``."""
    region, clock = operation.to_region, context.clock
    deadline = context.deadline.sooner(clock, PREPARE)
    tried = f"Reading the endpoint of {operation.group} and its secret in {region}"

    def read() -> CacheTarget:
        group = read_group(context.clients, region, operation.group)
        login = None
        if proving.secret_id:
            text = get_secret_value(context.clients.get("secretsmanager", region), proving.secret_id)
            login = cache_login(text, proving.secret_id, region)
        key = f"aws_dr:primary_proof:{datastore_id}"
        return CacheTarget(region, group.endpoint, group.port, group.tls, key, login, proving.ca_path)

    try:
        return within(lambda: again(read, clock, deadline), deadline, clock, tried)
    except DrError:
        raise
    except CALL_ERRORS as exc:
        raise aws_error(exc, tried) from exc
