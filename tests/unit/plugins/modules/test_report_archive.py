# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import json
import threading
from dataclasses import replace
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError

from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.clock import Deadline
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.errors import DrError, Refused
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.module import Context, Result
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.progress import silent
from ansible_collections.multiregion.aws_dr.plugins.modules import report_archive
from ansible_collections.multiregion.aws_dr.tests.unit.plugins.module_utils._run.stage import SteppedClock

FILES = {"report.html": "<p>it burns</p>", "report.json": "{}"}
ONE, TWO = "evidence-one", "evidence-two"
DAY = 86400


class Vault:
    """S3 with object lock, which botocore would reach: by bucket and key what was written, and until when it stays."""

    def __init__(self) -> None:
        self.objects: dict[tuple[str, str], tuple[bytes, datetime | None, str]] = {}
        self.dead: set[str] = set()
        self.lost_answers = 0
        self.lock = threading.Lock()

    def get(self, service: str, region: str) -> Any:
        assert (service, region) in {("s3", "eu-central-1"), ("s3", "eu-west-1")}
        return self

    def put_object(self, Bucket: str, Key: str, Body: bytes, **options: Any) -> dict[str, Any]:  # noqa: N803
        assert options["IfNoneMatch"] == "*" and options["ChecksumAlgorithm"] == "SHA256"
        with self.lock:
            self._reach(Bucket)
            if (Bucket, Key) in self.objects:
                raise ClientError({"Error": {"Code": "PreconditionFailed", "Message": "there"}}, "PutObject")
            until = options["ObjectLockRetainUntilDate"]
            self.objects[Bucket, Key] = (Body, until, options["ObjectLockMode"])
            if self.lost_answers:
                self.lost_answers -= 1
                raise EndpointConnectionError(endpoint_url="https://s3")
        return {}

    def get_object(self, Bucket: str, Key: str) -> dict[str, Any]:  # noqa: N803
        with self.lock:
            self._reach(Bucket)
            if (Bucket, Key) not in self.objects:
                raise ClientError({"Error": {"Code": "NoSuchKey", "Message": "no"}}, "GetObject")
            content, until, _mode = self.objects[Bucket, Key]
        return {"Body": BytesIO(content), **({"ObjectLockRetainUntilDate": until} if until else {})}

    def _reach(self, bucket: str) -> None:
        if bucket in self.dead:
            raise EndpointConnectionError(endpoint_url=f"https://{bucket}")


class Stage:
    def __init__(self, path: Path) -> None:
        self.path = path / "shop" / "shop-1"
        self.vault, self.clock, self.warnings = Vault(), SteppedClock(), list[str]()

    def run(self, check_mode: bool = False, **options: Any) -> Result:
        buckets = [{"bucket": ONE, "region": "eu-central-1"}, {"bucket": TWO, "region": "eu-west-1"}]
        given: dict[str, Any] = {"state": "present", "path": str(self.path), "files": FILES, "buckets": buckets}
        given |= {"prefix": "aws-dr/shop", "retention_mode": "governance", "retention_days": 30}
        clients: Any = self.vault
        deadline = Deadline.after(self.clock, 60)
        context = Context(check_mode, True, self.clock, deadline, clients, silent, self.warnings.append)
        return report_archive.execute({**given, **options}, replace(context))

    def verify(self, **options: Any) -> dict[str, Any]:
        result = self.run(state="verified", files=None, **options)
        assert not result.changed and result.calls == ()
        return dict(result.values["archive"])


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    return Stage(tmp_path)


def codes(refused: pytest.ExceptionInfo[Refused]) -> list[tuple[str, str]]:
    return [(each["code"], each["observed"].partition(" ")[0]) for each in refused.value.as_result()]


def test_check_mode_writes_nothing_and_says_what_it_would(stage: Stage) -> None:
    found = stage.run(check_mode=True)
    assert found.changed and not stage.path.exists() and stage.vault.objects == {}
    assert [call.region for call in found.calls] == ["eu-central-1"] * 3 + ["eu-west-1"] * 3


def test_files_and_manifest_are_here_and_locked_in_both_buckets(stage: Stage) -> None:
    found = stage.run()
    assert {each.name for each in stage.path.iterdir()} == {*FILES, "manifest.json"}
    digest = found.values["archive"]["manifest_sha256"]
    kept = {(bucket, key.rpartition("/")[2]) for bucket, key in stage.vault.objects}
    assert kept == {(bucket, name) for bucket in (ONE, TWO) for name in (*FILES, "manifest.json")}
    assert all(key.startswith(f"aws-dr/shop/{digest[:16]}/") for _bucket, key in stage.vault.objects)
    locks = {(until.timestamp() if until else 0, mode) for _content, until, mode in stage.vault.objects.values()}
    assert locks == {(1000.0 + 30 * DAY, "GOVERNANCE")}


def test_a_second_time_changes_nothing(stage: Stage) -> None:
    stage.run()
    again = stage.run()
    assert not again.changed and again.calls == ()
    assert stage.run(check_mode=True).changed is False


def test_another_report_leaves_the_first_one_where_it_is(stage: Stage) -> None:
    stage.run()
    before = dict(stage.vault.objects)
    stage.run(files={**FILES, "report.json": '{"lost_rows": 10}'})
    assert before.items() <= stage.vault.objects.items()
    assert len(stage.vault.objects) == 2 * len(before)


def test_what_was_not_altered_is_intact_and_says_until_when_it_is_locked(stage: Stage) -> None:
    digest = stage.run().values["archive"]["manifest_sha256"]
    found = stage.verify()
    assert (found["intact"], found["manifest_sha256"]) == (True, digest)
    assert [each["locked_until"] for each in found["places"]] == [None, 1000.0 + 30 * DAY, 1000.0 + 30 * DAY]


@pytest.mark.parametrize("name", [*FILES, "manifest.json"])
def test_an_altered_file_is_named(stage: Stage, name: str) -> None:
    stage.run()
    (stage.path / name).write_text("something else", encoding="utf-8")
    with pytest.raises(Refused) as refused:
        stage.verify()
    assert ("evidence_altered", name) in codes(refused)


def test_a_file_that_is_gone_is_named(stage: Stage) -> None:
    stage.run()
    (stage.path / "report.json").unlink()
    with pytest.raises(Refused) as refused:
        stage.verify()
    assert codes(refused) == [("evidence_missing", "report.json")]


def altered_together(stage: Stage) -> None:
    """File and manifest, so that they fit each other again."""
    stage.run(files={**FILES, "report.html": "<p>all was well</p>"}, buckets=[])


def test_file_and_manifest_altered_together_are_found_by_the_buckets(stage: Stage) -> None:
    stage.run()
    altered_together(stage)
    assert stage.verify(buckets=[])["intact"] is True
    with pytest.raises(Refused) as refused:
        stage.verify()
    assert {code for code, _name in codes(refused)} == {"evidence_missing"}


def test_a_manifest_of_other_words_is_altered_though_it_says_the_same(stage: Stage) -> None:
    stage.run()
    path = stage.path / "manifest.json"
    path.write_text(json.dumps(json.loads(path.read_text(encoding="utf-8"))), encoding="utf-8")
    with pytest.raises(Refused) as refused:
        stage.verify(buckets=[])
    assert codes(refused) == [("evidence_altered", "manifest.json")]


def overwrite(stage: Stage, bucket: str) -> None:
    key = next(key for where, key in stage.vault.objects if where == bucket and key.endswith("report.html"))
    stage.vault.objects[bucket, key] = (b"evil", None, "")


def test_an_object_that_reads_otherwise_is_found_and_never_written_over(stage: Stage) -> None:
    stage.run()
    overwrite(stage, TWO)
    with pytest.raises(Refused) as refused:
        stage.verify()
    assert codes(refused) == [("evidence_altered", "report.html")]
    with pytest.raises(Refused):
        stage.run()


def test_what_nothing_locks_has_no_date(stage: Stage) -> None:
    stage.run()
    bucket, key = next(each for each in stage.vault.objects if each[0] == ONE)
    stage.vault.objects[bucket, key] = (stage.vault.objects[bucket, key][0], None, "")
    assert [each["locked_until"] is None for each in stage.verify()["places"]] == [True, True, False]


def test_a_bucket_of_a_lost_region_is_a_warning_and_gets_its_files_later(stage: Stage) -> None:
    stage.vault.dead = {ONE}
    found = stage.run()
    assert found.changed and {bucket for bucket, _key in stage.vault.objects} == {TWO}
    assert len(stage.warnings) == 1 and ONE in stage.warnings[0]
    assert stage.verify()["intact"] is None
    stage.vault.dead = set()
    assert {call.region for call in stage.run().calls} == {"eu-central-1"}
    assert stage.verify()["intact"] is True


def test_without_any_bucket_that_can_be_reached_it_fails_and_has_the_files_here(stage: Stage) -> None:
    stage.vault.dead = {ONE, TWO}
    with pytest.raises(DrError, match="Using the buckets"):
        stage.run()
    assert (stage.path / "manifest.json").exists()


def test_a_write_whose_answer_was_lost_is_looked_for(stage: Stage) -> None:
    stage.vault.lost_answers = 1
    stage.run()
    assert stage.verify()["intact"] is True


def test_where_there_is_nothing_it_says_so(stage: Stage) -> None:
    with pytest.raises(Refused) as refused:
        stage.verify()
    assert codes(refused) == [("evidence_missing", "There")]


@pytest.mark.parametrize("name", ["../x", "a/b", ".hidden", "manifest.json"])
def test_a_name_that_leads_elsewhere_is_refused(stage: Stage, name: str) -> None:
    with pytest.raises(DrError, match="Give plain names"):
        stage.run(files={name: "x"})
