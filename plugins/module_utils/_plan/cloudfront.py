# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which edits bring a CloudFront distribution to another origin, and why they may not be made. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.cloudfront import (
    Distribution,
    Edit,
    Wanted,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.finding import Finding, refusal

READS = {"GET", "HEAD", "OPTIONS"}


def check_request(wanted: Wanted, verified: bool, target: str | None, unverified_allowed: bool) -> tuple[Finding, ...]:
    """What is wrong with the request, before anything is read. ``verified``: a database to prove was given."""
    found = []
    if wanted.target_origin and not wanted.paths:
        found.append(refusal("no_behavior", "path_patterns is empty.", "Name the behaviours that are to be switched."))
    if verified and not target:
        remedy = "Name as target the Region that must be the writer once traffic has moved."
        found.append(refusal("no_target", "database is given without target.", remedy))
    if not verified and not unverified_allowed:
        observed = "Another origin moves traffic, and there is no database whose writer could be proved first."
        remedy = "Give database and target; for a workload without one, set allow_unverified_writer=true."
        found.append(refusal("writer_unverified", observed, remedy))
    return tuple(found)


def edits(wanted: Wanted, seen: Distribution) -> tuple[Edit, ...]:
    """What is to be changed; empty where the distribution is as wanted."""
    if wanted.origin:
        before = seen.origins.get(wanted.origin, "")
        return () if before == wanted.domain else (Edit("", wanted.origin, before, wanted.domain),)
    return tuple(
        Edit(behavior.path, "", behavior.target, wanted.target_origin)
        for behavior in seen.behaviors
        if behavior.path in wanted.paths and behavior.target != wanted.target_origin
    )


def refusals(wanted: Wanted, seen: Distribution) -> tuple[Finding, ...]:
    """Why the distribution can't be brought there."""
    return tuple(_refusals(wanted, seen))


def _refusals(wanted: Wanted, seen: Distribution) -> Iterator[Finding]:
    named = wanted.origin or wanted.target_origin
    known = ", ".join([*seen.origins, *seen.groups])
    if named not in seen.origins and (wanted.origin or named not in seen.groups):
        observed = f"{seen.id} has no origin {named}; it has {known}."
        yield refusal("no_such_origin", observed, "Name one of those, or add the origin beforehand.")
    paths = [behavior.path for behavior in seen.behaviors]
    strangers = [path for path in wanted.paths if path not in paths]
    if strangers:
        observed = f"{seen.id} has no behaviour for {', '.join(strangers)}; it has {', '.join(paths)}."
        yield refusal("no_such_behavior", observed, "Name one of those: * is the default behaviour.")
    writing = [each.path for each in seen.behaviors if each.path in wanted.paths and set(each.methods) - READS]
    if wanted.target_origin in seen.groups and writing:
        observed = f"{named} is an origin group, and {', '.join(writing)} lets more through than GET, HEAD and OPTIONS."
        yield refusal("group_only_reads", observed, "Name a single origin: CloudFront refuses the group.")
