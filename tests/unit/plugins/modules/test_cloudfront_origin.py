# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A distribution's origin from end to end: switched, already so, overtaken, unanswered, refused."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.errors import DrError, Refused
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.database import WriterProof
from ansible_collections.multiregion.aws_dr.plugins.module_utils._probe.sql import NotWriter
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run import writer_gate
from ansible_collections.multiregion.aws_dr.plugins.modules import cloudfront_origin as module
from ansible_collections.multiregion.aws_dr.tests.unit.plugins.modules.storage_stage import TIMEOUT, Stage, error

GLOBAL = "us-east-1"
UPDATE = "update_distribution"
PROOF = WriterProof("eu-west-1", "shop-1", "aurora_server_id", "endpoint", "127.0.0.1", "nonce", 0.01, 1.0)
DATABASE = {"global_cluster_id": "shop", "name": "shop", "secret_id": "shop/db", "sslmode": "require"}
BEHAVIOR = {"TargetOriginId": "home", "ViewerProtocolPolicy": "https-only", "TrustedKeyGroups": {"Enabled": False}}
CONFIG: dict[str, Any] = {
    "CallerReference": "shop",
    "Comment": "kept as it is",
    "Origins": {
        "Quantity": 2,
        "Items": [
            {"Id": "home", "DomainName": "home.example", "OriginAccessControlId": "oac"},
            {"Id": "standby", "DomainName": "standby.example"},
        ],
    },
    "OriginGroups": {"Quantity": 1, "Items": [{"Id": "both"}]},
    "DefaultCacheBehavior": {
        **BEHAVIOR,
        "AllowedMethods": {"Quantity": 3, "Items": ["GET", "HEAD", "POST"]},
    },
    "CacheBehaviors": {
        "Quantity": 2,
        "Items": [{**BEHAVIOR, "PathPattern": "/static/*"}, {**BEHAVIOR, "PathPattern": "/old"}],
    },
}


@pytest.fixture
def stage(monkeypatch: pytest.MonkeyPatch) -> Stage:
    stage = Stage(module)
    stage.cloud.distribution = copy.deepcopy(CONFIG)
    monkeypatch.setattr(module, "guarded", stage.guarded)
    return stage


def switch(stage: Stage, **options: Any) -> Any:
    given = {"distribution_id": "E1", "target_origin_id": "standby", "allow_unverified_writer": True, "timeout": 600.0}
    return stage.run(**{**given, **options})


def targets(stage: Stage) -> dict[str, str]:
    config = stage.cloud.distribution
    found = {"*": config["DefaultCacheBehavior"]["TargetOriginId"]}
    return found | {each["PathPattern"]: each["TargetOriginId"] for each in config["CacheBehaviors"]["Items"]}


def codes(caught: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [finding.code for finding in caught.value.findings]


BY_DOMAIN = {"target_origin_id": None, "origin_id": "home", "domain_name": "api.eu-west-1.example"}


@pytest.mark.parametrize("options", [{}, BY_DOMAIN], ids=["behaviours", "domain"])
def test_check_mode_changes_nothing_the_first_run_does_and_the_second_does_not(stage: Stage, options: Any) -> None:
    foretold = switch(stage, check_mode=True, **options)
    assert foretold.changed and stage.cloud.distribution == CONFIG and stage.cloud.changes() == []
    first = switch(stage, **options)
    assert first.changed and stage.cloud.changes() == [(UPDATE, GLOBAL)]
    assert (first.calls, first.before, first.after, first.values["edits"]) == (
        foretold.calls,
        foretold.before,
        foretold.after,
        foretold.values["edits"],
    )
    for part in ("origins", "behaviors"):
        assert first.values["distribution"][part] == foretold.values["distribution"][part]
    stage.cloud.calls.clear()
    second = switch(stage, **options)
    assert (second.changed, second.calls, second.values["edits"], stage.cloud.changes()) == (False, (), [], [])


def test_only_the_behaviours_that_were_named_are_switched_and_all_else_stays(stage: Stage) -> None:
    switch(stage, path_patterns=["*", "/static/*"])
    assert targets(stage) == {"*": "standby", "/static/*": "standby", "/old": "home"}
    expected = copy.deepcopy(CONFIG)
    expected["DefaultCacheBehavior"]["TargetOriginId"] = "standby"
    expected["CacheBehaviors"]["Items"][0]["TargetOriginId"] = "standby"
    assert stage.cloud.distribution == expected


def test_an_origin_gets_another_domain_name_and_all_else_stays(stage: Stage) -> None:
    result = switch(stage, **BY_DOMAIN)
    expected = copy.deepcopy(CONFIG)
    expected["Origins"]["Items"][0]["DomainName"] = "api.eu-west-1.example"
    assert stage.cloud.distribution == expected
    assert result.values["edits"] == [
        {"path_pattern": "", "origin_id": "home", "before": "home.example", "after": "api.eu-west-1.example"}
    ]


@pytest.mark.parametrize("wait", [True, False])
def test_it_waits_until_every_edge_has_it_where_asked_to(stage: Stage, wait: bool) -> None:
    began = stage.clock.now
    result = switch(stage, wait=wait)
    assert result.values["distribution"]["status"] == ("Deployed" if wait else "InProgress")
    assert (stage.clock.now - began >= 240) is wait


def test_a_deployment_that_takes_too_long_is_a_failure_that_a_second_run_goes_on_from(stage: Stage) -> None:
    with pytest.raises(DrError, match="E1 to be deployed"):
        switch(stage, timeout=60.0)
    result = switch(stage)
    assert (result.changed, result.values["distribution"]["status"]) == (False, "Deployed")


def test_an_update_that_somebody_overtook_is_decided_anew_on_what_is_there_then(stage: Stage) -> None:
    def meddle() -> None:
        stage.cloud.distribution["Comment"] = "theirs"
        stage.cloud.etag += 1

    stage.cloud.before_change = [meddle]
    assert switch(stage).changed
    assert stage.cloud.distribution["Comment"] == "theirs" and targets(stage)["*"] == "standby"


def test_what_somebody_else_switched_first_is_no_change_of_ours(stage: Stage) -> None:
    def meddle() -> None:
        stage.cloud.distribution["DefaultCacheBehavior"]["TargetOriginId"] = "standby"
        stage.cloud.etag += 1

    stage.cloud.before_change = [meddle]
    result = switch(stage)
    assert (result.changed, result.calls, result.values["edits"]) == (False, (), [])


def test_an_update_whose_answer_was_lost_is_looked_for_and_not_made_twice(stage: Stage) -> None:
    stage.cloud.lost[UPDATE, GLOBAL] = [TIMEOUT]
    result = switch(stage)
    assert (result.changed, stage.cloud.changes()) == (True, [(UPDATE, GLOBAL)])
    assert result.values["distribution"]["behaviors"]["*"] == "standby" and len(result.values["edits"]) == 1


@pytest.mark.parametrize("fault", [TIMEOUT, error("Throttling"), error("ServiceUnavailable", 503)])
def test_an_update_that_had_no_effect_is_made_again(stage: Stage, fault: Exception) -> None:
    stage.cloud.broken[UPDATE, GLOBAL] = [fault]
    assert switch(stage).changed and targets(stage)["*"] == "standby"


@pytest.mark.parametrize("fault", [error("AccessDenied", 403), error("IllegalUpdate", 400)])
def test_a_final_refusal_is_not_asked_for_twice(stage: Stage, fault: Exception) -> None:
    stage.cloud.broken[UPDATE, GLOBAL] = [fault]
    with pytest.raises(DrError, match="cloudfront:UpdateDistribution"):
        switch(stage)
    assert stage.cloud.changes() == [(UPDATE, GLOBAL)]


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ({"target_origin_id": "nowhere"}, "no_such_origin"),
        ({"target_origin_id": None, "origin_id": "both", "domain_name": "x"}, "no_such_origin"),
        ({"path_patterns": ["/none"]}, "no_such_behavior"),
        ({"path_patterns": []}, "no_behavior"),
        ({"target_origin_id": "both"}, "group_only_reads"),
        ({"distribution_id": "E2"}, "no_such_distribution"),
        ({"allow_unverified_writer": False}, "writer_unverified"),
        ({"database": DATABASE}, "no_target"),
    ],
)
@pytest.mark.parametrize("check_mode", [True, False])
def test_what_cannot_be_done_is_refused(stage: Stage, options: Any, code: str, check_mode: bool) -> None:
    with pytest.raises(Refused) as caught:
        switch(stage, check_mode=check_mode, **options)
    assert (codes(caught), stage.cloud.changes()) == ([code], [])


def test_a_group_takes_a_behaviour_that_only_reads(stage: Stage) -> None:
    assert switch(stage, target_origin_id="both", path_patterns=["/static/*"]).changed


class TestWriter:
    """No traffic moves to a Region whose database isn't proved the writer."""

    @pytest.fixture
    def proofs(self, stage: Stage, monkeypatch: pytest.MonkeyPatch) -> list[Any]:
        script: list[Any] = []

        def prove(*_args: Any) -> WriterProof:
            assert stage.cloud.changes() == [], "the writer is proved before anything is changed"
            outcome = script.pop(0)
            if isinstance(outcome, Exception):
                raise outcome
            return PROOF

        monkeypatch.setattr(writer_gate, "proved_writer", prove)
        return script

    def verified(self, stage: Stage) -> Any:
        return switch(stage, allow_unverified_writer=False, database=DATABASE, target="eu-west-1")

    def test_it_is_proved_first(self, stage: Stage, proofs: list[Any]) -> None:
        proofs.append(PROOF)
        result = self.verified(stage)
        assert result.changed and result.values["writer"]["server_id"] == "shop-1" and proofs == []

    def test_without_the_proof_nothing_is_changed(self, stage: Stage, proofs: list[Any]) -> None:
        proofs.append(NotWriter("Writing", "read-only", "Wait."))
        with pytest.raises(Refused) as caught:
            self.verified(stage)
        assert (codes(caught), stage.cloud.changes()) == (["writer_not_proved"], [])

    def test_nothing_is_proved_where_nothing_has_to_be_changed(self, stage: Stage, proofs: list[Any]) -> None:
        stage.cloud.distribution["DefaultCacheBehavior"]["TargetOriginId"] = "standby"
        assert not self.verified(stage).changed


def test_it_says_that_it_needs_us_east_1(stage: Stage) -> None:
    assert switch(stage).values["needs_us_east_1"] is True
    assert "us-east-1" in stage.warnings[0]


def test_the_update_is_a_step_and_a_second_run_says_that_there_was_nothing_to_do(stage: Stage) -> None:
    switch(stage)
    switch(stage)
    first, second = (guard.steps for guard in stage.guards)
    assert first[0] == ("started switch_origin", ["UpdateDistribution"])
    assert first[1][0] == "done switch_origin" and first[1][1]["behaviors"]["*"] == "standby"
    assert second == [("already switch_origin", {"distribution": "E1"})]
