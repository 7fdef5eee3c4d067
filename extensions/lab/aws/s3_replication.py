# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""S3 replication: what a bucket's rules name is really copied to the other bucket, once the Regions are linked."""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from moto.core.responses import ActionResult
from moto.s3.exceptions import InvalidBucketState, ReplicationConfigurationNotFoundError
from moto.s3.models import FakeBucket, FakeDeleteMarker, FakeKey, S3Backend, s3_backends
from moto.s3.responses import S3Response

from lab.aws import s3_rules
from lab.aws.plane_protocol import Clock, DataPlane
from lab.aws.s3_face import find_bucket
from lab.aws.timing import Timing

WsgiApp = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]
Item = FakeKey | FakeDeleteMarker
HEADER = "x-amz-replication-status"


@dataclass(frozen=True, eq=False)
class Pending:
    """A version on its way to one bucket. ``since`` and ``due`` are on the monotonic clock."""

    item: Item
    source: FakeBucket
    rule: Mapping[str, Any]
    since: float
    due: float

    @property
    def size(self) -> int:
        """Bytes to copy."""
        return self.item.size if isinstance(self.item, FakeKey) else 0


class Replication:
    """The versions that wait to be copied. What a request changed is looked at as the request ends."""

    def __init__(self, plane: DataPlane, clock: Clock, timing: Timing) -> None:
        self._plane, self._clock, self._delay = plane, clock, timing.s3_replication
        self._pending: list[Pending] = []
        self._lock = threading.Lock()
        self._request = threading.local()

    def around(self, app: WsgiApp) -> WsgiApp:
        """Return the application with the replication of what its requests change."""

        def answered(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
            self._request.changed = []
            try:
                return app(environ, start_response)
            finally:
                changed, self._request.changed = self._request.changed, []
                for bucket, item, made in changed:
                    self._enqueue(bucket, item, made)

        return answered

    def note(self, bucket: FakeBucket, item: Item, *, made: bool) -> None:
        """Remember what the request under way changed; ``made``: the version is new."""
        changed = getattr(self._request, "changed", [])
        if bucket.is_versioned and not any(each is item for _bucket, each, _made in changed):
            changed.append((bucket, item, made))

    def advance(self) -> None:
        """Copy what is due and can be copied."""
        if not self._pending:
            return
        with self._lock:
            now = self._clock.monotonic()
            self._pending = [each for each in self._pending if each.due > now or not self._settled(each)]

    def backlog(self, source: str, rule_id: str) -> list[Pending]:
        """Return what waits under a rule."""
        with self._lock:
            return [each for each in self._pending if each.source.name == source and each.rule["ID"] == rule_id]

    def take_up(self, bucket: FakeBucket, statuses: Collection[str]) -> list[Item]:
        """Replicate the versions that have one of these statuses, by the rules as they are now; return them."""
        found = [
            item
            for name in list(bucket.keys)
            for item in bucket.keys.getlist(name, [])
            if not getattr(item, "is_replica", False) and set(_states(item).values() or {"NONE"}) & set(statuses)
        ]
        for item in found:
            self._enqueue(bucket, item, True)
        return [item for item in found if _states(item)]

    def reset(self) -> None:
        """Forget what waits."""
        with self._lock:
            self._pending = []

    def _enqueue(self, bucket: FakeBucket, item: Item, made: bool) -> None:
        config = config_of(bucket)
        if not config or (isinstance(item, FakeDeleteMarker) and not made):
            return
        now = self._clock.monotonic()
        for rule in s3_rules.chosen(config["Rules"], item.name, _tags(item), marker=isinstance(item, FakeDeleteMarker)):
            if not _falls_under(item, rule, made):
                continue
            _states(item)[s3_rules.destination(rule)] = "PENDING"
            with self._lock:
                self._pending.append(Pending(item, bucket, rule, now, now + self._delay))

    def _settled(self, pending: Pending) -> bool:
        item, source = pending.item, pending.source
        if not any(item is version for version in source.keys.getlist(item.name, [])):
            return True  # the version was deleted meanwhile
        name = s3_rules.destination(pending.rule)
        target = find_bucket(name)
        if target is not None and not self._plane.linked(source.region_name, target.region_name):
            return False
        good = target is not None and target.is_versioned
        if target is not None and good:
            _copy(item, target, pending.rule)
        _states(item)[name] = "COMPLETED" if good else "FAILED"
        return True

    def install(self) -> None:
        """Put the hooks in place of moto's functions."""
        replication = self

        def put_object(backend: S3Backend, *args: Any, **kwargs: Any) -> FakeKey:
            key = ORIGINALS["put_object"](backend, *args, **kwargs)
            replication.note(backend.get_bucket(key.bucket_name or ""), key, made=True)
            return key

        def set_delete_marker(backend: S3Backend, bucket_name: str, key_name: str) -> FakeDeleteMarker:
            marker = ORIGINALS["_set_delete_marker"](backend, bucket_name, key_name)
            replication.note(backend.get_bucket(bucket_name), marker, made=True)
            return marker

        def put_object_tagging(backend: S3Backend, key: FakeKey, tags: Any) -> FakeKey:
            result = ORIGINALS["put_object_tagging"](backend, key, tags)
            replication.note(backend.get_bucket(key.bucket_name or ""), key, made=False)
            return result

        def put_object_acl(backend: S3Backend, bucket_name: str, key_name: str, *args: Any, **kwargs: Any) -> None:
            ORIGINALS["put_object_acl"](backend, bucket_name, key_name, *args, **kwargs)
            bucket = backend.get_bucket(bucket_name)
            replication.note(bucket, bucket.keys[key_name], made=False)

        hooks: tuple[tuple[str, Any], ...] = (
            ("put_object", put_object),
            ("_set_delete_marker", set_delete_marker),
            ("put_object_tagging", put_object_tagging),
            ("put_object_acl", put_object_acl),
            ("put_bucket_replication", _put_bucket_replication),
            ("put_bucket_versioning", _put_bucket_versioning),
        )
        for name, hook in hooks:
            ORIGINALS.setdefault(name, getattr(S3Backend, name))
            setattr(S3Backend, name, hook)
        whole: tuple[tuple[Any, str, Any], ...] = (
            (S3Response, "get_bucket_replication", _get_bucket_replication),
            (FakeKey, "response_dict", property(_response_dict)),
        )
        for owner, name, ours in whole:
            setattr(owner, name, ours)


ORIGINALS: dict[str, Callable[..., Any]] = {}
"""Moto's own functions, as they were before the first installation."""
_response_of: Callable[[FakeKey], dict[str, Any]] = vars(FakeKey)["response_dict"].fget


def replicating_buckets() -> Iterator[FakeBucket]:
    """Yield the buckets that have a replication configuration."""
    for account in list(s3_backends.values()):
        for backend in list(account.values()):
            yield from (bucket for bucket in list(backend.buckets.values()) if config_of(bucket))


def config_of(bucket: FakeBucket) -> dict[str, Any] | None:
    """Return a bucket's replication configuration, as the API shows it."""
    config: dict[str, Any] | None = getattr(bucket, "replication", None)
    return config


def _falls_under(item: Item, rule: Mapping[str, Any], made: bool) -> bool:
    if getattr(item, "is_replica", False):  # it goes no further, but for a change that was made here
        return not made and s3_rules.enabled(rule, "ReplicaModifications")
    if (getattr(item, "encryption", None) or "").startswith("aws:kms"):
        made = made and s3_rules.enabled(rule, "SseKmsEncryptedObjects")
    return made or s3_rules.destination(rule) in _states(item)


def states_of(item: Item) -> dict[str, str]:
    """Return how far a version has got, by destination."""
    return dict(_states(item))


def _states(item: Item) -> dict[str, str]:
    """How far a version has got, by destination."""
    states: dict[str, str] = item.__dict__.setdefault("replication_states", {})
    return states


def _tags(item: Item) -> dict[str, str]:
    if isinstance(item, FakeDeleteMarker):
        return {}
    return dict(_backend(item).tagger.get_tag_dict_for_resource(item.arn))


def _backend(key: FakeKey) -> S3Backend:
    return s3_backends[key.account_id][key.partition]


def _copy(item: Item, target: FakeBucket, rule: Mapping[str, Any]) -> None:
    versions = list(target.keys.getlist(item.name, []))
    there = next((version for version in versions if version.version_id == item.version_id), None)
    replica: Any
    if isinstance(item, FakeDeleteMarker):
        replica = there or FakeDeleteMarker(key=item.key)
        replica._version_id, replica.last_modified = item.version_id, item.last_modified
    else:
        replica = there or _replica(item, target, rule)
        replica.set_acl(item.acl)
        _backend(item).tagger.delete_all_tags_for_resource(replica.arn)
        _backend(item).tagger.copy_tags(item.arn, replica.arn)
    if there is None:
        replica.is_replica = True
        # A version keeps its time: two Regions that both wrote come to the same latest one.
        target.keys.setlist(item.name, sorted([*versions, replica], key=lambda version: version.last_modified))


def _replica(item: FakeKey, target: FakeBucket, rule: Mapping[str, Any]) -> FakeKey:
    encrypted = (item.encryption or "").startswith("aws:kms")
    key = rule["Destination"].get("EncryptionConfiguration", {}).get("ReplicaKmsKeyID")
    replica = FakeKey(
        name=item.name,
        bucket_name=target.name,
        value=item.value,
        account_id=target.account_id,
        region_name=item.region_name,
        storage=rule["Destination"].get("StorageClass") or item.storage_class,
        etag=item.etag.strip('"'),
        is_versioned=True,
        version_id=item.version_id,
        multipart=item.multipart,
        encryption=item.encryption,
        kms_key_id=(key or item.kms_key_id) if encrypted else None,
        checksum_value=item.checksum_value,
    )
    replica.last_modified = item.last_modified
    replica.checksum_algorithm = item.checksum_algorithm
    replica.set_metadata(dict(item.metadata))
    return replica


def _response_dict(key: FakeKey) -> dict[str, Any]:
    answer = _response_of(key)
    states = set(_states(key).values())
    if getattr(key, "is_replica", False):
        answer[HEADER] = "REPLICA"
    elif states:
        answer[HEADER] = next(state for state in ("FAILED", "PENDING", "COMPLETED") if state in states)
    return answer


def _put_bucket_replication(backend: S3Backend, bucket_name: str, replication: dict[str, Any]) -> None:
    given = replication.get("Rule") or []
    for number, rule in enumerate(given if isinstance(given, list) else [given]):
        rule.setdefault("ID", f"rule-{number + 1}")
    config = s3_rules.understood(replication)
    s3_rules.check(config, bucket_name, _versioned)
    vars(backend.get_bucket(bucket_name))["replication"] = config


def _versioned(name: str) -> bool | None:
    bucket = find_bucket(name)
    return None if bucket is None else bool(bucket.is_versioned)


def _put_bucket_versioning(backend: S3Backend, bucket_name: str, status: str) -> None:
    if status != "Enabled" and config_of(backend.get_bucket(bucket_name)):
        raise InvalidBucketState(
            "A replication configuration is present on this bucket, so the versioning state cannot be changed."
        )
    ORIGINALS["put_bucket_versioning"](backend, bucket_name, status)


def _get_bucket_replication(response: S3Response) -> Any:
    response.data["Action"] = "GetBucketReplication"
    config = response.backend.get_bucket_replication(response.bucket_name)
    if not config:
        raise ReplicationConfigurationNotFoundError(bucket_name=response.bucket_name)
    return response.serialized(ActionResult({"ReplicationConfiguration": config}))
