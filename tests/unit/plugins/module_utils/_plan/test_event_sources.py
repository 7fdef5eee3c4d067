# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.event_source import EventSource, Selector
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan import event_sources as plan


def source(state: str) -> EventSource:
    return EventSource("uuid", "orders", "arn:aws:sqs:eu-west-1:1:orders", state)


@pytest.mark.parametrize(
    ("state", "needs"),
    [("Enabled", False), ("Enabling", False), ("Disabled", True), ("Disabling", True), ("Creating", True)],
)
def test_what_is_enabled_or_on_its_way_needs_no_change(state: str, needs: bool) -> None:
    assert plan.needs_change(source(state), "Enabled") is needs


@pytest.mark.parametrize(("state", "may"), [("Disabled", True), ("Enabled", True), ("Updating", False)])
def test_a_mapping_may_be_changed_once_it_is_settled(state: str, may: bool) -> None:
    assert plan.may_be_changed(source(state)) is may


@pytest.mark.parametrize(
    ("states", "together"),
    [
        (["Enabled", "Enabled"], "enabled"),
        (["Disabled"], "disabled"),
        (["Enabled", "Disabled"], "mixed"),
        (["Enabled", "Enabling"], "changing"),
    ],
)
def test_all_mappings_together(states: list[str], together: str) -> None:
    assert plan.overall(states) == together


@pytest.mark.parametrize(
    ("selectors", "enabling", "verified", "codes"),
    [
        ([], False, True, ["no_mappings"]),
        ([Selector("orders")], True, False, ["writer_unverified"]),
        ([Selector("orders")], False, False, []),
        ([Selector("orders")], True, True, []),
    ],
)
def test_only_enabling_needs_the_writer(
    selectors: list[Selector], enabling: bool, verified: bool, codes: list[str]
) -> None:
    found = plan.check_request(selectors, enabling, verified, "eu-west-1", False)
    assert [finding.code for finding in found] == codes


def test_a_mapping_in_the_wrong_region_is_found_and_an_unread_one_is_unknown() -> None:
    seen = {"eu-central-1": [source("Enabled")], "eu-west-1": [source("Enabled")], "eu-west-3": None}
    found = plan.placement_findings(seen, "eu-central-1")
    assert [finding.code for finding in found] == ["event_source_misplaced", "event_sources_unknown"]
    assert "eu-west-1" in found[0].observed


def test_the_writers_region_lacks_its_event_source() -> None:
    (found,) = plan.placement_findings({"eu-west-1": [source("Disabled")]}, "eu-west-1")
    assert found.code == "event_source_misplaced"
