# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.errors import DrError, Refused
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.module import Result
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.trigger import KillSwitch
from ansible_collections.multiregion.aws_dr.plugins.modules.automation_switch import execute
from ansible_collections.multiregion.aws_dr.tests.unit.plugins.modules.run_stage import RunStage


@pytest.fixture
def stage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> RunStage:
    return RunStage(tmp_path, monkeypatch)


def switch(stage: RunStage, state: str, check_mode: bool = False, **options: Any) -> Result:
    given = {"state": state, "workload": None, "lock": "shop", "reason": "works on the lines", "initiated_by": "ada"}
    where = {"table": "aws-dr-state", "table_regions": ["eu-west-1", "eu-central-1"]}
    return execute({**given, **where, **options}, replace(stage.on.context(), check_mode=check_mode))


def state(stage: RunStage, scope: str = "*") -> str:
    seen = stage.on.store.read_switch(scope)
    return seen.as_dict()["state"] if seen else "never touched"


def test_it_is_engaged_once_with_who_when_and_why(stage: RunStage) -> None:
    done = switch(stage, "engaged")
    assert (done.changed, done.before, done.after) == (True, {"state": "released"}, {"state": "engaged"})
    again = switch(stage, "engaged", initiated_by="grace", reason="me too")
    assert not again.changed
    kept = {"scope": "*", "state": "engaged", "reason": "works on the lines", "by": "ada", "at": 1000.0}
    assert again.values["kill_switch"] == kept == done.values["kill_switch"]


def test_it_is_released_once(stage: RunStage) -> None:
    assert not switch(stage, "released").changed
    assert state(stage) == "never touched"
    switch(stage, "engaged")
    assert switch(stage, "released", reason="done").changed
    assert state(stage) == "released"
    assert not switch(stage, "released").changed


@pytest.mark.parametrize("wanted", ["engaged", "released"])
def test_check_mode_only_says_what_it_would_do(stage: RunStage, wanted: str) -> None:
    if wanted == "released":
        switch(stage, "engaged")
    before = state(stage)
    assert switch(stage, wanted, check_mode=True).changed
    assert state(stage) == before


def test_a_workloads_switch_leaves_that_of_all_alone(stage: RunStage) -> None:
    assert switch(stage, "engaged", workload="shop").values["kill_switch"]["scope"] == "shop"
    assert (state(stage, "shop"), state(stage)) == ("engaged", "never touched")


def test_without_a_reason_it_is_refused(stage: RunStage) -> None:
    with pytest.raises(Refused, match="no_reason"):
        switch(stage, "engaged", reason=" ")


def test_the_first_region_that_answers_is_used(stage: RunStage) -> None:
    stage.dead = {"eu-west-1"}
    assert switch(stage, "engaged").changed
    stage.dead = {"eu-west-1", "eu-central-1"}
    with pytest.raises(DrError, match="no answer"):
        switch(stage, "released")


def test_somebody_who_engages_it_meanwhile_is_not_overruled_unseen(
    stage: RunStage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Released by one, while another engages it anew: the release looks again, and is of the later one."""
    switch(stage, "engaged")
    later = KillSwitch("*", True, "again", "grace", 2000.0)
    write = stage.on.store.write_switch
    order: list[KillSwitch | None] = []

    def overtaken(wanted: KillSwitch, seen: KillSwitch | None) -> bool:
        if not order:
            write(later, seen)
        order.append(seen)
        return write(wanted, seen)

    monkeypatch.setattr(stage.on.store, "write_switch", overtaken)
    assert switch(stage, "released").changed
    assert [each.by if each else "" for each in order] == ["ada", "grace"]


def test_what_isn_t_clearly_a_release_is_engaged() -> None:
    assert KillSwitch.from_dict({}).engaged
    assert KillSwitch.from_dict({"state": "relased"}).engaged
    assert not KillSwitch.from_dict({"state": "released"}).engaged
