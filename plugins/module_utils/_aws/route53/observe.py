# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is read of Route 53: a zone by id or name, and the record sets of some names in few calls."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.effect import CallFailed
from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.route53 import api, transform
from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.route53.account import Account
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.errors import Refused
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.finding import Finding, refusal
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.records import RecordName, RecordSet, Zone


def find_zone(account: Account, id_or_name: str) -> Zone:
    """The hosted zone of that id, or of that name (which has a dot in it).

    Raises ``Refused`` when there is none, or when a name has several (a public and a private one, say).
    """
    if "." in id_or_name:
        return _zone_of_name(account, transform.absolute(id_or_name))
    zone_id = transform.plain_id(id_or_name)
    try:
        return transform.zone(
            account.read(f"Reading the zone {zone_id} (route53:GetHostedZone)", api.get_hosted_zone, zone_id)
        )
    except CallFailed as failed:
        if failed.code in api.NO_SUCH_ZONE:
            raise Refused([_no_zone(zone_id)]) from failed
        raise


def _zone_of_name(account: Account, name: str) -> Zone:
    listed = account.read(
        f"Looking for the zone {name} (route53:ListHostedZonesByName)", api.list_hosted_zones_by_name, name
    )
    found = [zone for zone in map(transform.zone, listed) if zone.name == name]
    if not found:
        raise Refused([_no_zone(name)])
    if len(found) > 1:
        seen = ", ".join(f"{zone.id} ({'private' if zone.private else 'public'})" for zone in found)
        raise Refused(
            [refusal("zone_ambiguous", f"{len(found)} zones are named {name}: {seen}.", "Give the zone's id.")]
        )
    return found[0]


def _no_zone(id_or_name: str) -> Finding:
    return refusal(
        "no_such_zone",
        f"There is no hosted zone {id_or_name} in this account.",
        "Check the zone, and the account in use.",
    )


def read_record_sets(account: Account, zone: Zone, names: Sequence[RecordName]) -> list[RecordSet]:
    """Every record set of ``names``. A call starts at the first name still missing and brings up to 300 record sets,
    so that a zone with many of the names takes few calls.
    """
    found: dict[RecordName, list[RecordSet]] = {}
    for name in sorted(names, key=_by_labels):
        if name in found or not name.name.endswith(zone.name):
            continue
        start = {"StartRecordName": name.name, "StartRecordType": name.type}
        page = account.read(
            f"Reading the records of {zone.name} (route53:ListResourceRecordSets)",
            api.list_resource_record_sets,
            zone.id,
            start,
        )
        seen: dict[RecordName, list[RecordSet]] = {name: []}
        for each in map(transform.record_set, page["ResourceRecordSets"]):
            seen.setdefault(each.key, []).append(each)
        cut = _next_name(page)
        # What the page's end cuts in two is read again from its own start; a name that fills a page has too many.
        found.update({key: sets for key, sets in seen.items() if key != cut or key == name})
    return [each for name in names for each in found.get(name, [])]


def _by_labels(name: RecordName) -> tuple[list[str], str]:
    return name.name.split(".")[::-1], name.type


def _next_name(page: Mapping[str, Any]) -> RecordName | None:
    if not page.get("IsTruncated"):
        return None
    return RecordName(transform.absolute(page["NextRecordName"]), page["NextRecordType"])


def all_record_sets(account: Account, zone: Zone) -> Iterator[RecordSet]:
    """Every record set of a zone, page by page."""
    start: dict[str, str] = {}
    while True:
        page = account.read(
            f"Reading the records of {zone.name} (route53:ListResourceRecordSets)",
            api.list_resource_record_sets,
            zone.id,
            start,
        )
        yield from map(transform.record_set, page["ResourceRecordSets"])
        if not page.get("IsTruncated"):
            return
        fields = {
            "StartRecordName": "NextRecordName",
            "StartRecordType": "NextRecordType",
            "StartRecordIdentifier": "NextRecordIdentifier",
        }
        start = {to: page[given] for to, given in fields.items() if page.get(given)}


def all_zones(account: Account) -> Iterator[Zone]:
    """Every hosted zone of the account, page by page."""
    marker = None
    while True:
        page = account.read("Listing the hosted zones (route53:ListHostedZones)", api.list_hosted_zones, marker)
        yield from map(transform.zone, page["HostedZones"])
        marker = page.get("NextMarker")
        if not page.get("IsTruncated") or not marker:
            return
