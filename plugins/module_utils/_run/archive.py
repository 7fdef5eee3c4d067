# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Keeps a report's files on this machine and in buckets, and looks whether they still are what they were."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TypeVar

from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.change import change
from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.effect import CALL_ERRORS
from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.s3 import archive as s3
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.errors import DrError, aws_error
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.gather import gather
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.module import Context
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.call import Call
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.finding import Finding
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan import manifest as plan
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.manifest import MANIFEST, Manifest

T = TypeVar("T")
TYPES = {".html": "text/html; charset=utf-8", ".json": "application/json", ".xml": "application/xml"}
TEXT = "text/plain; charset=utf-8"


@dataclass(frozen=True)
class Bucket:
    """A bucket with object lock, and the folder in it that the files go into."""

    name: str
    region: str
    folder: str

    def __str__(self) -> str:
        return f"s3://{self.name}/{self.folder}"


@dataclass(frozen=True)
class Keeping:
    """How long a bucket keeps what is written to it."""

    mode: str
    days: int


@dataclass(frozen=True)
class Place:
    """What was found, or done, at one place. ``error``: it couldn't be reached, so that nothing is known of it."""

    name: str
    written: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()
    locked_until: float | None = None
    error: str = ""


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def of_files(files: Mapping[str, str]) -> dict[str, bytes]:
    """The files as bytes, the manifest among them."""
    contents = {name: text.encode() for name, text in files.items()}
    listed = Manifest({name: digest(content) for name, content in contents.items()})
    return {**contents, MANIFEST: listed.text().encode()}


def outdated(path: Path, files: Mapping[str, bytes]) -> tuple[str, ...]:
    """Those that are not on this machine as they should be. Raises ``DrError``."""
    return tuple(name for name, content in files.items() if _read(path / name) != content)


def write(path: Path, files: Mapping[str, bytes], names: Sequence[str]) -> None:
    """Write those ``names``, the manifest last: what it lists is there. Raises ``DrError``."""
    try:
        path.mkdir(parents=True, exist_ok=True)
        for name in sorted(names, key=lambda each: each == MANIFEST):
            fresh = path / f".{name}.new"
            fresh.write_bytes(files[name])
            fresh.replace(path / name)
    except OSError as exc:
        raise DrError(f"Writing to {path}", f"{type(exc).__name__}: {exc}", "Give a directory you may write.") from exc


def _read(file: Path) -> bytes | None:
    try:
        return file.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as exc:
        raise DrError(f"Reading {file}", f"{type(exc).__name__}: {exc}", "Give a directory you may read.") from exc


def in_buckets(look: Callable[[Bucket], Place], buckets: Sequence[Bucket], context: Context) -> list[Place]:
    """Each bucket in a thread of its own; one that can't be reached is a place with an error."""
    outcomes = gather({str(each): partial(look, each) for each in buckets}, context.deadline, context.clock)
    found = []
    for name in map(str, buckets):
        value, error = outcomes[name].value, outcomes[name].error
        if value is not None:
            found.append(value)
        elif error is not None:
            if not isinstance(error, (DrError, *CALL_ERRORS)):
                raise error
            found.append(Place(name, error=str(_told(error, name))))
    return found


def _told(exc: Exception, name: str) -> DrError:
    return exc if isinstance(exc, DrError) else aws_error(exc, f"Using {name}")


def store(files: Mapping[str, bytes], keeping: Keeping, context: Context, bucket: Bucket) -> Place:
    """Write what the bucket lacks, the manifest last; nothing where something else is there, which is a finding."""
    listed = Manifest({name: digest(content) for name, content in files.items()})
    there = {name: _kept(bucket, name, context) for name in files}
    found = {name: digest(kept.content) if kept else None for name, kept in there.items()}
    changes = plan.differences(listed, found)
    wrong = {name: each for name, each in changes.items() if each is plan.Change.ALTERED}
    if wrong:
        return Place(str(bucket), findings=plan.altered(str(bucket), wrong))
    written = tuple(sorted(changes, key=lambda name: name == MANIFEST))
    if not context.check_mode:
        for name in written:
            _put(bucket, name, files[name], keeping, context)
    return Place(str(bucket), written)


def _put(bucket: Bucket, name: str, content: bytes, keeping: Keeping, context: Context) -> None:
    client = context.clients.get("s3", bucket.region)
    until = datetime.fromtimestamp(context.clock.wall(), UTC) + timedelta(days=keeping.days)
    lock = s3.Retention(keeping.mode, until.replace(microsecond=0))
    kind = TYPES.get(Path(name).suffix, TEXT)
    tried = f"Writing {name} to {bucket}"
    error = change(
        lambda: s3.put_once(client, bucket.name, bucket.folder + name, content, kind, lock),
        lambda: (kept := _kept(bucket, name, context)) is not None and kept.content == content,
        tried,
        context.clock,
        context.deadline,
    )
    if error is not None:
        raise _told(error, tried)


def _kept(bucket: Bucket, name: str, context: Context) -> s3.Kept | None:
    return s3.get_kept(context.clients.get("s3", bucket.region), bucket.name, bucket.folder + name)


def verify_here(path: Path) -> tuple[Place, Manifest | None]:
    """Whether the files on this machine are what the manifest beside them says, and that manifest."""
    text = _read(path / MANIFEST)
    listed = Manifest.parse(text.decode(errors="replace")) if text is not None else None
    if listed is None:
        return Place(str(path), findings=(plan.no_manifest(str(path), text is not None),)), None
    found = {
        name: None if content is None else digest(content) for name in listed.files for content in [_read(path / name)]
    }
    changes = plan.differences(listed, found)
    if listed.text().encode() != text:
        changes[MANIFEST] = plan.Change.ALTERED  # its hash is its name in the buckets
    return Place(str(path), findings=plan.altered(str(path), changes)), listed


def verify_there(listed: Manifest, context: Context, bucket: Bucket) -> Place:
    """Whether the bucket has that very manifest, and the files that it lists, and until when they are locked."""
    whole = Manifest({**listed.files, MANIFEST: digest(listed.text().encode())})
    there = {name: _kept(bucket, name, context) for name in whole.files}
    found = {name: digest(kept.content) if kept else None for name, kept in there.items()}
    locks = [kept.locked_until for kept in there.values() if kept]
    known = [each for each in locks if each is not None]
    until = min(known) if known and len(known) == len(locks) else None
    return Place(str(bucket), findings=plan.altered(str(bucket), plan.differences(whole, found)), locked_until=until)


def calls(places: Sequence[Place], buckets: Sequence[Bucket]) -> tuple[Call, ...]:
    """The changing calls, one for each object."""
    regions = {str(bucket): bucket.region for bucket in buckets}
    return tuple(Call("s3", "PutObject", regions[place.name]) for place in places for _name in place.written)
