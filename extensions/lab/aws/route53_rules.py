# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What Route 53 refuses in a change batch, and in which words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterable, Mapping, Sequence
from typing import Any

from moto.route53.models import RecordSet

from lab.aws.errors import AwsError

MAX_RECORDS = 1000
MAX_CHARACTERS = 32_000
POLICIES = ("Weight", "Failover", "Region", "GeoLocation", "MultiValueAnswer")
ATTRIBUTES = ("weight", "failover", "region", "geo_location", "multi_value_answer")
"""moto's names of POLICIES."""
ACTIONS = ("CREATE", "DELETE", "UPSERT")

Change = Mapping[str, Any]


def check_batch(changes: Sequence[Change], zone: str, health_checks: Container[str]) -> None:
    """Refuse what is wrong with the batch itself.

    :raises AwsError: with AWS's code.
    """
    if not changes:
        raise _invalid("the batch holds no changes")
    records = characters = 0
    for change in changes:
        if change["Action"] not in ACTIONS:
            raise AwsError("InvalidInput", f"{change['Action']} is not one of {', '.join(ACTIONS)}")
        values = [record["Value"] for record in change["ResourceRecordSet"].get("ResourceRecords") or ()]
        times = 2 if change["Action"] == "UPSERT" else 1
        records += times * len(values)
        characters += times * sum(map(len, values))
        _check_record_set(change["ResourceRecordSet"], zone, health_checks)
    if records > MAX_RECORDS:
        raise _invalid(f"Number of records limit of {MAX_RECORDS} exceeded.")
    if characters > MAX_CHARACTERS:
        raise _invalid(f"Number of characters limit of {MAX_CHARACTERS} exceeded.")


def check_result(records: Iterable[RecordSet], touched: Container[tuple[str, str]]) -> None:
    """Refuse a batch that would leave record sets which exclude each other.

    :param touched: the names (with types) that the batch is about.
    :raises AwsError: with AWS's code.
    """
    groups: dict[tuple[str, str], list[RecordSet]] = defaultdict(list)
    types: dict[str, set[str]] = defaultdict(set)
    for record in records:
        groups[(record.name, str(record.type))].append(record)
        types[record.name].add(str(record.type))
    for (name, kind), group in groups.items():
        if (name, kind) not in touched:
            continue
        if "CNAME" in types[name] and len(types[name]) > 1:
            raise _invalid(f"RRSet of type CNAME with DNS name {name} is not permitted beside other types")
        _check_group(name, kind, group)


def _check_record_set(record: Mapping[str, Any], zone: str, health_checks: Container[str]) -> None:
    name = record["Name"].rstrip(".").lower()
    apex = zone.rstrip(".").lower()
    if name != apex and not name.endswith(f".{apex}"):
        raise _invalid(f"RRSet with DNS name {record['Name']} is not permitted in zone {zone}")
    what = f"[Name={record['Name']}, Type={record['Type']}, SetIdentifier={record.get('SetIdentifier')}]"
    policies = [policy for policy in POLICIES if record.get(policy) is not None]
    if len(policies) > 1:
        raise AwsError("InvalidInput", f"Invalid request: only one of {', '.join(policies)} may be given in {what}")
    if policies and not record.get("SetIdentifier"):
        raise AwsError("InvalidInput", f"Invalid request: Missing field 'SetIdentifier' in Change with {what}")
    if record.get("SetIdentifier") and not policies:
        raise AwsError("InvalidInput", f"Invalid request: Expected exactly one of {', '.join(POLICIES)} in {what}")
    alias, values = record.get("AliasTarget"), record.get("ResourceRecords")
    if bool(alias) == bool(values) or bool(values) != (record.get("TTL") is not None):
        raise AwsError(
            "InvalidInput",
            f"Invalid request: Expected exactly one of AliasTarget, all of TTL and ResourceRecords in {what}",
        )
    if alias and record.get("Failover") and str(alias.get("EvaluateTargetHealth")).lower() != "true":
        raise _invalid(f"A failover alias record must evaluate its target's health: {what}")
    check = record.get("HealthCheckId")
    if check and check not in health_checks:
        raise AwsError("NoSuchHealthCheck", f"No health check exists with the specified ID: {check}")


def _check_group(name: str, kind: str, group: Sequence[RecordSet]) -> None:
    what = f"[name='{name}', type='{kind}']"
    policies = {_policy(record) for record in group}
    if None in policies and len(group) > 1:
        raise _invalid(f"A simple record cannot exist beside records with a routing policy: {what}")
    if len(policies) > 1:
        raise _invalid(f"Records of one name and type must have one routing policy, not {_names(policies)}: {what}")
    roles = [record.failover for record in group if record.failover]
    for role in ("PRIMARY", "SECONDARY"):
        if roles.count(role) > 1:
            raise _invalid(f"Only one failover record may be {role}: {what}")


def _policy(record: RecordSet) -> str | None:
    given = (policy for policy, name in zip(POLICIES, ATTRIBUTES, strict=True) if getattr(record, name) is not None)
    return next(given, None)


def _names(policies: Iterable[str | None]) -> str:
    return " and ".join(sorted(filter(None, policies)))


def _invalid(message: str) -> AwsError:
    return AwsError("InvalidChangeBatch", message)
