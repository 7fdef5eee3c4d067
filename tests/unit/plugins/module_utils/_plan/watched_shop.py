# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A workload that is watched in both Regions."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.observability import Watched, WatchedLeg

HOME, STANDBY = "eu-central-1", "eu-west-1"
SERVICES = ("api", "database", "cache")
ACCOUNT = "123456789012"


def topic(region: str, name: str = "oncall") -> str:
    return f"arn:aws:sns:{region}:{ACCOUNT}:{name}"


SHOP = Watched(
    workload="shop",
    legs=(
        WatchedLeg(HOME, f"shop-{HOME}", SERVICES, ("shop",)),
        WatchedLeg(STANDBY, f"shop-{STANDBY}", SERVICES, ("shop-copies",)),
    ),
    account=ACCOUNT,
    critical=(topic(HOME), topic(STANDBY)),
    warning=(topic(STANDBY, "team"),),
    runbooks="https://wiki.example.com/runbooks",
    budget=1000.0,
)


def shop(**other: Any) -> Watched:
    return replace(SHOP, **other)
