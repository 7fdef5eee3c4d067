# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether the operator may make the planned calls, by IAM's own simulation. Only a preflight asks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from string import Template

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.call import Call
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.grant import (
    HOME,
    LEG,
    STANDBY,
    THIRD,
    Grant,
    IamRole,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.readiness import (
    US_EAST_1,
    ContextEntry,
    Denied,
    PermissionsSeen,
    Question,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.permissions import grants_for, iam_actions
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.readiness.case import (
    Case,
    Remark,
    Sightings,
    Weight,
    listed,
)


def judge_permissions(seen: Sightings[PermissionsSeen], case: Case) -> Iterator[Remark]:
    found = seen.of(US_EAST_1)
    if found is None:
        return
    if found.why:
        yield Remark(
            "permissions_unknown",
            Weight.NEVER,
            US_EAST_1,
            f"What {found.principal or 'the role in use'} may do is unknown: {found.why.rstrip('.')}.",
            "Have the preflight's policies (docs/iam), on the role that aws_dr_controller.role names or on its own.",
        )
    for uncertain, weight in ((False, Weight.PLANNED), (True, Weight.NEVER)):
        denied = [each for each in found.denied if _uncertain(each) is uncertain]
        if not denied:
            continue
        what = listed([f"{each.action} on {each.resource}" for each in denied])
        maybe = " On the very resource, or under a condition, they may." if uncertain else ""
        yield Remark(
            "permission_missing",
            weight,
            US_EAST_1,
            f"The policies of {found.principal} don't allow {what}.{maybe}",
            "Grant it: docs/iam/operator.json has it. A role of its own for preflights is no operator: name the "
            "operator's in aws_dr_controller.role.",
        )


def _uncertain(denied: Denied) -> bool:
    """Where the answer hangs on a condition, a resource or the end of its name that the simulation wasn't told."""
    return bool(denied.missing_context) or denied.resource == "*" or "?" in denied.resource


def questions(
    calls: Sequence[Call], case: Case, account: str, clusters: Sequence[str]
) -> tuple[tuple[Question, ...], int]:
    """What IAM is asked so that ``calls`` may be made, and how many actions that is.

    ``clusters`` are the ARNs of the global cluster's members. A resource that isn't known is ``*``, and what a call
    carries is left out of the context where it isn't.
    """
    known = _known(case, account, clusters)
    asked: dict[tuple[tuple[str, ...], tuple[ContextEntry, ...]], list[str]] = {}
    for call in calls:
        for action in iam_actions(call):
            grants = _of_operator(call, action)
            resources = tuple(dict.fromkeys(arn for grant in grants for arn in _resources(grant, call, known)))
            context = _together(entry for grant in grants for entry in _context(grant, call, known))
            together = asked.setdefault((resources or ("*",), (_region(call), *context)), [])
            together += [action] if action not in together else []
    found = tuple(Question(tuple(actions), *key) for key, actions in asked.items())
    return found, len({action for actions in asked.values() for action in actions})


def _of_operator(call: Call, action: str) -> list[Grant]:
    """Who carries a run out is the operator; a call that isn't his may still be planned."""
    every = [grant for grant in grants_for(call) if action in grant.actions]
    return [grant for grant in every if IamRole.OPERATOR in grant.roles] or every


def _resources(grant: Grant, call: Call, known: Mapping[str, str]) -> Sequence[str]:
    """Its resources, those that are known and that the call concerns."""
    filled = [_filled(template, call, known) for template in grant.resources]
    return [arn for arn in filled if arn is not None]


def _context(grant: Grant, call: Call, known: Mapping[str, str]) -> Iterator[ContextEntry]:
    for operator, keys in grant.conditions.items():
        for key, templates in keys.items():
            values = [_filled(template, call, known) for template in templates]
            if None not in values:
                many = operator.startswith("ForAllValues:")
                yield ContextEntry(key, tuple(each for each in values if each is not None), many)


def _together(entries: Iterable[ContextEntry]) -> tuple[ContextEntry, ...]:
    """Each key once, as the simulation wants it: of several grants the first one's values are asked about."""
    found: dict[str, ContextEntry] = {}
    for entry in entries:
        found.setdefault(entry.key, entry)
    return tuple(found.values())


def _region(call: Call) -> ContextEntry:
    return ContextEntry("aws:RequestedRegion", (call.region,))


def _filled(template: str, call: Call, known: Mapping[str, str]) -> str | None:
    """The template's text for the Region that is called; ``None`` where a placeholder's value isn't known."""
    place = next((place for place in (HOME, STANDBY, THIRD) if known.get(f"{place}Region") == call.region), "")
    try:
        return Template(template.replace(LEG, f"${{{place}")).substitute(known)
    except KeyError:
        return None


def _known(case: Case, account: str, clusters: Sequence[str]) -> dict[str, str]:
    """The placeholders' values, as far as the workload's description tells them."""
    workload, latch = case.workload, case.workload.latch
    objects = (*latch.forward, *latch.reverse) if latch else ()
    third = next((where.region for where in objects if where.region not in workload.regions), "")
    places = {workload.home: HOME, workload.standby: STANDBY, third: THIRD}
    values = {
        "Partition": clusters[0].split(":")[1] if clusters else "aws",
        "AccountId": account,
        "Workload": workload.name,
        "Lock": workload.lock,
        "GlobalCluster": workload.database.global_cluster_id,
        "DatabaseSecret": _name_of(workload.database.secret_id),
        "StateTable": workload.table,
        "LatchKey": latch.key if latch else "",
        **{f"{place}Region": region for region, place in places.items()},
        **{f"{places[where.region]}LatchBucket": where.bucket for where in objects if where.region in places},
    }
    for arn in clusters:
        region, name = arn.split(":")[3], arn.split(":")[6]
        if region in places:
            values[f"{places[region]}Cluster"] = name
    return {placeholder: value for placeholder, value in values.items() if value}


def _name_of(secret: str) -> str:
    """A secret's name; its ARN has a dash and six characters more."""
    return secret.rpartition(":")[2][:-7] if secret.startswith("arn:") else secret
