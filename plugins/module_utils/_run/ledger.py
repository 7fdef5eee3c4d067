# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads what the ledger needs: all layers at once, under one deadline; unplanned, of the target's Region only."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.secrets.observe import read_pair
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.errors import Refused
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.gather import Outcome, gather
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.module import Context
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.health import Leg
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.storage import Pair
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan import ledger as plan
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.ledger import Line, When
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.parameters import Wanted
from ansible_collections.multiregion.aws_dr.plugins.module_utils._probe.cache_health import look_at_cache
from ansible_collections.multiregion.aws_dr.plugins.module_utils._probe.health import look_at_database
from ansible_collections.multiregion.aws_dr.plugins.module_utils._probe.lookout import Lookout
from ansible_collections.multiregion.aws_dr.plugins.module_utils._probe.storage import look_at_pairs
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run.parameters import compare
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run.reading import why_unread

REQUEST = 5.0  # seconds that one answer may take


@dataclass(frozen=True)
class Layers:
    """What the workload has. ``source`` is the Region that is left, asked only where nothing is lost."""

    target: str
    source: str
    global_cluster_id: str = ""
    datastore_id: str = ""
    pairs: tuple[Pair, ...] = ()
    secrets: tuple[str, ...] = ()
    parameters: Wanted | None = None


def read(layers: Layers, when: When, context: Context) -> tuple[Line, ...]:
    """A line for each thing that can lose something, in the order of the layers.

    What couldn't be read is unknown, and never ends the task. Raises ``Refused`` where a question was wrong.
    """
    looks = _looks(layers, when, context)
    # A little sooner than the whole: what is known is told in any case.
    deadline = context.deadline.sooner(context.clock, 0.9 * context.deadline.remaining(context.clock))
    outcomes = gather({name: each.look for name, each in looks.items()}, deadline, context.clock)
    return tuple(line for name, look in looks.items() for line in _lines(look, outcomes[name]))


@dataclass(frozen=True)
class _Look:
    layer: str
    items: tuple[str, ...]
    look: Callable[[], tuple[Line, ...]]


def _lines(look: _Look, outcome: Outcome[tuple[Line, ...]]) -> tuple[Line, ...]:
    if isinstance(outcome.error, Refused):
        raise outcome.error
    if outcome.value is not None:
        return outcome.value
    why = why_unread(f"Looking at the {look.layer}", outcome, required=False)
    return tuple(plan.unread(look.layer, item, why) for item in look.items)


def _looks(layers: Layers, when: When, context: Context) -> dict[str, _Look]:
    """What to look at by name, in the order of the layers. Each look takes what is left of the deadline."""
    clients, clock, deadline = context.clients, context.clock, context.deadline
    lookout = Lookout(clients, clock, deadline, (), REQUEST, None, None)
    leg = Leg(
        layers.target,
        global_cluster_id=layers.global_cluster_id or None,
        datastore_id=layers.datastore_id or None,
    )
    source = layers.source if when.planned else ""
    looks = []
    if layers.global_cluster_id:
        name = layers.global_cluster_id
        looks.append(
            _Look("database", (name,), lambda: (plan.database_line(name, look_at_database(leg, lookout), when),))
        )
    if layers.datastore_id:
        store = layers.datastore_id
        looks.append(_Look("cache", (store,), lambda: (plan.cache_line(store, look_at_cache(leg, lookout), when),)))
    if layers.pairs:
        looks.append(_buckets(layers, when, context))
    looks += [_secret(each, source, layers.target, context) for each in layers.secrets]
    if layers.parameters:
        looks.append(_parameters(replace(layers.parameters, source=source), when, context))
    return {f"{look.layer} {' '.join(look.items)}": look for look in looks}


def _buckets(layers: Layers, when: When, context: Context) -> _Look:
    required = None if when.planned else [layers.target]

    def look() -> tuple[Line, ...]:
        seen = look_at_pairs(layers.pairs, context.clients, context.clock, context.deadline, required)
        return tuple(plan.bucket_line(each, when) for each in seen)

    return _Look("buckets", tuple(str(pair) for pair in layers.pairs), look)


def _secret(secret_id: str, source: str, target: str, context: Context) -> _Look:
    def look() -> tuple[Line, ...]:
        pair = read_pair(context.clients, secret_id, source, target, context.clock, context.deadline)
        return (plan.secret_line(pair, context.clock.wall()),)

    return _Look("secrets", (secret_id,), look)


def _parameters(wanted: Wanted, when: When, context: Context) -> _Look:
    item = " ".join(wanted.paths)

    def look() -> tuple[Line, ...]:
        if not when.planned:
            return (plan.unread("parameters", item, "unplanned, the Region that they come from is not asked"),)
        sync, _source_read = compare(wanted, context)
        return (plan.parameters_line(item, sync, context.clock.wall()),)

    return _Look("parameters", (item,), look)
