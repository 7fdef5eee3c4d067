# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The channels as an inventory describes them. What can't be used says why: it keeps nobody else from being told."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.notice import (
    Channel,
    ChannelType,
    EventKind,
    Level,
)

COMMON = frozenset({"name", "type", "min_level", "events", "secret_id"})
OPTIONS: Mapping[ChannelType, frozenset[str]] = {
    ChannelType.MAIL: frozenset({"host", "port", "sender", "to", "username", "password", "secure", "format"}),
    ChannelType.SES: frozenset({"sender", "to", "regions", "configuration_set"}),
    ChannelType.WEBHOOK: frozenset({"url", "key", "headers", "ca_path"}),
    ChannelType.SLACK: frozenset({"token", "channel"}),
    ChannelType.SNS: frozenset({"topics"}),
}
REQUIRED: Mapping[ChannelType, frozenset[str]] = {
    ChannelType.MAIL: frozenset({"host", "sender", "to"}),
    ChannelType.SES: frozenset({"sender", "to"}),
    ChannelType.WEBHOOK: frozenset({"url", "key"}),
    ChannelType.SLACK: frozenset({"token"}),
    ChannelType.SNS: frozenset({"topics"}),
}
SECRETS = frozenset({"username", "password", "url", "key", "token"})
"""What a channel's secret may hold, as JSON."""
SHOWN_NEVER = SECRETS - {"username"}
SHORTEST_KEY = 16  # characters of an HMAC key: one that can be guessed proves nothing


def channels(given: Any) -> tuple[Channel, ...]:
    """``aws_dr_notify.channels``, whatever was written there."""
    if not isinstance(given, Sequence) or isinstance(given, str):
        return (Channel("channels", None, trouble="aws_dr_notify.channels is no list"),)
    found: dict[str, Channel] = {}
    for number, each in enumerate(given, 1):
        made = channel(each, number)
        if made.name in found:
            made = replace(made, name=f"{made.name} ({number})", trouble="another channel has the same name")
        found[made.name] = made
    return tuple(found.values())


def channel(given: Any, number: int = 1) -> Channel:
    """One channel."""
    if not isinstance(given, Mapping):
        return Channel(f"channel {number}", None, trouble="it is no dictionary")
    values = {str(name): value for name, value in given.items() if value is not None}
    name = str(values.get("name") or f"channel {number}")
    if values.get("trouble"):
        return Channel(name, None, trouble=str(values["trouble"]))
    try:
        kind = ChannelType(values.get("type"))
        level = Level(values.get("min_level", "info"))
        events = frozenset(map(EventKind, values.get("events") or ()))
    except (ValueError, TypeError) as exc:
        return Channel(name, None, trouble=str(exc))
    settings = {option: value for option, value in values.items() if option not in COMMON - {"secret_id"}}
    return Channel(name, kind, level, events, settings, "; ".join(_troubles(kind, settings)))


def _troubles(kind: ChannelType, settings: Mapping[str, Any]) -> Iterable[str]:
    unknown = sorted(set(settings) - OPTIONS[kind] - {"secret_id"})
    if unknown:
        yield f"a {kind.value} channel takes no {', '.join(unknown)}"
    if "secret_id" not in settings:
        yield from lacking(kind, settings)


def lacking(kind: ChannelType, settings: Mapping[str, Any]) -> Iterable[str]:
    """What a channel still lacks once its secret was read."""
    missing = sorted(REQUIRED[kind] - set(settings))
    if missing:
        yield f"it lacks {', '.join(missing)}"
    if kind is ChannelType.WEBHOOK and "key" in settings and len(str(settings["key"])) < SHORTEST_KEY:
        yield f"its key is shorter than {SHORTEST_KEY} characters"


def with_secret(channel_: Channel, secret: Mapping[str, Any]) -> Channel:
    """The channel with what its secret holds; what that lacks is its trouble."""
    kind = channel_.type
    taken = {name: value for name, value in secret.items() if name in SECRETS}
    settings = {name: value for name, value in {**channel_.settings, **taken}.items() if name != "secret_id"}
    trouble = "; ".join(lacking(kind, settings)) if kind else channel_.trouble
    return replace(channel_, settings=settings, trouble=trouble)


def region_of(arn: str) -> str:
    """The Region that an ARN names, empty where it is none."""
    parts = arn.split(":")
    return parts[3] if len(parts) > 5 and parts[0] == "arn" else ""


def by_region(arns: Iterable[str], regions: Sequence[str]) -> list[str]:
    """The topics, those in the Regions that come first before the others: a lost Region's is asked last."""
    order = {region: number for number, region in enumerate(regions)}
    return sorted(arns, key=lambda arn: order.get(region_of(arn), len(order)))


def redacted(text: str, secrets: Iterable[str]) -> str:
    """The text without them, the longest first: one may be part of another."""
    for secret in sorted(secrets, key=len, reverse=True):
        if len(secret) > 2:
            text = text.replace(secret, "********")
    return text
