# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The configuration of a Route 53 health check: its defaults, and what is refused."""

from __future__ import annotations

from collections.abc import Container, Mapping
from typing import Any

from lab.aws.errors import AwsError

PROBED = frozenset({"HTTP", "HTTPS", "HTTP_STR_MATCH", "HTTPS_STR_MATCH", "TCP"})
"""The types that checkers probe; the others are derived."""
TYPES = PROBED | {"CALCULATED", "CLOUDWATCH_METRIC", "RECOVERY_CONTROL"}
UPDATABLE = (
    "IPAddress",
    "Port",
    "ResourcePath",
    "FullyQualifiedDomainName",
    "SearchString",
    "FailureThreshold",
    "Inverted",
    "Disabled",
    "HealthThreshold",
    "ChildHealthChecks",
    "EnableSNI",
    "Regions",
    "AlarmIdentifier",
    "InsufficientDataHealthStatus",
)
NEEDED = {
    "HTTP_STR_MATCH": ("SearchString",),
    "HTTPS_STR_MATCH": ("SearchString",),
    "TCP": ("Port",),
    "CALCULATED": ("ChildHealthChecks", "HealthThreshold"),
    "CLOUDWATCH_METRIC": ("AlarmIdentifier", "InsufficientDataHealthStatus"),
    "RECOVERY_CONTROL": ("RoutingControlArn",),
}


def created(given: Mapping[str, Any], existing: Container[str]) -> dict[str, Any]:
    """Return the configuration of a new check, with AWS's defaults.

    :raises AwsError: InvalidInput.
    """
    kind = given["Type"]
    if kind not in TYPES:
        raise _invalid(f"{kind} is no type of health check")
    config: dict[str, Any] = {"Inverted": False, "Disabled": False}
    if kind in PROBED:
        secure = kind.startswith("HTTPS")
        config |= {"RequestInterval": 30, "FailureThreshold": 3, "MeasureLatency": False, "EnableSNI": secure}
        config["Port"] = 443 if secure else 80
        if kind == "TCP":
            del config["Port"]
    config |= _plain(given)
    _check(config, existing)
    return config


def updated(have: Mapping[str, Any], given: Mapping[str, Any], existing: Container[str]) -> dict[str, Any]:
    """Return the configuration after an update.

    :raises AwsError: InvalidInput.
    """
    config = dict(have) | _plain({name: given[name] for name in UPDATABLE if given.get(name) is not None})
    for name in given.get("ResetElements") or ():
        config.pop(name, None)
    _check(config, existing)
    return config


def _plain(given: Mapping[str, Any]) -> dict[str, Any]:
    """Copy a configuration out of moto's parser."""
    result: dict[str, Any] = {}
    for name, value in given.items():
        if value is None:
            continue
        if isinstance(value, Mapping):
            result[name] = dict(value)
        else:
            result[name] = list(value) if isinstance(value, (list, tuple)) else value
    return result


def _check(config: Mapping[str, Any], existing: Container[str]) -> None:
    kind = config["Type"]
    missing = [name for name in NEEDED.get(kind, ()) if config.get(name) in (None, "")]
    if missing:
        raise _invalid(f"a {kind} health check needs {', '.join(missing)}")
    if kind in PROBED and not (config.get("FullyQualifiedDomainName") or config.get("IPAddress")):
        raise _invalid(f"a {kind} health check needs FullyQualifiedDomainName or IPAddress")
    if kind == "RECOVERY_CONTROL" and config.get("Inverted"):
        raise _invalid("a RECOVERY_CONTROL health check can't be inverted")
    if config.get("RequestInterval") not in (None, 10, 30):
        raise _invalid(f"RequestInterval is 10 or 30, not {config['RequestInterval']}")
    if not 1 <= int(config.get("FailureThreshold", 1)) <= 10:
        raise _invalid(f"FailureThreshold is from 1 to 10, not {config['FailureThreshold']}")
    unknown = [child for child in config.get("ChildHealthChecks") or () if child not in existing]
    if unknown:
        raise _invalid(f"no such child health check: {', '.join(unknown)}")


def _invalid(message: str) -> AwsError:
    return AwsError("InvalidInput", f"Invalid health check configuration: {message}.")
