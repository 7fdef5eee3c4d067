# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Health checks while answers are lost, runs end early and others change the same check."""

from __future__ import annotations

import pytest
from botocore.exceptions import ReadTimeoutError

from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.effect import CallFailed
from ansible_collections.multiregion.aws_dr.tests.unit.plugins.modules.health_check_stage import LATCH, Stage

LOST = ReadTimeoutError(endpoint_url="https://route53.amazonaws.com")


@pytest.fixture
def stage() -> Stage:
    return Stage()


def test_a_run_that_ended_before_it_could_tag_is_finished_by_the_next(stage: Stage) -> None:
    stage.aws.fail("change_tags_for_resource", "AccessDenied")
    with pytest.raises(CallFailed, match=r"ChangeTagsForResource.*AccessDenied"):
        stage.run(**LATCH)
    result = stage.run(**LATCH)
    assert [call.action for call in result.calls] == ["ChangeTagsForResource"]
    assert len(stage.aws.checks) == 1


def test_a_create_whose_answer_was_lost_makes_no_second_check(stage: Stage) -> None:
    stage.aws.lose_answer("create_health_check", LOST)
    result = stage.run(**LATCH)
    assert len(stage.aws.checks) == 1
    assert [call.action for call in result.calls] == ["CreateHealthCheck", "ChangeTagsForResource"]
    assert not stage.run(**LATCH).changed


def test_an_update_whose_answer_was_lost_is_not_made_twice(stage: Stage) -> None:
    stage.run(**LATCH)
    stage.aws.lose_answer("update_health_check", LOST)
    assert stage.run(**LATCH | {"disabled": True}).changed
    (check,) = stage.aws.checks.values()
    assert check["HealthCheckVersion"] == 2


def test_a_name_can_be_used_again_after_its_check_was_deleted(stage: Stage) -> None:
    first = stage.run(**LATCH).after
    stage.run(name="shop latch", state="absent")
    second = stage.run(**LATCH).after
    assert first["id"] != second["id"]
    assert second["caller_reference"].startswith(first["caller_reference"])
    assert not stage.run(**LATCH).changed


def test_a_check_that_was_renamed_keeps_its_new_name(stage: Stage) -> None:
    first = stage.run(**LATCH).after["id"]
    stage.run(health_check_id=first, name="kept")
    second = stage.run(**LATCH).after["id"]
    assert stage.aws.tags[first]["Name"] == "kept"
    assert stage.aws.tags[second]["Name"] == "shop latch"


def test_a_caller_reference_that_a_deleted_check_had_is_an_error(stage: Stage) -> None:
    stage.aws.spent_references.add("mine")
    with pytest.raises(CallFailed, match="HealthCheckAlreadyExists"):
        stage.run(caller_reference="mine", type="HTTP", fqdn="a")


def test_a_conflict_is_compared_again_and_keeps_what_the_other_changed(stage: Stage) -> None:
    identifier = stage.run(**LATCH).after["id"]

    def other() -> None:
        version = stage.aws.checks[identifier]["HealthCheckVersion"]
        stage.aws._update_health_check(HealthCheckId=identifier, HealthCheckVersion=version, Port=8443)

    stage.aws.before["update_health_check"] = [other, other]
    result = stage.run(name="shop latch", disabled=True)
    assert stage.aws.calls.count("update_health_check") == 3
    assert (result.after["disabled"], result.after["port"], result.after["version"]) == (True, 8443, 4)


def test_throttling_is_waited_out(stage: Stage) -> None:
    stage.aws.fail("create_health_check", "Throttling", "Throttling")
    stage.aws.fail("list_health_checks", "Throttling")
    assert stage.run(**LATCH).changed


def test_a_delete_whose_answer_was_lost_is_done(stage: Stage) -> None:
    stage.run(**LATCH)
    stage.aws.lose_answer("delete_health_check", LOST)
    assert stage.run(name="shop latch", state="absent").changed
    assert stage.aws.checks == {}
