# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What there is to say of a leg's buckets, secrets and keys: what readiness finds of them, as a status."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.finding import Finding, Severity
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.health import Seen, Status
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.health_layers import (
    BucketSeen,
    KeySeen,
    SecretSeen,
    SecretsSeen,
    StorageSeen,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.secret import SecretPair, Standing
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.storage import PairSeen
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan import keys, secrets, storage
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.health_limits import Remark, Thresholds, slow

UNKNOWN = ("replication_backlog_unknown", "replication_unreadable", "secret_not_compared")
"""Findings that say no more than that something couldn't be read."""
ARRIVING = ("replication_backlog", "replication_backlog_unknown")
"""What the destination's Region tells of a replication; all else is the source's to tell."""


def storage_remarks(seen: StorageSeen, thresholds: Thresholds, now: float) -> list[Remark]:
    """Of the buckets, and of the replication as far as this Region tells it."""
    remarks = [remark for bucket in seen.buckets for remark in _bucket_remarks(bucket)]
    limits = storage.Limits(thresholds.pending, thresholds.lag_ms / 1000, thresholds.lag_age_s)
    for pair in seen.pairs:
        remarks += [_remark(each, Status.DEGRADED) for each in _pair_findings(pair, seen.region, limits, now)]
    return [*remarks, *slow("the storage", seen.response_ms, thresholds)]


def _bucket_remarks(seen: BucketSeen) -> Iterator[Remark]:
    if seen.there is None:
        yield Status.UNKNOWN, f"the bucket {seen.name}: {seen.error}"
    elif not seen.there:
        yield Status.UNHEALTHY, f"there is no bucket {seen.name}"
    if seen.canary and seen.canary.error:
        status = Status.UNKNOWN if seen.canary.good is None else Status.UNHEALTHY
        yield status, f"the canary object {seen.canary.key} in {seen.name}: {seen.canary.error}"


def _pair_findings(seen: PairSeen, region: str, limits: storage.Limits, now: float) -> Iterator[Finding]:
    arrives, leaves = (each.region == region for each in (seen.pair.destination, seen.pair.source))
    for finding in storage.findings([seen], limits, now, unplanned=True):
        if arrives if finding.code in ARRIVING else leaves:
            yield finding


def secrets_remarks(seen: SecretsSeen, thresholds: Thresholds) -> list[Remark]:
    """Of the secrets, and of the keys that they and others are encrypted with."""
    remarks = [remark for each in seen.secrets for remark in _secret_remarks(each, seen.region)]
    remarks += [remark for each in seen.keys for remark in _key_remarks(each, seen.region)]
    return [*remarks, *slow("the slowest secret or key", seen.response_ms, thresholds)]


def _secret_remarks(seen: SecretSeen, region: str) -> Iterator[Remark]:
    if seen.error:
        yield Status.UNKNOWN, f"the secret {seen.secret_id}: {seen.error}"
        return
    pair = seen.pair or SecretPair(seen.secret_id, region, seen.secret)
    yield from (_remark(finding, Status.DEGRADED) for finding in secrets.findings(pair, strict=False))
    if seen.readable is False:
        yield Status.UNHEALTHY, f"the value of {seen.secret_id} can't be read: {seen.read_error}"
    elif seen.read_error:
        yield Status.UNKNOWN, f"whether the value of {seen.secret_id} can be read: {seen.read_error}"


def _key_remarks(seen: KeySeen, region: str) -> Iterator[Remark]:
    if seen.error:
        yield Status.UNKNOWN, f"the key {seen.key_id}: {seen.error}"
        return
    yield from (_remark(finding, Status.DEGRADED) for finding in keys.findings(seen.key_id, region, seen.key))


def _remark(finding: Finding, warns: Status) -> Remark:
    """What would refuse even a failover in a disaster leaves the layer useless: it is unhealthy."""
    if finding.code in UNKNOWN:
        return Status.UNKNOWN, finding.observed
    return (Status.UNHEALTHY if finding.severity is Severity.REFUSE else warns), finding.observed


def compared(seen: Mapping[str, Seen | str]) -> dict[str, SecretsSeen]:
    """Each Region's secrets beside the other's: how far a replica is, only its primary's Region knows.

    ``seen`` is by the workload's Regions; those that gave no answer are left out of what is returned.
    """
    found = {region: each for region, each in seen.items() if isinstance(each, SecretsSeen)}
    listed = {region: {each.secret_id: each for each in found[region].secrets} for region in found}

    def paired(secret: SecretSeen, region: str) -> SecretSeen:
        source = "" if secret.error else _source(secret, region, tuple(seen))
        other = listed.get(source, {}).get(secret.secret_id)
        read = other is not None and not other.error
        pair = SecretPair(secret.secret_id, region, secret.secret, source, other.secret if other else None, read)
        return replace(secret, pair=pair)

    return {
        region: replace(each, secrets=tuple(paired(secret, region) for secret in each.secrets))
        for region, each in found.items()
    }


def _source(secret: SecretSeen, region: str, regions: tuple[str, ...]) -> str:
    """The Region that the secret is to be compared with: none for a primary, which the others follow."""
    if secret.standing is Standing.PRIMARY:
        return ""
    if secret.secret and secret.standing is Standing.REPLICA:
        return secret.secret.primary_region if secret.secret.primary_region in regions else ""
    return next((other for other in regions if other != region), "")
