# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What to do with event source mappings, and where they belong. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.event_source import (
    DISABLED,
    ENABLED,
    SETTLED,
    EventSource,
    Selector,
    SourceChange,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.finding import Finding, refusal, warning
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.gate import check_gate


def check_request(
    selectors: Sequence[Selector], enabling: bool, verified: bool, region: str, unverified_allowed: bool
) -> tuple[Finding, ...]:
    """What is wrong with a request, before anything is observed."""
    findings = []
    if not selectors:
        findings.append(
            refusal("no_mappings", "mappings is empty.", "Name the functions whose event sources are meant.")
        )
    if enabling:
        findings += check_gate(verified, region, unverified_allowed, "An event source makes its function write")
    return tuple(findings)


def needs_change(source: EventSource, wanted: str) -> bool:
    """Whether a mapping isn't as ``wanted`` (Enabled or Disabled), nor on its way there."""
    return source.state not in (wanted, {ENABLED: "Enabling", DISABLED: "Disabling"}[wanted])


def may_be_changed(source: EventSource) -> bool:
    """Whether AWS takes a change now: not while an earlier one is under way."""
    return source.state in SETTLED


def overall(states: Iterable[str]) -> str:
    """All mappings together: enabled, disabled, changing, or mixed."""
    seen = set(states)
    if seen == {ENABLED}:
        return "enabled"
    if seen == {DISABLED}:
        return "disabled"
    return "mixed" if seen <= set(SETTLED) else "changing"


def planned(source: EventSource, wanted: str) -> SourceChange:
    """What would become of a mapping."""
    return SourceChange(source, wanted, needs_change(source, wanted))


def placement_findings(seen: Mapping[str, Sequence[EventSource] | None], writer: str) -> tuple[Finding, ...]:
    """What readiness makes of the mappings of each Region (``None``: unknown), where ``writer`` is the writer's."""
    findings = []
    for region, sources in seen.items():
        if sources is None:
            remedy = "Check the Region's health and the permission lambda:ListEventSourceMappings."
            findings.append(warning("event_sources_unknown", f"Event sources of {region} are unknown.", remedy))
            continue
        for source in sources:
            wanted = ENABLED if region == writer else DISABLED
            if source.state != wanted:
                observed = f"{source.function} in {region}: its event source {source.source} is {source.state}."
                remedy = f"Make it {wanted.lower()} with lambda_event_source: the writer is in {writer}."
                findings.append(warning("event_source_misplaced", observed, remedy))
    return tuple(findings)
