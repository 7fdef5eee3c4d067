# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Two buckets compared on an S3 that lists in pages, while objects are on their way."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.clock import Deadline
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.module import Context
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.progress import silent
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.consistency import Line
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.storage import Bucket
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.tables import Status
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run.consistency_objects import compare_buckets
from ansible_collections.multiregion.aws_dr.tests.unit.plugins.modules.regional import HOME, STANDBY, Clock

PAGE = 7
NOT_FOUND = ClientError({"Error": {"Code": "404", "Message": "Not Found"}}, "HeadObject")
DENIED = ClientError({"Error": {"Code": "AccessDenied", "Message": "no"}}, "ListObjectVersions")


class Storage:
    """A bucket: keys with the ids of their versions, newest first; None for a delete marker. Its content is its id."""

    def __init__(self) -> None:
        self.keys: dict[str, list[str | None]] = {}
        self.statuses: dict[str, str] = {}
        self.error: Exception | None = None
        self.listed: Callable[[], None] = lambda: None
        self.prefixes: list[str] = []

    def get_paginator(self, _name: str) -> Any:
        return self

    def paginate(self, Bucket: str, Prefix: str) -> Iterator[dict[str, Any]]:  # noqa: N803 - boto3's own names
        if self.error:
            raise self.error
        self.prefixes.append(Prefix)
        items = [
            (key, number, version)
            for key in sorted(self.keys, key=str.encode)
            for number, version in enumerate(self.keys[key])
            if key.startswith(Prefix)
        ]
        for start in range(0, max(len(items), 1), PAGE):
            page: dict[str, Any] = {"Versions": [], "DeleteMarkers": []}
            for key, number, version in items[start : start + PAGE]:
                raw = {"Key": key, "VersionId": version or f"marker-{key}", "IsLatest": number == 0}
                kind = "Versions" if version else "DeleteMarkers"
                page[kind].append(raw | ({"ETag": f'"{version}"', "Size": 1} if version else {}))
            yield page
        if not Prefix:
            self.listed()

    def head_object(self, Bucket: str, Key: str) -> dict[str, Any]:  # noqa: N803
        if not self.keys.get(Key) or self.keys[Key][0] is None:
            raise NOT_FOUND
        return {"ReplicationStatus": self.statuses[Key]} if Key in self.statuses else {}


@pytest.fixture
def buckets() -> dict[str, Storage]:
    both = {HOME: Storage(), STANDBY: Storage()}
    for storage in both.values():
        storage.keys = {f"key-{number:03}": [f"v{number}", "old"] for number in range(50)}
    return both


def line(buckets: dict[str, Storage], most: int = 100, prefix: str = "") -> Line:
    class Clients:
        def get(self, _service: str, region: str) -> Any:
            return buckets[region]

    clock = Clock()
    deadline = Deadline.after(clock, 60)
    context = Context(False, False, clock, deadline, Clients(), silent, silent)  # type: ignore[arg-type]
    [found] = compare_buckets([(Bucket("a", HOME), Bucket("b", STANDBY))], prefix, most, 20, context).lines
    return found


def test_equal_listings_are_the_same(buckets: dict[str, Storage]) -> None:
    found = line(buckets)
    assert (found.status, found.counts, found.differing) == (Status.SAME, (50, 50), 0)


def test_what_differs_is_named_with_its_replication_status(buckets: dict[str, Storage]) -> None:
    home, standby = buckets[HOME], buckets[STANDBY]
    home.keys["new"] = ["n1"]
    home.statuses["new"] = "PENDING"
    home.keys["key-007"] = ["changed"]
    home.statuses["key-007"] = "FAILED"
    standby.keys["key-009"] = [None, "v9"]
    found = line(buckets)
    assert (found.status, found.counts, found.differing) == (Status.DIFFERS, (51, 49), 3)
    assert found.examples == ("key-007 (content, failed)", "key-009 (marker)", "new (only_first, pending)")
    assert found.details["replication"] == {"failed": 1, "pending": 1}


def test_an_object_that_arrived_while_the_listings_ran_is_no_difference(buckets: dict[str, Storage]) -> None:
    buckets[HOME].keys["new"] = ["n1"]
    buckets[STANDBY].listed = lambda: buckets[STANDBY].keys.update({"new": ["n1"]})
    assert line(buckets).status is Status.SAME


def test_a_key_that_begins_like_another_is_not_taken_for_it(buckets: dict[str, Storage]) -> None:
    buckets[HOME].keys["key"] = ["n1"]
    found = line(buckets)
    assert found.examples == ("key (only_first)",)


def test_more_than_is_looked_at_is_counted_all_the_same(buckets: dict[str, Storage]) -> None:
    buckets[STANDBY].keys = {}
    found = line(buckets, most=5)
    assert (found.differing, len(found.examples)) == (50, 5)


def test_only_keys_of_the_prefix_are_compared(buckets: dict[str, Storage]) -> None:
    buckets[HOME].keys["other"] = ["x"]
    assert line(buckets, prefix="key-00").counts == (10, 10)


def test_a_bucket_that_cannot_be_listed_is_unknown(buckets: dict[str, Storage]) -> None:
    buckets[STANDBY].error = DENIED
    found = line(buckets)
    assert found.status is Status.UNKNOWN and "AccessDenied" in found.note
