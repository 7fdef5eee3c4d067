# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Comparing secrets, parameters and caches of two Regions. Values are compared by a keyed hash and never told."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar

from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.effect import CALL_ERRORS, CallFailed
from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.elasticache.observe import (
    read_datastore,
    read_group,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.secrets.api import get_secret_value
from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.secrets.observe import read_secret
from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.secrets.transform import cache_login
from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.ssm.observe import read_parameters
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.errors import DrError, aws_error
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.fingerprint import Fingerprints
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.gather import gather
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.module import Context
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.cache import CacheRole, CacheTarget
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.consistency import Layer, LayerName, Line
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.tables import Status
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.consistency import (
    cache_line,
    parameter_line,
    secret_line,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._probe.cache_sample import (
    count_keys,
    marks,
    random_keys,
)

T = TypeVar("T")

SETTLE = 1.0  # seconds that a cached value has to replicate before it is looked at again
ALLOWED = 0.01  # of the keys: they expire on either side by themselves


def both(ask: Callable[[str], T], regions: tuple[str, str], context: Context) -> tuple[T, T]:
    """The same of both Regions at once. Raises ``DrError`` for the first that gave no answer."""
    outcomes = gather({region: partial(ask, region) for region in regions}, context.deadline, context.clock)
    for region, outcome in outcomes.items():
        if isinstance(outcome.error, DrError):
            raise outcome.error
        if isinstance(outcome.error, CALL_ERRORS):
            raise CallFailed(outcome.error, f"Reading in {region}") from outcome.error
        if outcome.error is not None:
            raise outcome.error
    values: list[Any] = [outcomes[region].value for region in regions]
    return values[0], values[1]


def compare_secrets(secret_ids: Sequence[str], regions: tuple[str, str], context: Context) -> Layer:
    """One line a secret: versions, stages, and what AWS says of the replica."""
    began = context.clock.monotonic()

    def line(secret_id: str) -> Line:
        def read(region: str) -> Any:
            return read_secret(context.clients, region, secret_id, context.clock, context.deadline)

        return secret_line(secret_id, *both(read, regions, context))

    lines = _each(secret_ids, line, context)
    return Layer(LayerName.SECRETS, lines, "as described", context.clock.monotonic() - began)


def compare_parameters(
    paths: Sequence[str],
    overrides: Mapping[str, Mapping[str, str]],
    regions: tuple[str, str],
    shown: int,
    context: Context,
) -> Layer:
    """One line a path. ``overrides`` are, by Region, the values that it must have instead of the other one's."""
    began, mark = context.clock.monotonic(), Fingerprints().of

    def line(path: str) -> Line:
        def read(region: str) -> Any:
            return read_parameters(context.clients, region, [path], context.clock, context.deadline)

        first, second = both(read, regions, context)
        mine = [_below(path, overrides.get(region, {})) for region in regions]
        return parameter_line(path, first, second, (mine[0], mine[1]), mark, shown)

    return Layer(LayerName.PARAMETERS, _each(paths, line, context), "as read", context.clock.monotonic() - began)


def _below(path: str, values: Mapping[str, str]) -> dict[str, str]:
    prefix = path.rstrip("/") + "/"
    return {name: value for name, value in values.items() if name.startswith(prefix)}


@dataclass(frozen=True)
class CacheWanted:
    """Which global datastore, how many values of it, and how its servers are reached."""

    datastore_id: str
    sample: int
    secret_id: str
    ca_path: str | None
    resolvers: Sequence[str]


def compare_caches(wanted: CacheWanted, regions: tuple[str, str], shown: int, context: Context) -> Layer:
    """Keys by their number, values by a sample of the primary's keys. What differs is looked at once more."""
    began, clock, deadline = context.clock.monotonic(), context.clock, context.deadline

    def find(region: str) -> tuple[CacheTarget, bool]:
        return _cache_target(wanted, region, context)

    first, second = both(find, regions, context)
    targets = dict(zip(regions, (first[0], second[0]), strict=True))
    primary = first[0] if first[1] or not second[1] else second[0]
    counts = both(lambda region: count_keys(targets[region], wanted.resolvers, clock, deadline), regions, context)
    keys = random_keys(primary, wanted.sample, wanted.resolvers, clock, deadline)
    mark = Fingerprints().of

    def sampled(chosen: Sequence[bytes]) -> dict[bytes, tuple[str, str]]:
        read = partial(_marks, targets, chosen, mark, wanted, context)
        one, two = both(read, regions, context)
        return {key: (one[key], two[key]) for key in chosen}

    found = sampled(keys)
    moving = [key for key, (one, two) in found.items() if one != two]
    if moving:
        clock.sleep(SETTLE)
        found |= sampled(moving)
    named = {key.decode("utf-8", "replace"): values for key, values in found.items()}
    allowance = int(max(counts) * ALLOWED)
    line = cache_line(wanted.datastore_id, counts, named, allowance, shown)
    return Layer(LayerName.CACHE, (line,), f"a sample of {len(named)} values", clock.monotonic() - began)


def _marks(
    targets: Mapping[str, CacheTarget],
    keys: Sequence[bytes],
    mark: Callable[[str], str],
    wanted: CacheWanted,
    context: Context,
    region: str,
) -> dict[bytes, str]:
    return marks(targets[region], keys, mark, wanted.resolvers, context.clock, context.deadline)


def _cache_target(wanted: CacheWanted, region: str, context: Context) -> tuple[CacheTarget, bool]:
    """How a Region's cache is reached, and whether it is the primary."""
    clients = context.clients
    store = read_datastore(clients, region, wanted.datastore_id, context.clock, context.deadline)
    member = store.member(region) if store else None
    if member is None:
        tried = f"Looking for the member of {wanted.datastore_id} in {region}"
        raise DrError(tried, "there is none", "Check global_replication_group_id, and the account in use.")
    group = read_group(clients, region, member.group)
    login = None
    if wanted.secret_id:
        text = get_secret_value(clients.get("secretsmanager", region), wanted.secret_id)
        login = cache_login(text, wanted.secret_id, region)
    target = CacheTarget(region, group.endpoint, group.port, group.tls, "", login, wanted.ca_path)
    return target, member.role is CacheRole.PRIMARY


def _each(names: Sequence[str], line: Callable[[str], Line], context: Context) -> tuple[Line, ...]:
    """All at once; what couldn't be read is unknown, and costs the others nothing."""
    outcomes = gather({name: partial(line, name) for name in names}, context.deadline, context.clock)
    found = []
    for name in names:
        outcome = outcomes[name]
        if outcome.value is not None:
            found.append(outcome.value)
        elif isinstance(outcome.error, DrError):
            found.append(Line(name, Status.UNKNOWN, note=f"{outcome.error.tried}: {outcome.error.seen}"))
        elif isinstance(outcome.error, CALL_ERRORS):
            found.append(Line(name, Status.UNKNOWN, note=aws_error(outcome.error, f"Reading {name}").seen))
        else:
            raise outcome.error or AssertionError(name)
    return tuple(found)
