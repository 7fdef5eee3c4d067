# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

"""The module against buckets of its own: who is changed, who holds up whom, and what stands in front of it."""

import io
import threading
import time
from typing import Any

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError

from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.clock import Deadline, SystemClock
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.errors import DrError, Refused
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.module import Context, Result
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.database import WriterProof
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.finding import refusal
from ansible_collections.multiregion.aws_dr.plugins.module_utils._probe.dns import Answer, Unresolved
from ansible_collections.multiregion.aws_dr.plugins.module_utils._probe.sql import NotWriter, Unreachable
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run import latch as run_latch
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run import proving, record_watch, writer_gate
from ansible_collections.multiregion.aws_dr.plugins.modules import traffic_latch as module

ONE, TWO = {"bucket": "one", "region": "eu-west-1"}, {"bucket": "two", "region": "eu-west-3"}
KEY, TOKEN = "latch/shop", "aws-dr-latch:shop"
DATABASE = {"global_cluster_id": "shop", "name": "shop", "secret_id": "shop/db", "sslmode": "require"}
PROOF = WriterProof("eu-west-1", "shop-1", "aurora_server_id", "endpoint", "127.0.0.1", "nonce", 0.01, 1.0)
RECORD = {"name": "api.shop.example", "expect": ["192.0.2.62"]}


class FakeS3:
    """Buckets by name. A dead one refuses, a hanging one never answers before ``release``; both for ``actions``."""

    def __init__(self) -> None:
        self.objects: dict[str, bytes] = {}
        self.calls: list[tuple[str, str]] = []
        self.dead: set[str] = set()
        self.hanging: set[str] = set()
        self.unreadable: set[str] = set()
        self.forbidden: set[str] = set()
        self.fenced: set[str] = set()
        self.busy: dict[str, int] = {}
        self.release = threading.Event()
        self.writer = "eu-west-1"

    def get(self, service: str, region: str) -> Any:
        return self if service == "s3" else FakeRds(self.writer)

    def changes(self) -> list[tuple[str, str]]:
        return sorted(call for call in self.calls if call[0] != "GetObject")

    def _enter(self, action: str, bucket: str) -> None:
        self.calls.append((action, bucket))
        if bucket in self.hanging:
            self.release.wait(20)
        if bucket in self.dead or bucket in self.hanging:
            raise EndpointConnectionError(endpoint_url=f"https://{bucket}")

    def get_object(self, **asked: str) -> dict[str, Any]:
        bucket = asked["Bucket"]
        assert asked["Key"] == KEY
        self._enter("GetObject", bucket)
        if bucket in self.unreadable:
            raise ClientError({"Error": {"Code": "AccessDenied", "Message": "no"}}, "GetObject")
        if bucket not in self.objects:
            raise ClientError({"Error": {"Code": "NoSuchKey", "Message": "no"}}, "GetObject")
        return {"Body": io.BytesIO(self.objects[bucket])}

    def put_object(self, **asked: Any) -> None:
        bucket = asked["Bucket"]
        self._enter("PutObject", bucket)
        if bucket in self.fenced:
            raise Refused((refusal("fenced", "Another run has taken over.", "Look at it."),))
        if bucket in self.forbidden:
            raise ClientError({"Error": {"Code": "AccessDenied", "Message": "no"}}, "PutObject")
        if self.busy.get(bucket):
            self.busy[bucket] -= 1
            raise ClientError({"Error": {"Code": "SlowDown", "Message": "no"}}, "PutObject")
        assert asked["Key"] == KEY
        self.objects[asked["Bucket"]] = asked["Body"]

    def delete_object(self, **asked: str) -> None:
        self._enter("DeleteObject", asked["Bucket"])
        self.objects.pop(asked["Bucket"], None)


class FakeRds:
    def __init__(self, writer: str) -> None:
        self.writer = writer

    def describe_global_clusters(self, **asked: str) -> dict[str, Any]:
        members = [
            {"DBClusterArn": f"arn:aws:rds:{region}:123456789012:cluster:shop", "IsWriter": region == self.writer}
            for region in ("eu-central-1", "eu-west-1")
        ]
        return {"GlobalClusters": [{"GlobalClusterIdentifier": "shop", "GlobalClusterMembers": members}]}


class Bench:
    def __init__(self) -> None:
        self.s3 = FakeS3()
        self.warnings: list[str] = []
        self.proofs: list[Exception | WriterProof] = [PROOF]
        self.proved = 0

    def prove(self, *_args: Any) -> WriterProof:
        self.proved += 1
        assert not self.s3.changes(), "the writer is proved before anything is changed"
        outcome = self.proofs.pop(0)
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    def run(self, state: str = "set", check_mode: bool = False, **options: Any) -> Result:
        clock = SystemClock()
        given = {
            "state": state,
            "objects": [ONE, TWO],
            "key": KEY,
            "token": TOKEN,
            "target": "eu-west-1",
            "database": DATABASE,
            "allow_unverified_writer": False,
            "record": None,
            "resolvers": [],
            "wait": True,
            "timeout": 10.0,
            **options,
        }
        stand_in: Any = self.s3
        context = Context(
            check_mode=check_mode,
            diff_mode=True,
            clock=clock,
            deadline=Deadline.after(clock, given["timeout"]),
            clients=stand_in,
            progress=lambda line: None,
            warn=self.warnings.append,
        )
        return module.execute(given, context)

    def set(self) -> None:
        self.s3.objects = {"one": TOKEN.encode(), "two": TOKEN.encode()}


@pytest.fixture
def bench(monkeypatch: pytest.MonkeyPatch) -> Any:
    bench = Bench()
    monkeypatch.setattr(writer_gate, "proved_writer", bench.prove)
    monkeypatch.setattr(proving, "INTERVAL", 0.01)
    monkeypatch.setattr(run_latch, "CHANGE", 0.8)
    yield bench
    bench.s3.release.set()


def states(result: Result) -> dict[str, str]:
    return {each["bucket"]: each["state"] for each in result.values["latch"]["objects"]}


def codes(caught: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [finding.code for finding in caught.value.findings]


def test_setting_writes_the_token_into_every_bucket_once_the_writer_is_proved(bench: Bench) -> None:
    result = bench.run()
    assert result.changed
    assert bench.s3.objects == {"one": TOKEN.encode(), "two": TOKEN.encode()}
    assert bench.proved == 1
    assert result.values["writer"]["server_id"] == "shop-1"
    latch = result.values["latch"]
    assert (latch["state"], latch["moved"], latch["held"]) == ("set", True, True)
    assert latch["landed_at"] == pytest.approx(time.time(), abs=10)
    assert [(call.service, call.action, call.region) for call in result.calls] == [
        ("s3", "PutObject", "eu-west-1"),
        ("s3", "PutObject", "eu-west-3"),
    ]
    assert (result.before, result.after) == ({"one": "clear", "two": "clear"}, {"one": "set", "two": "set"})


def test_a_latch_that_is_set_is_left_alone_and_nothing_is_proved(bench: Bench) -> None:
    bench.set()
    result = bench.run()
    assert not result.changed
    assert (bench.proved, bench.s3.changes(), result.calls) == (0, [], ())
    assert result.values["latch"]["held"] is True
    assert result.values["latch"]["landed_at"] is None
    assert result.before == result.after


def test_an_object_with_other_content_is_written_over(bench: Bench) -> None:
    bench.set()
    bench.s3.objects["two"] = b"something else"
    result = bench.run()
    assert bench.s3.changes() == [("PutObject", "two")]
    assert result.before == {"one": "set", "two": "other"}


def test_clearing_deletes_what_is_there_and_a_second_run_changes_nothing(bench: Bench) -> None:
    bench.set()
    first = bench.run("clear")
    assert first.changed
    assert bench.s3.objects == {}
    assert first.values["latch"]["state"] == "clear"
    second = bench.run("clear")
    assert not second.changed
    assert bench.s3.changes() == [("DeleteObject", "one"), ("DeleteObject", "two")]


@pytest.mark.parametrize(("state", "action"), [("set", "PutObject"), ("clear", "DeleteObject")])
def test_check_mode_lists_the_calls_and_makes_none(bench: Bench, state: str, action: str) -> None:
    if state == "clear":
        bench.set()
    result = bench.run(state, check_mode=True)
    assert result.changed
    assert [(call.action, call.region) for call in result.calls] == [(action, "eu-west-1"), (action, "eu-west-3")]
    assert (bench.s3.changes(), bench.proved) == ([], 0)
    assert result.after == {"one": state, "two": state}
    assert bench.warnings == []


def test_check_mode_tells_without_alarm_that_the_target_is_not_the_writer_yet(bench: Bench) -> None:
    bench.s3.writer = "eu-central-1"
    [refused] = bench.run(check_mode=True).values["refusals"]
    assert (refused["code"], refused["observed"]) == ("writer_not_proved", "The writer is eu-central-1, not eu-west-1.")
    assert bench.warnings == []


def test_check_mode_has_nothing_to_refuse_where_the_target_writes(bench: Bench) -> None:
    assert bench.run(check_mode=True).values["refusals"] == []


def test_reading_changes_nothing_and_asks_for_no_database(bench: Bench) -> None:
    bench.s3.objects["one"] = TOKEN.encode()
    result = bench.run("read", database=None, target=None)
    assert not result.changed
    assert states(result) == {"one": "set", "two": "clear"}
    assert result.values["latch"]["state"] == "partial"
    assert (bench.s3.changes(), bench.proved) == ([], 0)


def test_a_bucket_that_cannot_be_read_is_unknown_and_not_clear(bench: Bench) -> None:
    bench.s3.dead = {"one"}
    result = bench.run("read")
    assert states(result) == {"one": "unknown", "two": "clear"}
    assert result.values["latch"]["state"] == "unknown"
    assert "EndpointConnectionError" in result.values["latch"]["objects"][0]["error"]


def test_an_object_that_may_not_be_read_is_written_all_the_same(bench: Bench) -> None:
    bench.s3.unreadable = {"one", "two"}
    result = bench.run()
    assert result.changed
    assert states(result) == {"one": "set", "two": "set"}


@pytest.mark.parametrize(
    "error", [NotWriter("Writing", "read-only", "Wait."), DrError("Reading", "no secret", "Look.")]
)
def test_nothing_is_changed_unless_the_target_is_proved_to_be_the_writer(bench: Bench, error: DrError) -> None:
    bench.proofs = [error]
    with pytest.raises(Refused) as caught:
        bench.run()
    assert codes(caught) == ["writer_not_proved"]
    assert (bench.s3.changes(), bench.proved) == ([], 1)


def test_a_database_that_is_out_of_reach_for_a_moment_is_tried_again(bench: Bench) -> None:
    bench.proofs = [Unreachable("Connecting", "refused", "Again."), PROOF]
    assert bench.run().changed
    assert bench.proved == 2


def test_clearing_moves_traffic_too_and_needs_the_same_proof(bench: Bench) -> None:
    bench.set()
    bench.proofs = [NotWriter("Writing", "read-only", "Wait.")]
    with pytest.raises(Refused):
        bench.run("clear")
    assert bench.s3.changes() == []


@pytest.mark.parametrize("state", ["set", "clear"])
def test_without_a_database_nothing_moves_unless_that_is_allowed(bench: Bench, state: str) -> None:
    with pytest.raises(Refused) as caught:
        bench.run(state, database=None)
    assert codes(caught) == ["writer_unverified"]
    assert bench.s3.calls == []


def test_an_unverified_writer_can_be_allowed_and_is_warned_about(bench: Bench) -> None:
    assert bench.run(database=None, target=None, allow_unverified_writer=True).changed
    assert bench.proved == 0
    assert "without any proof" in bench.warnings[0]


@pytest.mark.parametrize("fault", ["dead", "hanging"])
def test_one_lost_bucket_holds_up_no_other_and_the_latch_moves_without_being_held(
    bench: Bench, fault: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run_latch, "READ", 0.8)
    monkeypatch.setattr(run_latch, "CHANGE", 0.8)
    getattr(bench.s3, fault).add("two")
    began = time.monotonic()
    result = bench.run()
    assert time.monotonic() - began < 5
    assert result.changed
    assert states(result) == {"one": "set", "two": "unknown"}
    latch = result.values["latch"]
    assert (latch["state"], latch["moved"], latch["held"]) == ("partial", True, False)
    assert "two in eu-west-3" in bench.warnings[0]
    # What got no answer may have been made; what never arrived was not.
    assert [call.region for call in result.calls] == ["eu-west-1"] + ["eu-west-3"] * (fault == "hanging")


def test_a_black_holed_bucket_ends_with_the_deadline(bench: Bench) -> None:
    bench.s3.hanging = {"two"}
    began = time.monotonic()
    result = bench.run(timeout=1.0)
    assert time.monotonic() - began < 3
    assert states(result) == {"one": "set", "two": "unknown"}


class TestRecord:
    """A name can be watched until it resolves as it should."""

    @pytest.fixture
    def answers(self, monkeypatch: pytest.MonkeyPatch) -> dict[str, list[Any]]:
        """What each resolver answers, one after the other; the last answer stays."""
        script: dict[str, list[Any]] = {"system": [], "a": [], "b": []}

        def resolve(name: str, resolvers: Any, _timeout: float, _clock: Any) -> Answer:
            queue = script[next(iter(resolvers), "system")]
            answer = queue.pop(0) if len(queue) > 1 else queue[0]
            if isinstance(answer, Exception):
                raise answer
            return Answer(name, (answer,), 30, 0.01)

        monkeypatch.setattr(record_watch, "resolve", resolve)
        monkeypatch.setattr(record_watch, "INTERVAL", 0.01)
        return script

    def test_it_is_waited_for(self, bench: Bench, answers: dict[str, list[Any]]) -> None:
        answers["system"] = ["192.0.2.61", Unresolved("Asking", "SERVFAIL", "Again."), "192.0.2.61", "192.0.2.62"]
        record = bench.run(record=RECORD).values["record"]
        assert (record["addresses"], record["ttl"]) == (["192.0.2.62"], 30)
        assert record["seen_at"] == pytest.approx(time.time(), abs=10)

    def test_every_resolver_must_answer_so(self, bench: Bench, answers: dict[str, list[Any]]) -> None:
        answers["a"], answers["b"] = ["192.0.2.62"], ["192.0.2.61"]
        with pytest.raises(DrError, match=r"the latch has landed, .*192\.0\.2\.61") as caught:
            bench.run(record=RECORD, resolvers=["a", "b"], timeout=0.5)
        assert len(bench.s3.objects) == len(caught.value.made) == 2

    def test_it_is_watched_while_another_bucket_still_hangs(self, bench: Bench, answers: dict[str, list[Any]]) -> None:
        bench.s3.hanging = {"two"}
        answers["system"] = ["192.0.2.62"]
        began = time.time()
        result = bench.run(record=RECORD, timeout=2.0)
        assert result.values["record"]["seen_at"] - began < 1.5
        assert result.values["latch"]["held"] is False

    def test_a_latch_that_is_set_already_is_still_checked_in_dns(
        self, bench: Bench, answers: dict[str, list[Any]]
    ) -> None:
        bench.set()
        answers["system"] = ["192.0.2.62"]
        result = bench.run(record=RECORD)
        assert not result.changed
        assert result.values["record"]["addresses"] == ["192.0.2.62"]

    def test_it_is_not_watched_when_told_not_to_wait(self, bench: Bench, answers: dict[str, list[Any]]) -> None:
        assert bench.run(record=RECORD, wait=False).values["record"] is None

    def test_it_is_not_watched_when_no_traffic_moved(self, bench: Bench, answers: dict[str, list[Any]]) -> None:
        bench.proofs = [NotWriter("Writing", "read-only", "Wait.")]
        began = time.monotonic()
        with pytest.raises(Refused):
            bench.run(record=RECORD)
        assert time.monotonic() - began < 5
