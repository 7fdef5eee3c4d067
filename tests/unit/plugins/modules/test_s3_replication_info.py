# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What pairs of buckets look like from the destination's Region, and the wait until they are drained."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.clock import SystemClock
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.errors import DrError, Refused
from ansible_collections.multiregion.aws_dr.plugins.modules import s3_replication_info as module
from ansible_collections.multiregion.aws_dr.tests.unit.plugins.modules.storage_stage import (
    HOME,
    ONE,
    REGION,
    ROLE,
    STANDBY,
    TIMEOUT,
    TWO,
    Stage,
    error,
)

PAIR = {
    "source": {"bucket": ONE, "region": HOME},
    "destination": {"bucket": TWO, "region": STANDBY},
    "rule_ids": None,
}
RULE_ID = f"aws-dr-to-{TWO}"
KEY = "aws-dr/sentinel"


def rule(rule_id: str = RULE_ID, status: str = "Enabled") -> dict[str, Any]:
    return {
        "ID": rule_id,
        "Priority": 1,
        "Status": status,
        "Filter": {"Prefix": ""},
        "DeleteMarkerReplication": {"Status": "Enabled"},
        "Destination": {"Bucket": f"arn:aws:s3:::{TWO}", "Metrics": {"Status": "Enabled"}},
    }


@pytest.fixture
def stage(monkeypatch: pytest.MonkeyPatch) -> Stage:
    stage = Stage(module)
    monkeypatch.setattr(module, "guarded", stage.guarded)
    stage.cloud.replication[ONE] = {"Role": ROLE, "Rules": [rule()]}
    stage.cloud.sample()
    return stage


def look(stage: Stage, **options: Any) -> Any:
    return stage.run(**{"pairs": [copy.deepcopy(PAIR)], "timeout": 10.0, **options})


def wait(stage: Stage, key: str | None = KEY, **options: Any) -> Any:
    return look(stage, **{"wait_for": "drained", "sentinel_key": key, "timeout": 900.0, **options})


def seen(stage: Stage, **options: Any) -> dict[str, Any]:
    result = look(stage, **options)
    assert (result.changed, result.calls, stage.cloud.changes()) == (False, (), [])
    return dict(result.values["pairs"][0])


def test_what_waits_is_read_in_the_destinations_region_with_its_age_and_source(stage: Stage) -> None:
    stage.cloud.sample(operations=3, size=4096, latency=7, age=90)
    pair = seen(stage)
    assert pair["operations_pending"] == {
        "value": 3.0,
        "source": f"OperationsPendingReplication in {STANDBY}",
        "sampled_at": stage.clock.wall() - 90,
        "age_s": 90.0,
    }
    assert (pair["bytes_pending"]["value"], pair["latency_s"]["value"]) == (4096.0, 7.0)
    assert (pair["state"], pair["reasons"]) == ("behind", ["3 operations pending", "4096 bytes pending"])
    assert {region for action, region, _given in stage.cloud.calls if action == "get_metric_data"} == {STANDBY}


def test_nothing_pending_on_a_fresh_sample_is_drained(stage: Stage) -> None:
    pair = seen(stage)
    assert (pair["state"], pair["reasons"]) == ("drained", [])
    assert pair["rules"] == [{"id": RULE_ID, "status": "enabled"}]
    assert pair["versioning"] == {"source": "enabled", "destination": "enabled"}


def test_no_sample_is_unknown_and_never_zero(stage: Stage) -> None:
    stage.cloud.samples = {}
    pair = seen(stage)
    assert (pair["state"], pair["operations_pending"], pair["bytes_pending"], pair["latency_s"]) == (
        "unknown",
        None,
        None,
        None,
    )
    assert pair["loss"]["known"] == "unknown" and pair["loss"]["seconds"] is None


def test_an_old_sample_is_shown_and_does_not_count(stage: Stage) -> None:
    stage.cloud.sample(age=301)
    pair = seen(stage)
    assert (pair["state"], pair["operations_pending"]["age_s"]) == ("unknown", 301.0)
    assert seen(stage, max_sample_age=400.0)["state"] == "drained"


def test_one_of_several_rules_without_a_sample_makes_the_pair_unknown(stage: Stage) -> None:
    stage.cloud.replication[ONE]["Rules"].append(rule("other"))
    pair = {**PAIR, "rule_ids": [RULE_ID, "other"]}
    stage.cloud.sample(operations=2)
    assert seen(stage, pairs=[pair])["operations_pending"]["value"] == 4.0
    stage.cloud.samples.pop("BytesPendingReplication")
    assert seen(stage, pairs=[pair])["bytes_pending"] is None


def test_a_rule_that_nobody_watches_leaves_the_pair_unknown(stage: Stage) -> None:
    stage.cloud.replication[ONE]["Rules"].append(rule("other"))
    pair = seen(stage)
    assert (pair["state"], pair["reasons"]) == ("unknown", ["other rules replicate too and aren't watched: other"])


@pytest.mark.parametrize(
    ("status", "shown"), [("Disabled", "disabled"), (None, "missing")], ids=["disabled", "missing"]
)
def test_a_rule_that_is_off_says_nothing_of_what_waits(stage: Stage, status: str | None, shown: str) -> None:
    stage.cloud.replication[ONE]["Rules"] = [rule(status=status)] if status else [rule("other", "Disabled")]
    pair = seen(stage)
    assert (pair["state"], pair["rules"][0]["status"]) == ("unknown", shown)
    assert pair["loss"]["known"] == "unknown"


def test_a_source_that_cannot_be_read_leaves_its_rules_unknown_and_the_backlog_known(stage: Stage) -> None:
    stage.cloud.broken["get_bucket_versioning", HOME] = [error("AccessDenied", 403)]
    pair = seen(stage)
    assert (pair["rules"][0]["status"], pair["versioning"]["source"], pair["state"]) == (
        "unknown",
        "unknown",
        "drained",
    )


def test_a_passing_fault_of_the_metrics_passes(stage: Stage) -> None:
    stage.cloud.broken["get_metric_data", STANDBY] = [error("Throttling")]
    assert seen(stage)["state"] == "drained"


def test_metrics_that_cannot_be_read_are_unknown_and_say_why(stage: Stage) -> None:
    stage.cloud.broken["get_metric_data", STANDBY] = [error("AccessDenied", 403)]
    pair = seen(stage)
    assert pair["state"] == "unknown" and "AccessDenied" in pair["reasons"][0]


def test_many_pairs_take_one_call_for_each_lot_of_metrics(stage: Stage) -> None:
    pairs = [{**PAIR, "rule_ids": [f"rule-{number}"]} for number in range(200)]
    for number, pair in enumerate(pairs):
        name = f"assets-{number}"
        pair["source"] = {"bucket": name, "region": HOME}
        stage.cloud.versioning[name] = "Enabled"
        REGION.setdefault(name, HOME)
    values = look(stage, pairs=pairs).values
    calls = [given for action, _region, given in stage.cloud.calls if action == "get_metric_data"]
    assert sorted(len(given["MetricDataQueries"]) for given in calls) == [102, 498]
    assert len(values["pairs"]) == 200 and values["pairs"][199]["operations_pending"]["value"] == 0.0


def test_a_lost_region_is_not_waited_for_where_it_is_not_required(stage: Stage) -> None:
    """On real time: a source that hangs costs nothing."""
    slow, fast = SystemClock(), stage.cloud.get
    began = slow.monotonic()

    class Hanging:
        def __getattr__(self, _action: str) -> Any:
            return lambda **_given: slow.sleep(5)

    stage.cloud.get = lambda service, region: Hanging() if region == HOME else fast(service, region)  # type: ignore[method-assign]
    pair = seen(stage, required=[STANDBY])
    assert slow.monotonic() - began < 2
    assert (pair["state"], pair["rules"][0]["status"]) == ("drained", "unknown")


@pytest.mark.parametrize(("pairs", "code"), [([], "no_pairs"), ([PAIR, PAIR], "same_pair_twice")])
def test_wrong_pairs_are_refused(stage: Stage, pairs: list[Any], code: str) -> None:
    with pytest.raises(Refused) as caught:
        look(stage, pairs=pairs)
    assert [finding.code for finding in caught.value.findings] == [code]


class TestWait:
    """Until nothing waits, and the sentinel has arrived."""

    def test_the_sentinel_is_written_to_the_source_and_awaited_by_its_version(self, stage: Stage) -> None:
        began = stage.clock.now
        result = wait(stage)
        assert (result.changed, stage.cloud.changes()) == (True, [("put_object", HOME)])
        assert [(call.action, call.region) for call in result.calls] == [("PutObject", HOME)]
        pair = result.values["pairs"][0]
        assert (pair["state"], result.values["state"]) == ("drained", "drained")
        assert pair["sentinel"]["key"] == KEY and 3 <= pair["sentinel"]["arrived_at"] - began < 5
        assert pair["loss"]["known"] == "measured" and pair["loss"]["seconds"] == 0.0

    def test_it_goes_on_until_the_metrics_say_zero(self, stage: Stage) -> None:
        began = stage.clock.now
        stage.cloud.sample(operations=2)
        stage.clock.after(40, stage.cloud.sample)
        assert wait(stage).values["state"] == "drained"
        assert 40 <= stage.clock.now - began < 50

    def test_a_sentinel_that_does_not_arrive_ends_it_with_the_deadline(self, stage: Stage) -> None:
        stage.cloud.replicates = False
        with pytest.raises(DrError, match="the sentinel has not arrived"):
            wait(stage, timeout=30.0, max_sample_age=900.0)

    def test_missing_metrics_never_count_as_drained(self, stage: Stage) -> None:
        stage.cloud.samples = {}
        with pytest.raises(DrError, match="no sample of the operations pending"):
            wait(stage, timeout=30.0)

    def test_without_a_sentinel_only_a_sample_from_after_the_start_counts(self, stage: Stage) -> None:
        began = stage.clock.now
        stage.clock.after(100, lambda: stage.cloud.sample(age=30))
        result = wait(stage, key=None)
        assert (result.changed, result.calls, stage.cloud.changes()) == (False, (), [])
        assert stage.clock.now - began >= 100

    @pytest.mark.parametrize("off", ["rule", "versioning"])
    def test_what_does_not_replicate_is_refused_before_the_sentinel_is_written(self, stage: Stage, off: str) -> None:
        if off == "rule":
            stage.cloud.replication[ONE]["Rules"] = [rule(status="Disabled")]
        else:
            stage.cloud.versioning[TWO] = "Suspended"
        with pytest.raises(Refused) as caught:
            wait(stage)
        assert [finding.code for finding in caught.value.findings] == ["replication_off"]
        assert stage.cloud.changes() == []

    def test_check_mode_writes_nothing_and_waits_for_nothing(self, stage: Stage) -> None:
        stage.cloud.sample(operations=2)
        began = stage.clock.now
        result = wait(stage, check_mode=True)
        assert (result.changed, stage.cloud.changes(), stage.clock.now) == (True, [], began)
        assert [call.action for call in result.calls] == ["PutObject"]
        assert result.values["state"] == "behind"

    def test_a_sentinel_whose_answer_was_lost_is_written_again(self, stage: Stage) -> None:
        stage.cloud.lost["put_object", HOME] = [TIMEOUT]
        assert wait(stage).values["state"] == "drained"
        assert stage.cloud.changes() == [("put_object", HOME)] * 2

    def test_a_sentinel_that_may_not_be_written_is_a_failure_that_says_so(self, stage: Stage) -> None:
        stage.cloud.broken["put_object", HOME] = [error("AccessDenied", 403)]
        with pytest.raises(DrError, match=r"s3:PutObject on each source.*AccessDenied"):
            wait(stage)

    def test_a_destination_that_cannot_be_asked_for_a_moment_is_asked_again(self, stage: Stage) -> None:
        stage.cloud.broken["head_object", STANDBY] = [error("SlowDown", 503), TIMEOUT]
        assert wait(stage).values["state"] == "drained"

    def test_writing_is_a_step_of_the_run(self, stage: Stage) -> None:
        wait(stage)
        [guard] = stage.guards
        assert guard.steps == [
            ("started write_sentinel", ["PutObject"]),
            ("done write_sentinel", {"written": [f"{ONE} -> {TWO}"], "failed": []}),
        ]
