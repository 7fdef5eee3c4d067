# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Replication rules: from S3's shape to records and back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.storage import (
    ReplicationConfig,
    Rule,
    Versioning,
)

MINUTES = {"Minutes": 15}  # the only value that Replication Time Control takes
_VERSIONING = {"Enabled": Versioning.ENABLED, "Suspended": Versioning.SUSPENDED, None: Versioning.OFF}


def versioning(status: str | None) -> Versioning:
    """The record of what S3 says of a bucket's versions."""
    return _VERSIONING.get(status, Versioning.UNKNOWN)


def config(raw: Mapping[str, Any] | None) -> ReplicationConfig | None:
    """A replication configuration as a record."""
    return ReplicationConfig(raw["Role"], tuple(_rule(each) for each in raw["Rules"])) if raw else None


def config_to_api(given: ReplicationConfig) -> dict[str, Any]:
    """A record as S3 takes it. A rule that was read and not touched goes back as it was."""
    return {"Role": given.role, "Rules": [dict(rule.raw) if rule.raw else _rule_to_api(rule) for rule in given.rules]}


def _rule(raw: Mapping[str, Any]) -> Rule:
    destination = raw["Destination"]
    criteria = raw.get("SourceSelectionCriteria", {})
    selected = _on(criteria.get("SseKmsEncryptedObjects"))
    return Rule(
        id=raw.get("ID", ""),
        destination=destination["Bucket"].rsplit(":", 1)[-1],
        priority=raw.get("Priority") or 0,
        enabled=_on(raw),
        everything=_everything(raw),
        delete_markers=_on(raw.get("DeleteMarkerReplication")) or "Filter" not in raw,
        replica_modifications=_on(criteria.get("ReplicaModifications")),
        metrics=_on(destination.get("Metrics")),
        time_control=_on(destination.get("ReplicationTime")),
        kms_key_arn=destination.get("EncryptionConfiguration", {}).get("ReplicaKmsKeyID", "") if selected else "",
        newer_schema="Filter" in raw,
        raw=raw,
    )


def _on(part: Mapping[str, Any] | None) -> bool:
    return part is not None and part.get("Status") == "Enabled"


def _everything(raw: Mapping[str, Any]) -> bool:
    narrowed = raw.get("Filter", {})
    return not any((raw.get("Prefix"), narrowed.get("Prefix"), narrowed.get("Tag"), narrowed.get("And")))


def _rule_to_api(rule: Rule) -> dict[str, Any]:
    destination: dict[str, Any] = {"Bucket": f"arn:aws:s3:::{rule.destination}", "Metrics": _status(rule.metrics)}
    criteria = {"ReplicaModifications": _status(rule.replica_modifications)}
    if rule.time_control:
        destination["ReplicationTime"] = {**_status(True), "Time": MINUTES}
        destination["Metrics"]["EventThreshold"] = MINUTES
    if rule.kms_key_arn:
        destination["EncryptionConfiguration"] = {"ReplicaKmsKeyID": rule.kms_key_arn}
        criteria["SseKmsEncryptedObjects"] = _status(True)
    return {
        "ID": rule.id,
        "Priority": rule.priority,
        "Status": _status(rule.enabled)["Status"],
        "Filter": {"Prefix": ""},
        "DeleteMarkerReplication": _status(rule.delete_markers),
        "SourceSelectionCriteria": criteria,
        "Destination": destination,
    }


def _status(on: bool) -> dict[str, Any]:
    return {"Status": "Enabled" if on else "Disabled"}
