# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""All layers of a workload compared at once; one that can't be asked is unknown, and costs the others nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.effect import CALL_ERRORS
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.errors import DrError, aws_error
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.gather import Outcome, gather
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.module import Context
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.consistency import Layer, LayerName
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.database import Database
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.storage import Bucket
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.consistency import unread
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run.consistency_database import (
    Wanted,
    compare_databases,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run.consistency_layers import (
    CacheWanted,
    compare_caches,
    compare_parameters,
    compare_secrets,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run.consistency_objects import compare_buckets


def compare_all(options: Mapping[str, Any], context: Context) -> tuple[Layer, ...]:
    """The layers that are described and asked for, in the order of :class:`LayerName`."""
    jobs = {name: job for name, job in _jobs(options, context).items() if name.value in options["layers"]}
    outcomes = gather({name.value: job for name, job in jobs.items()}, context.deadline, context.clock)
    return tuple(_layer(name, outcomes[name.value]) for name in LayerName if name in jobs)


def _jobs(options: Mapping[str, Any], context: Context) -> dict[LayerName, Callable[[], Layer]]:
    regions: tuple[str, str] = (options["regions"][0], options["regions"][1])
    most, shown = options["max_rows"], options["shown"]
    jobs: dict[LayerName, Callable[[], Layer]] = {}
    if options["database"]:
        wanted = Wanted(
            regions,
            Database.from_options(options["database"]),
            options["tables"],
            options["exclude_tables"],
            options["resolvers"],
            most,
            shown,
            options["marker"],
        )
        jobs[LayerName.DATABASE] = partial(compare_databases, wanted, context)
    if options["buckets"]:
        pairs = _pairs(options["buckets"]["pairs"], regions)
        prefix = options["buckets"].get("prefix") or ""
        jobs[LayerName.BUCKETS] = partial(compare_buckets, pairs, prefix, most, shown, context)
    if options["secrets"]:
        jobs[LayerName.SECRETS] = partial(compare_secrets, options["secrets"], regions, context)
    if options["parameters"]:
        given = options["parameters"]
        overrides = given.get("overrides") or {}
        jobs[LayerName.PARAMETERS] = partial(compare_parameters, given["paths"], overrides, regions, shown, context)
    if options["cache"]:
        proving = options["cache"].get("prove") or {}
        cache = CacheWanted(
            options["cache"]["global_replication_group_id"],
            options["sample"],
            proving.get("secret_id") or "",
            proving.get("ca_path"),
            options["resolvers"],
        )
        jobs[LayerName.CACHE] = partial(compare_caches, cache, regions, shown, context)
    return jobs


def _pairs(given: Sequence[Mapping[str, Any]], regions: Sequence[str]) -> list[tuple[Bucket, Bucket]]:
    """Each pair once, whichever directions it replicates in, with the first Region's bucket first."""
    found: dict[frozenset[str], tuple[Bucket, Bucket]] = {}
    for pair in given:
        ends = [Bucket(pair[end]["bucket"], pair[end]["region"]) for end in ("source", "destination")]
        first, second = sorted(ends, key=lambda bucket: bucket.region != regions[0])
        found.setdefault(frozenset((first.name, second.name)), (first, second))
    return list(found.values())


def _layer(name: LayerName, outcome: Outcome[Layer]) -> Layer:
    error = outcome.error
    if outcome.value is not None:
        return outcome.value
    if isinstance(error, DrError):
        return unread(name, "all of it", f"{error.tried}: {error.seen}")
    if isinstance(error, CALL_ERRORS):
        return unread(name, "all of it", aws_error(error, f"Comparing the {name.value}").seen)
    raise error or AssertionError(name)
