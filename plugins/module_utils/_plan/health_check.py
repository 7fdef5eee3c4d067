# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What it takes to make a health check as it is asked for, or why it can't be."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.finding import Finding, refusal, warning
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.health_check import HealthCheck, Kind, Settings

_ENDPOINT = frozenset(
    {"ip_address", "port", "fqdn", "request_interval", "failure_threshold", "measure_latency", "regions"}
)
_HTTP = _ENDPOINT | {"resource_path"}
_SWITCHES = frozenset({"inverted", "disabled"})

# What each type may be told besides its type, and what it must be told when it is created.
ALLOWED: Mapping[Kind, frozenset[str]] = {
    Kind.HTTP: _HTTP | _SWITCHES,
    Kind.HTTPS: _HTTP | _SWITCHES | {"enable_sni"},
    Kind.HTTP_STR_MATCH: _HTTP | _SWITCHES | {"search_string"},
    Kind.HTTPS_STR_MATCH: _HTTP | _SWITCHES | {"search_string", "enable_sni"},
    Kind.TCP: _ENDPOINT | _SWITCHES,
    Kind.CALCULATED: _SWITCHES | {"child_health_checks", "health_threshold"},
    Kind.CLOUDWATCH_METRIC: _SWITCHES | {"alarm", "insufficient_data_health_status"},
    Kind.RECOVERY_CONTROL: frozenset({"disabled", "routing_control_arn"}),
}
REQUIRED: Mapping[Kind, tuple[str, ...]] = {
    Kind.HTTP_STR_MATCH: ("search_string",),
    Kind.HTTPS_STR_MATCH: ("search_string",),
    Kind.TCP: ("port",),
    Kind.CALCULATED: ("child_health_checks", "health_threshold"),
    Kind.CLOUDWATCH_METRIC: ("alarm",),
    Kind.RECOVERY_CONTROL: ("routing_control_arn",),
}
IMMUTABLE = ("kind", "request_interval", "measure_latency", "routing_control_arn")
# What AWS takes where nothing is said, for the fields whose default isn't simply "not set".
DEFAULTS: Mapping[str, Any] = {
    "request_interval": 30,
    "failure_threshold": 3,
    "measure_latency": False,
    "resource_path": "/",
    "inverted": False,
    "disabled": False,
}
_PORTS = {Kind.HTTP: 80, Kind.HTTP_STR_MATCH: 80, Kind.HTTPS: 443, Kind.HTTPS_STR_MATCH: 443}
LEAST_REGIONS = 3
NEW_ALARM_STATUS = "LastKnownStatus"  # what the console gives a new check, and UpdateHealthCheck calls the default


@dataclass(frozen=True)
class TagChanges:
    """Tags to add or overwrite, and keys to remove."""

    add: Mapping[str, str]
    remove: tuple[str, ...]

    @property
    def any(self) -> bool:
        return bool(self.add or self.remove)


def refusals(wanted: Settings, existing: HealthCheck | None) -> tuple[Finding, ...]:
    """Why ``wanted`` can't be had: of ``existing``, or as a new check."""
    kind = existing.settings.kind if existing else wanted.kind
    if kind is None:
        return (refusal("no_type", "There is no such health check yet, and no type is given.", "Give its type."),)
    if existing and existing.linked_service:
        observed = f"The health check {existing.id} was made by {existing.linked_service}, which alone may change it."
        return (refusal("linked_service", observed, "Change it there, or create another health check."),)
    changed = _immutable(wanted, existing) if existing else []
    if changed:
        return tuple(changed)
    found = [*_foreign(wanted, kind), *_values(wanted, kind)]
    return tuple(found or ([] if existing else _missing(wanted, kind)))


def _given(wanted: Settings) -> dict[str, Any]:
    values = {each.name: getattr(wanted, each.name) for each in fields(Settings)}
    return {name: value for name, value in values.items() if value is not None}


def _option(name: str) -> str:
    return "type" if name == "kind" else name


def _show(value: Any) -> str:
    return str(value.value if isinstance(value, Kind) else value)


def _immutable(wanted: Settings, existing: HealthCheck) -> list[Finding]:
    found = []
    for name in IMMUTABLE:
        asked, has = getattr(wanted, name), _effective(existing.settings, name)
        if asked is not None and asked != has:
            found.append((_option(name), _show(has), _show(asked)))
    asked_ip, has_ip = wanted.ip_address, existing.settings.ip_address
    if asked_ip is not None and bool(asked_ip) != bool(has_ip):
        found.append(("ip_address", has_ip or "not set", asked_ip or "not set"))
    remedy = (
        "Route 53 can't change that of an existing health check. Create another under another name, have the records "
        "use it, then delete this one; or ask for what it has."
    )
    return [
        refusal("immutable", f"The health check {existing.id} has {option} {has}; {asked} is asked for.", remedy)
        for option, has, asked in found
    ]


def _foreign(wanted: Settings, kind: Kind) -> list[Finding]:
    if kind is Kind.RECOVERY_CONTROL and wanted.inverted:
        remedy = "Switch the routing control instead: Route 53 rejects an inverted check of this type."
        return [refusal("recovery_control_inverted", "A RECOVERY_CONTROL check can't be inverted.", remedy)]
    # inverted=false asks for nothing that a type could lack.
    names = [name for name in _given(wanted) if name != "kind" and (name, _given(wanted)[name]) != ("inverted", False)]
    return [
        refusal(
            "not_for_type", f"{name} means nothing to a check of type {kind.value}.", "Leave it out, or check the type."
        )
        for name in names
        if name not in ALLOWED[kind]
    ]


def _values(wanted: Settings, kind: Kind) -> list[Finding]:
    found = []
    if wanted.regions and len(wanted.regions) < LEAST_REGIONS:
        observed = f"regions names {len(wanted.regions)}."
        found.append(refusal("too_few_regions", observed, f"Name at least {LEAST_REGIONS}, or none for all of them."))
    if wanted.resource_path and not wanted.resource_path.startswith("/"):
        found.append(refusal("bad_path", f"resource_path is {wanted.resource_path}.", "Begin it with a slash."))
    if wanted.search_string == "":
        found.append(
            refusal("no_search_string", "search_string is empty.", "Give the string that a healthy answer holds.")
        )
    if kind is Kind.CALCULATED and wanted.health_threshold is not None and wanted.health_threshold < 0:
        found.append(
            refusal("bad_threshold", "health_threshold is negative.", "Give how many children must be healthy.")
        )
    return found


def _missing(wanted: Settings, kind: Kind) -> list[Finding]:
    names = [name for name in REQUIRED.get(kind, ()) if getattr(wanted, name) in (None, ())]
    if "fqdn" in ALLOWED[kind] and not wanted.fqdn and not wanted.ip_address:
        names.append("fqdn or ip_address")
    if not names:
        return []
    observed = f"A new check of type {kind.value} lacks {', '.join(names)}."
    return [refusal("incomplete", observed, "Give what is missing.")]


def _effective(settings: Settings, name: str) -> Any:
    """A field's value, or what AWS takes it to be where it isn't set."""
    value = getattr(settings, name)
    if value not in (None, (), ""):
        return value
    if name == "port" and settings.kind:
        return _PORTS.get(settings.kind)
    return DEFAULTS.get(name, () if name in ("regions", "child_health_checks") else None)


def changes(wanted: Settings, existing: HealthCheck) -> dict[str, Any]:
    """The fields to update, by name. An empty list or string asks for the default, and is in here only if it isn't."""
    return {
        name: value
        for name, value in _given(wanted).items()
        if _effective(replace(Settings(), **{name: value}), name) != _effective(existing.settings, name)
    }


def updated(existing: HealthCheck, fields_changed: Mapping[str, Any]) -> Settings:
    """The settings after an update: an empty value is back to the default."""
    return replace(
        existing.settings, **{name: None if value in ((), "") else value for name, value in fields_changed.items()}
    )


def new_settings(wanted: Settings) -> Settings:
    """The settings of a check that is created: what is asked for, without what asks for the default."""
    settings = replace(wanted, **{name: None for name, value in _given(wanted).items() if value in ((), "")})
    if settings.kind is Kind.CLOUDWATCH_METRIC and settings.insufficient_data_health_status is None:
        return replace(settings, insufficient_data_health_status=NEW_ALARM_STATUS)
    return settings


def tag_changes(
    existing: Mapping[str, str], tags: Mapping[str, str] | None, name: str | None, purge: bool
) -> TagChanges:
    """From the tags that there are to those asked for. ``tags`` of ``None`` leaves all but the name as they are."""
    wanted = {**(tags or {}), **({"Name": name} if name else {})}
    add = {key: value for key, value in wanted.items() if existing.get(key) != value}
    purged = purge and tags is not None
    return TagChanges(
        add, tuple(key for key in existing if purged and key not in wanted and not key.startswith("aws:"))
    )


def retagged(existing: Mapping[str, str], changed: TagChanges) -> dict[str, str]:
    """The tags after a change."""
    return {key: value for key, value in existing.items() if key not in changed.remove} | dict(changed.add)


def warnings(after: Settings) -> tuple[Finding, ...]:
    """What is legal and rarely meant."""
    found = []
    if after.disabled:
        observed = "The health check is disabled: Route 53 takes it for healthy, whatever it watches."
        found.append(warning("disabled_is_healthy", observed, "To take traffic away, invert it instead."))
    if after.kind is Kind.CALCULATED and after.health_threshold is not None:
        children = len(after.child_health_checks or ())
        if after.health_threshold > children:
            observed = (
                f"health_threshold {after.health_threshold} exceeds its {children} children: it is never healthy."
            )
            found.append(
                warning("threshold_never_met", observed, "Give a threshold of at most the number of children.")
            )
        if after.health_threshold == 0:
            found.append(warning("threshold_always_met", "health_threshold 0 is always healthy.", "Give at least 1."))
    return tuple(found)


def in_use(check: HealthCheck, parents: Sequence[str], record_sets: Sequence[str]) -> tuple[Finding, ...]:
    """Why a check can't be deleted: the calculated checks and the record sets that would be left without it."""
    users = [f"the calculated check {each}" for each in parents] + [f"the record set {each}" for each in record_sets]
    if not users:
        return ()
    shown = ", ".join(users[:10]) + (f" and {len(users) - 10} more" if len(users) > 10 else "")
    return (
        refusal(
            "health_check_in_use",
            f"The health check {check.id} is used by {shown}.",
            "Take it out of those first: what Route 53 makes of a deleted check can't be predicted. Or set force=true.",
        ),
    )
