# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A report as the files that people and machines read, and where they are."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ansible_collections.multiregion.aws_dr.plugins.plugin_utils.report.manual_check import manual_findings
from ansible_collections.multiregion.aws_dr.plugins.plugin_utils.report.pages import manual_files, moment, report_files


def report_places(archive: Mapping[str, Any]) -> list[str]:
    """What ``report_archive`` returned, as lines."""
    lines = [_line(place) for place in archive["places"]]
    if archive["intact"]:
        lines.append("nothing was altered")
        if len(lines) == 2:
            lines.append(
                "by the manifest beside the files alone: who can alter one can alter both (aws_dr_evidence.buckets)"
            )
    return [*lines, f"manifest sha256 {archive['manifest_sha256']}"]


def _line(place: Mapping[str, Any]) -> str:
    if place["error"]:
        return f"{place['place']}: UNKNOWN, {place['error']}"
    written = f"{len(place['written'])} files written" if place["written"] else "as it was"
    locked = f", locked until {moment(place['locked_until'])}" if place["locked_until"] else ""
    return f"{place['place']}: {written}{locked}"


class FilterModule:
    """Filters that write reports."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {
            "manual_runbook": manual_files,
            "manual_runbook_findings": manual_findings,
            "report_files": report_files,
            "report_places": report_places,
        }
