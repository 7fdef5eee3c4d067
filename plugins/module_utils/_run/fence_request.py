# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A fence as a module's options ask for it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.database import Database
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.fence import (
    Before,
    Compute,
    ComputeKind,
    Method,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run.fence import Wanted


def wanted_fence(options: Mapping[str, Any], before: Mapping[str, Any]) -> Wanted:
    """What ``options`` ask for; ``before`` is what an earlier run of the same fence has noted."""
    return Wanted(
        region=options["region"],
        database=Database.from_options(options["database"]),
        methods=tuple(Method(each) for each in options["methods"]),
        first_rule=options["first_rule"],
        allow_shared=options["allow_shared_acl"],
        compute=tuple(_compute(options["compute"] or {})),
        hook=options["hook"],
        api_url=options["api_url"],
        before=Before(before.get("reached"), compute=tuple(map(Compute.from_dict, before.get("compute") or ()))),
        resolvers=options["resolvers"],
    )


def _compute(given: Mapping[str, Any]) -> list[Compute]:
    services = [Compute(ComputeKind.ECS, each["service"], each["cluster"]) for each in given.get("ecs_services", [])]
    groups = [Compute(ComputeKind.ASG, name) for name in given.get("auto_scaling_groups", [])]
    return [*services, *groups, *(Compute(ComputeKind.LAMBDA, name) for name in given.get("functions", []))]
