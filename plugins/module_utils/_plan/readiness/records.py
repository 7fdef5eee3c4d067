# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether the public name can be switched by the latch: its pair of records, their health checks, what is behind."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.health_check import HealthCheck, Kind
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.latch import LatchObject
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.readiness import US_EAST_1, RecordsSeen
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.records import Policy, RecordSet, Role
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.readiness.case import (
    Case,
    Remark,
    Sightings,
    Weight,
    listed,
)

CHECKERS_AGREE = 10.0  # seconds from the last probe until all checkers hold a check for flipped (Route 53 guide)
SHARE = 0.5  # of the recovery time objective, that the switch of traffic alone may take
ALIAS_TTL = 60  # seconds: that of Route 53's aliases of load balancers


def judge_records(seen: Sightings[RecordsSeen], case: Case) -> Iterator[Remark]:
    found = seen.of(US_EAST_1)
    if found is None:
        return
    pair = _pair(found, case)
    if isinstance(pair, str):
        yield _broken(pair)
        return
    primary, secondary = pair
    yield from _alias_flags(pair)
    yield from _primary_check(primary, found, case)
    yield from _following_controls(pair, found, case)
    yield from _secondary_check(secondary, found, case)
    yield from _behind(secondary, found, case)
    yield from _too_slow(pair, found, case)


def _broken(why: str) -> Remark:
    return Remark(
        "record_pair_broken",
        Weight.PLANNED,
        US_EAST_1,
        why,
        "Have one PRIMARY record set for home and one SECONDARY for the standby, failover policy, and no other of that"
        " name and type.",
    )


def _pair(found: RecordsSeen, case: Case) -> tuple[RecordSet, RecordSet] | str:
    """PRIMARY and SECONDARY; or what is wrong with them."""
    record = case.workload.record
    name = record.name if record else ""
    if not found.zone:
        return f"{name} is in no public zone of this account."
    sets = found.record_sets
    roles = [each.role.value if each.policy is Policy.FAILOVER and each.role else each.policy.value for each in sets]
    if sorted(roles) != [Role.PRIMARY.value, Role.SECONDARY.value]:
        return f"{name} has {f'record sets {listed(roles)}' if roles else 'no record set'}."
    if sets[0].set_identifier == sets[1].set_identifier:
        return f"Both record sets of {name} have the set identifier {sets[0].set_identifier}."
    primary, secondary = sorted(sets, key=lambda each: each.role is not Role.PRIMARY)
    for each, region in ((primary, case.workload.home), (secondary, case.workload.standby)):
        expected = record.of(region) if record else ()
        if each.values and expected and not set(each.values) <= set(expected):
            part = each.role.value if each.role else ""
            return f"The {part} of {name} is {listed(each.values)}, not {region}'s {listed(expected)}."
    return primary, secondary


def _alias_flags(pair: Sequence[RecordSet]) -> Iterator[Remark]:
    for each in pair:
        if each.alias and not each.alias.evaluate_target_health:
            yield Remark(
                "alias_without_target_health",
                Weight.PLANNED,
                US_EAST_1,
                f"The alias {each.set_identifier} of {each.key} has EvaluateTargetHealth=false.",
                "Set EvaluateTargetHealth=true: Route 53 requires it of failover aliases.",
            )


def _primary_check(primary: RecordSet, found: RecordsSeen, case: Case) -> Iterator[Remark]:
    """The latch works by the PRIMARY's check: healthy only if all of its children, inverted ones, are.

    Where clients are switched by something else, a check may be any, or none.
    """
    check = found.check(primary.health_check_id or "")
    if case.workload.latch is None:
        yield from _any_check(primary, check)
        return
    if check is None:
        which = f"{primary.health_check_id}, which doesn't exist" if primary.health_check_id else "none"
        yield _missing(f"The PRIMARY of {primary.key} has as health check {which}: the latch moves nothing.")
        return
    yield from _disabled(check)
    if check.settings.inverted:
        yield _inverted(f"The PRIMARY's health check {_named(check)} is inverted: the latch works the wrong way round.")
    if check.settings.kind is not Kind.CALCULATED:
        return
    children = check.settings.child_health_checks or ()
    if check.settings.health_threshold != len(children):
        yield Remark(
            "health_check_threshold",
            Weight.PLANNED,
            US_EAST_1,
            f"The PRIMARY's health check {_named(check)} is healthy from {check.settings.health_threshold} healthy"
            f" children on, of {len(children)}.",
            "Set HealthThreshold to the number of children: then one object moves traffic, and all hold it.",
        )
    for child_id in children:
        child = found.check(child_id)
        if child is None:
            yield _missing(f"The child {child_id} of the health check {_named(check)} doesn't exist.")
            continue
        yield from _latch_check(child)
    yield from _watched([found.check(child) for child in children], case.workload.latch.forward, case)


def _any_check(primary: RecordSet, check: HealthCheck | None) -> Iterator[Remark]:
    if check is not None:
        yield from _disabled(check)
    elif primary.health_check_id:
        yield _missing(f"The PRIMARY's health check {primary.health_check_id} doesn't exist.")


def _following_controls(pair: Sequence[RecordSet], found: RecordsSeen, case: Case) -> Iterator[Remark]:
    """Where routing controls switch the clients, each record's check follows its Region's."""
    routing = case.workload.routing
    for each, region in zip(pair, (case.workload.home, case.workload.standby), strict=True) if routing else ():
        part, check = each.role.value if each.role else "", found.check(each.health_check_id or "")
        wanted = [control.arn for control in routing.controls if control.region == region] if routing else []
        if check is None and not each.health_check_id:
            yield _missing(f"The {part} of {each.key} has no health check: {region}'s routing control moves nothing.")
        elif check is not None and check.settings.routing_control_arn not in wanted:
            yield Remark(
                "health_check_watches_other",
                Weight.PLANNED,
                US_EAST_1,
                f"The {part}'s health check {_named(check)} doesn't follow {region}'s routing control.",
                "Give the record a check of the type RECOVERY_CONTROL on that control (route53_health_check).",
            )


def _secondary_check(secondary: RecordSet, found: RecordsSeen, case: Case) -> Iterator[Remark]:
    check = found.check(secondary.health_check_id or "")
    if secondary.health_check_id and check is None:
        yield _missing(f"The SECONDARY's health check {secondary.health_check_id} doesn't exist.")
    if check is not None and check.settings.kind is Kind.HTTPS_STR_MATCH and case.workload.latch is not None:
        yield from _latch_check(check)


def _latch_check(check: HealthCheck) -> Iterator[Remark]:
    yield from _disabled(check)
    if not check.settings.inverted:
        yield _inverted(
            f"The latch's health check {_named(check)} isn't inverted: it is healthy only while the object is there."
        )


def _watched(checks: Sequence[HealthCheck | None], objects: Sequence[LatchObject], case: Case) -> Iterator[Remark]:
    """Each of the latch's objects has a check that looks for it, where it is, by its token."""
    latch = case.workload.latch
    seen = [
        (check.settings.fqdn, check.settings.resource_path, check.settings.search_string) for check in checks if check
    ]
    for where in objects:
        host = f"{where.bucket}.s3.{where.region}.amazonaws.com"
        if latch and not any(each == (host, f"/{latch.key}", latch.token) for each in seen):
            yield Remark(
                "health_check_watches_other",
                Weight.PLANNED,
                US_EAST_1,
                f"None of the PRIMARY's checks looks for the latch's token at https://{host}/{latch.key}.",
                "Give one child that host name, path and search string; other objects don't move this name.",
            )


def _disabled(check: HealthCheck) -> Iterator[Remark]:
    if check.settings.disabled:
        yield Remark(
            "health_check_disabled",
            Weight.PLANNED,
            US_EAST_1,
            f"The health check {_named(check)} is disabled, so always healthy: it moves nothing.",
            "Enable it (route53_health_check, disabled=false).",
        )


def _missing(observed: str) -> Remark:
    remedy = "Create it (route53_health_check), and name it in the record set or as a child."
    return Remark("health_check_missing", Weight.PLANNED, US_EAST_1, observed, remedy)


def _inverted(observed: str) -> Remark:
    remedy = "Invert the checks that watch the latch's objects, and them only."
    return Remark("health_check_inverted", Weight.PLANNED, US_EAST_1, observed, remedy)


def _named(check: HealthCheck) -> str:
    return f"{check.name} ({check.id})" if check.name else check.id


def _behind(secondary: RecordSet, found: RecordsSeen, case: Case) -> Iterator[Remark]:
    """An alias whose targets are unhealthy is answered with the PRIMARY."""
    if secondary.alias is None:
        return
    for alias in found.aliases:
        if alias.dns_name != secondary.alias.dns_name or alias.healthy:
            continue
        what = alias.why.rstrip(".") if alias.healthy is None else f"none of its {alias.targets} targets is healthy"
        yield Remark(
            "alias_target_unknown" if alias.healthy is None else "alias_target_unhealthy",
            Weight.NEVER if alias.healthy is None else Weight.PLANNED,
            case.workload.standby,
            f"Behind the SECONDARY's alias {alias.dns_name}: {what}.",
            "While nothing behind it is healthy, Route 53 answers with the PRIMARY: have the standby's targets healthy"
            " before traffic is switched.",
        )


def _too_slow(pair: Sequence[RecordSet], found: RecordsSeen, case: Case) -> Iterator[Remark]:
    """Detecting and promoting must fit beside the switch: it may take half of the objective."""
    ttl = max(each.ttl if each.ttl is not None else ALIAS_TTL for each in pair)
    flip = max((_flip(check) for check in found.checks), default=0.0) + CHECKERS_AGREE
    limit = SHARE * case.workload.rto_seconds
    if flip + ttl > limit:
        yield Remark(
            "ttl_too_long",
            Weight.NEVER,
            US_EAST_1,
            f"Switching clients takes up to {flip + ttl:.0f} s ({flip:.0f} s until the health checks agree, a TTL of"
            f" {ttl} s), of a recovery time objective of {case.workload.rto_seconds:g} s.",
            "Shorten the TTL, or the health checks' interval and failure threshold.",
        )


def _flip(check: HealthCheck) -> float:
    return float((check.settings.request_interval or 0) * (check.settings.failure_threshold or 0))
