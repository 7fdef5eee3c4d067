# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Route 53 as a boto3 client would answer, as strict as it is about limits, transactions and versions."""

from __future__ import annotations

import copy
import uuid
from collections.abc import Callable
from typing import Any

from botocore.exceptions import ClientError

ZONE = "Z0SHOP"
HOME, STANDBY = "eu-central-1", "eu-west-1"
PAGE = 300


class FakeClock:
    """Time that passes only when somebody sleeps."""

    def __init__(self) -> None:
        self.now = 100.0
        self.slept: list[float] = []

    def monotonic(self) -> float:
        return self.now

    def wall(self) -> float:
        return 1_000_000.0 + self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


def error(code: str, message: str = "") -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": message}}, "Fake")


def half(name: str, leg: str, role: str, **more: Any) -> dict[str, Any]:
    """One half of a failover pair, as Route 53 lists it."""
    fields = {"TTL": 1, "ResourceRecords": [{"Value": "192.0.2.1"}], "HealthCheckId": f"check-{leg}"} | more
    found = {"Name": name, "Type": "A", "SetIdentifier": leg, "Failover": role} | fields
    return {field: value for field, value in found.items() if value is not None}


def pair(name: str, primary: str = HOME, secondary: str = STANDBY) -> list[dict[str, Any]]:
    return [half(name, primary, "PRIMARY"), half(name, secondary, "SECONDARY")]


def weighted(name: str, leg: str, weight: int, **more: Any) -> dict[str, Any]:
    return half(name, leg, "", Failover=None, Weight=weight, HealthCheckId=None) | more


class FakeRoute53:
    """``get()`` makes it stand for the product's Clients too. ``before`` maps an action to what happens ahead of it,
    each entry once; an entry that raises makes the call fail. ``after`` is the same once the call took effect.
    """

    def __init__(self, clock: FakeClock) -> None:
        self.clock = clock
        self.zones: list[dict[str, Any]] = [
            {"Id": f"/hostedzone/{ZONE}", "Name": "shop.example.", "Config": {"PrivateZone": False}}
        ]
        self.records: dict[str, list[dict[str, Any]]] = {ZONE: []}
        self.checks: dict[str, dict[str, Any]] = {}
        self.tags: dict[str, dict[str, str]] = {}
        self.spent_references: set[str] = set()
        self.polls_until_in_sync = 2
        self.before: dict[str, list[Callable[[], None]]] = {}
        self.after: dict[str, list[Callable[[], None]]] = {}
        self.calls: list[str] = []
        self.times: list[float] = []
        self.regions: set[tuple[str, str]] = set()
        self.batches: list[list[dict[str, Any]]] = []
        self._polls: dict[str, int] = {}

    def get(self, service: str, region: str) -> Any:
        self.regions.add((service, region))
        return self

    def fail(self, action: str, *codes: str) -> None:
        """The next calls of ``action`` fail with these codes, without effect."""
        self.before.setdefault(action, []).extend(_raiser(error(code)) for code in codes)

    def lose_answer(self, action: str, lost: Exception) -> None:
        """The next call of ``action`` takes effect, and its answer is lost."""
        self.after.setdefault(action, []).append(_raiser(lost))

    def __getattr__(self, action: str) -> Any:
        if action.startswith("_"):
            raise AttributeError(action)

        def call(**parameters: Any) -> Any:
            self.calls.append(action)
            self.times.append(self.clock.now)
            if self.before.get(action):
                self.before[action].pop(0)()
            answer = getattr(self, f"_{action}")(**copy.deepcopy(parameters))
            if self.after.get(action):
                self.after[action].pop(0)()
            return copy.deepcopy(answer)

        return call

    def role_of(self, name: str, leg: str) -> Any:
        found = [each for each in self.records[ZONE] if each["Name"] == name and each["SetIdentifier"] == leg]
        return found[0].get("Failover", found[0].get("Weight"))

    def changing_calls(self) -> list[str]:
        return [action for action in self.calls if action.startswith(("change", "create", "update", "delete"))]

    # Zones and records

    def _get_hosted_zone(self, **parameters: str) -> Any:
        found = [zone for zone in self.zones if zone["Id"].endswith("/" + parameters["Id"])]
        if not found:
            raise error("NoSuchHostedZone")
        return {"HostedZone": found[0]}

    def _list_hosted_zones(self, **_parameters: str) -> Any:
        return {"HostedZones": self.zones, "IsTruncated": False}

    def _list_hosted_zones_by_name(self, **parameters: str) -> Any:
        named = sorted(self.zones, key=lambda zone: (zone["Name"] != parameters["DNSName"], zone["Name"]))
        return {"HostedZones": named, "IsTruncated": False}

    def _list_resource_record_sets(self, **parameters: str) -> Any:
        ordered = sorted(self.records[parameters["HostedZoneId"]], key=_order)
        if "StartRecordName" in parameters:
            written = parameters["StartRecordName"].replace("*", "\\052")
            start = (
                written.split(".")[::-1],
                parameters["StartRecordType"],
                parameters.get("StartRecordIdentifier", ""),
            )
            ordered = [each for each in ordered if _order(each) >= start]
        page, rest = ordered[:PAGE], ordered[PAGE:]
        following = {}
        if rest:
            following = {"NextRecordName": rest[0]["Name"], "NextRecordType": rest[0]["Type"]}
            following |= {"NextRecordIdentifier": rest[0]["SetIdentifier"]} if "SetIdentifier" in rest[0] else {}
        return {"ResourceRecordSets": page, "IsTruncated": bool(rest), **following}

    def _change_resource_record_sets(self, **parameters: Any) -> Any:
        changes = parameters["ChangeBatch"]["Changes"]
        _check_limits(changes)
        records = list(self.records[parameters["HostedZoneId"]])
        for change in changes:
            _apply(change["Action"], change["ResourceRecordSet"], records)
        self.records[parameters["HostedZoneId"]] = records
        self.batches.append(changes)
        return {"ChangeInfo": {"Id": f"/change/C{len(self.batches)}", "Status": "PENDING"}}

    def _get_change(self, **parameters: str) -> Any:
        self._polls[parameters["Id"]] = polls = self._polls.get(parameters["Id"], 0) + 1
        return {"ChangeInfo": {"Status": "INSYNC" if polls >= self.polls_until_in_sync else "PENDING"}}

    # Health checks

    def add_check(self, tags: dict[str, str] | None = None, **config: Any) -> str:
        made = self._create_health_check(CallerReference=str(uuid.uuid4()), HealthCheckConfig=config)["HealthCheck"]
        self.tags[made["Id"]] = dict(tags or {})
        return str(made["Id"])

    def _get_health_check(self, **parameters: str) -> Any:
        if parameters["HealthCheckId"] not in self.checks:
            raise error("NoSuchHealthCheck")
        return {"HealthCheck": self.checks[parameters["HealthCheckId"]]}

    def _list_health_checks(self, **parameters: str) -> Any:
        ids = sorted(self.checks)
        start = ids.index(parameters["Marker"]) if "Marker" in parameters else 0
        following = {"NextMarker": ids[start + 100]} if len(ids) > start + 100 else {}
        page = [self.checks[each] for each in ids[start : start + 100]]
        return {"HealthChecks": page, "IsTruncated": bool(following), **following}

    def _create_health_check(self, **parameters: Any) -> Any:
        reference, config = parameters["CallerReference"], parameters["HealthCheckConfig"]
        known = [check for check in self.checks.values() if check["CallerReference"] == reference]
        if known and known[0]["HealthCheckConfig"] == config:
            return {"HealthCheck": known[0]}
        if known or reference in self.spent_references:
            raise error("HealthCheckAlreadyExists")
        made = {
            "Id": str(uuid.uuid4()),
            "CallerReference": reference,
            "HealthCheckVersion": 1,
            "HealthCheckConfig": config,
        }
        self.checks[made["Id"]] = made
        return {"HealthCheck": made}

    def _update_health_check(self, **parameters: Any) -> Any:
        check = self._get_health_check(HealthCheckId=parameters.pop("HealthCheckId"))["HealthCheck"]
        if parameters.pop("HealthCheckVersion") != check["HealthCheckVersion"]:
            raise error("HealthCheckVersionMismatch")
        config = dict(check["HealthCheckConfig"])
        for field in parameters.pop("ResetElements", []):
            config.pop(field, None)
        changed = {
            **check,
            "HealthCheckVersion": check["HealthCheckVersion"] + 1,
            "HealthCheckConfig": config | parameters,
        }
        self.checks[check["Id"]] = changed
        return {"HealthCheck": changed}

    def _delete_health_check(self, **parameters: str) -> Any:
        check = self._get_health_check(HealthCheckId=parameters["HealthCheckId"])["HealthCheck"]
        self.spent_references.add(check["CallerReference"])
        del self.checks[check["Id"]]
        return {}

    def _list_tags_for_resources(self, **parameters: Any) -> Any:
        if len(parameters["ResourceIds"]) > 10:
            raise error("InvalidInput")
        sets = [
            {
                "ResourceId": each,
                "Tags": [{"Key": key, "Value": value} for key, value in self.tags.get(each, {}).items()],
            }
            for each in parameters["ResourceIds"]
        ]
        return {"ResourceTagSets": sets}

    def _change_tags_for_resource(self, **parameters: Any) -> Any:
        tags = self.tags.setdefault(parameters["ResourceId"], {})
        tags.update({tag["Key"]: tag["Value"] for tag in parameters.get("AddTags", [])})
        for key in parameters.get("RemoveTagKeys", []):
            tags.pop(key, None)
        return {}


def _raiser(exc: Exception) -> Callable[[], None]:
    def body() -> None:
        raise exc

    return body


def _order(record: dict[str, Any]) -> tuple[list[str], str, str]:
    return record["Name"].split(".")[::-1], record["Type"], record.get("SetIdentifier", "")


def _identity(record: dict[str, Any]) -> tuple[Any, ...]:
    return record["Name"], record["Type"], record.get("SetIdentifier")


def _check_limits(changes: list[dict[str, Any]]) -> None:
    values = [
        (2 if change["Action"] == "UPSERT" else 1, item["Value"])
        for change in changes
        for item in change["ResourceRecordSet"].get("ResourceRecords", [])
    ]
    if sum(times for times, _value in values) > 1000 or sum(times * len(value) for times, value in values) > 32_000:
        raise error("InvalidChangeBatch", "too large")


def _apply(action: str, record: dict[str, Any], records: list[dict[str, Any]]) -> None:
    """One change, checked against what the changes before it left: stricter than AWS, if anything."""
    same = [each for each in records if _identity(each) == _identity(record)]
    if action == "DELETE":
        if record not in same:
            raise error("InvalidChangeBatch", "not found, or the values do not match")
        records.remove(record)
        return
    if same:
        raise error("InvalidChangeBatch", "it already exists")
    siblings = [each for each in records if _identity(each)[:2] == _identity(record)[:2]]
    if "Failover" in record and record["Failover"] in [each.get("Failover") for each in siblings]:
        raise error("InvalidChangeBatch", f"a second {record['Failover']}")
    if record.get("Failover") == "PRIMARY" and "AliasTarget" not in record and "HealthCheckId" not in record:
        raise error("InvalidChangeBatch", "A non-alias primary ResourceRecordSet must have an associated health check")
    records.append(record)
