# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A bucket's replication configuration: as the API has it, what is refused, and which rule an object falls under."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from moto.s3.exceptions import S3ClientError

LONGEST_ID = 255
FLAGS = ("DeleteMarkerReplication", "ExistingObjectReplication")
SELECTED = ("SseKmsEncryptedObjects", "ReplicaModifications")
Rule = Mapping[str, Any]


def understood(config: Mapping[str, Any]) -> dict[str, Any]:
    """Return a configuration in the API's own shape, from the XML as moto read it."""
    return {"Role": config.get("Role") or "", "Rules": [_rule(raw) for raw in _list(config.get("Rule"))]}


def check(config: Mapping[str, Any], source: str, versioned: Callable[[str], bool | None]) -> None:
    """Refuse what S3 refuses.

    :param versioned: whether a bucket has versions; None when there is no such bucket.
    :raises S3ClientError: InvalidRequest, MalformedXML.
    """
    rules = config["Rules"]
    if not rules:
        raise S3ClientError("MalformedXML", "A replication configuration has at least one rule.")
    if len({rule["ID"] for rule in rules}) < len(rules):
        raise _invalid("Rule Id must be unique. Found same Id for more than one rule.")
    if len({_is_newer(rule) for rule in rules}) > 1:
        raise _invalid("Rules of both schema versions can't be mixed.")
    priorities = [rule["Priority"] for rule in rules if _is_newer(rule)]
    if len(set(priorities)) < len(priorities):
        raise _invalid("Found the same priority in more than one rule.")
    for rule in rules:
        _check_rule(rule)
        bucket = destination(rule)
        if bucket == source:
            raise _invalid("Source and destination bucket must differ.")
        if versioned(bucket) is None:
            raise _invalid("Destination bucket must exist.")
        if not versioned(bucket):
            raise _invalid("Destination bucket must have versioning enabled.")


def _check_rule(rule: Rule) -> None:
    if len(rule["ID"]) > LONGEST_ID:
        raise _invalid(f"Rule Id is longer than {LONGEST_ID}.")
    if _is_newer(rule):
        if "DeleteMarkerReplication" not in rule or rule["Priority"] is None:
            raise _invalid("Priority and DeleteMarkerReplication must be specified with this version of the schema.")
        if tags(rule) and enabled(rule, "DeleteMarkerReplication"):
            raise _invalid("Delete marker replication is not supported if any Tag filter is specified.")
    timed = rule["Destination"].get("ReplicationTime", {}).get("Status") == "Enabled"
    if timed and not has_metrics(rule):
        raise _invalid("Replication Time Control needs Metrics.")


def chosen(rules: Iterable[Rule], key: str, object_tags: Mapping[str, str], *, marker: bool) -> Iterator[Rule]:
    """Yield the rule with the highest priority for each destination that the object falls under."""
    best: dict[str, Rule] = {}
    for rule in rules:
        if rule["Status"] != "Enabled" or not key.startswith(prefix(rule)):
            continue
        if not marker and not all(object_tags.get(name) == value for name, value in tags(rule).items()):
            continue
        if marker and not _takes_markers(rule):
            continue
        rival = best.get(destination(rule))
        if rival is None or (rule["Priority"] or 0) > (rival["Priority"] or 0):
            best[destination(rule)] = rule
    yield from best.values()


def destination(rule: Rule) -> str:
    """Return the name of the bucket that a rule replicates to."""
    return str(rule["Destination"]["Bucket"]).rsplit(":", 1)[-1]


def prefix(rule: Rule) -> str:
    """Return what keys must begin with."""
    given = rule.get("Filter", {})
    return given.get("Prefix") or given.get("And", {}).get("Prefix") or rule.get("Prefix") or ""


def tags(rule: Rule) -> dict[str, str]:
    """Return the tags that objects must have."""
    given = rule.get("Filter", {})
    wanted = [given["Tag"]] if "Tag" in given else given.get("And", {}).get("Tags", [])
    return {tag["Key"]: tag["Value"] for tag in wanted}


def enabled(rule: Rule, name: str) -> bool:
    """Say whether a part of the rule, or of its source selection, is on."""
    part = rule.get(name) or rule.get("SourceSelectionCriteria", {}).get(name) or {}
    return part.get("Status") == "Enabled"


def has_metrics(rule: Rule) -> bool:
    """Say whether the rule's backlog is published."""
    return bool(rule["Destination"].get("Metrics", {}).get("Status") == "Enabled")


def _is_newer(rule: Rule) -> bool:
    return "Filter" in rule


def _takes_markers(rule: Rule) -> bool:
    return enabled(rule, "DeleteMarkerReplication") if _is_newer(rule) else True


def _rule(raw: Mapping[str, Any]) -> dict[str, Any]:
    priority = raw.get("Priority")
    rule: dict[str, Any] = {
        "ID": str(raw["ID"]),
        "Priority": int(priority) if priority is not None else None,
        "Status": raw["Status"],
        "Destination": _destination(raw["Destination"]),
    }
    if "Filter" in raw:
        rule["Filter"] = _filter(raw["Filter"] or {})
    elif "Prefix" in raw:
        rule["Prefix"] = raw["Prefix"] or ""
    for name in FLAGS:
        if raw.get(name):
            rule[name] = dict(raw[name])
    criteria = raw.get("SourceSelectionCriteria") or {}
    if criteria:
        rule["SourceSelectionCriteria"] = {name: dict(criteria[name]) for name in SELECTED if criteria.get(name)}
    return rule


def _filter(raw: Mapping[str, Any]) -> dict[str, Any]:
    both = raw.get("And")
    if both is not None:
        found = {"Tags": [dict(tag) for tag in _list(both.get("Tag"))]}
        return {"And": found | ({"Prefix": both["Prefix"] or ""} if "Prefix" in both else {})}
    if raw.get("Tag"):
        return {"Tag": dict(raw["Tag"])}
    return {"Prefix": raw.get("Prefix") or ""}


def _destination(raw: Mapping[str, Any]) -> dict[str, Any]:
    found = {name: raw[name] for name in ("Bucket", "Account", "StorageClass") if raw.get(name)}
    for name in ("EncryptionConfiguration", "AccessControlTranslation"):
        if raw.get(name):
            found[name] = dict(raw[name])
    for name, part in (("ReplicationTime", "Time"), ("Metrics", "EventThreshold")):
        if raw.get(name):
            found[name] = {"Status": raw[name]["Status"]}
            if raw[name].get(part):
                found[name][part] = {"Minutes": int(raw[name][part]["Minutes"])}
    return found


def _list(value: Any) -> list[Any]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def _invalid(message: str) -> S3ClientError:
    return S3ClientError("InvalidRequest", message)
