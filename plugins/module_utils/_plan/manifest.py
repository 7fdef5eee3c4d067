# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The manifest of a report's files: their hashes, and what differs where they are kept. Pure: hashes are given."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.finding import Finding, refusal

MANIFEST = "manifest.json"
SCHEMA = "multiregion.aws_dr/manifest/1"
REMEDY = (
    "Don't use it as evidence. Compare it with the other places; in a bucket with object lock the version that was"
    " archived is still there, below the one that reads now (list-object-versions). Then make the report anew."
)


@dataclass(frozen=True)
class Manifest:
    """``files`` has each file's SHA-256 as hexadecimal, by its name."""

    files: Mapping[str, str]

    def text(self) -> str:
        """As it is written: the same files give the same bytes, so that its own hash names them."""
        return (
            json.dumps({"schema": SCHEMA, "files": {name: self.files[name] for name in sorted(self.files)}}, indent=2)
            + "\n"
        )

    @classmethod
    def parse(cls, text: str) -> Manifest | None:
        """``None`` where that is no manifest."""
        try:
            found: Any = json.loads(text)
            files = {str(name): str(digest) for name, digest in found["files"].items()}
        except (ValueError, TypeError, KeyError, AttributeError):
            return None
        return cls(files) if found.get("schema") == SCHEMA else None


class Change(str, Enum):
    """How a file stands to its manifest."""

    ALTERED = "altered"
    MISSING = "missing"


def differences(manifest: Manifest, found: Mapping[str, str | None]) -> dict[str, Change]:
    """Each file that isn't as the manifest says; ``found`` has the hash of what is there, ``None`` for nothing."""
    return {
        name: Change.MISSING if found.get(name) is None else Change.ALTERED
        for name, digest in manifest.files.items()
        if found.get(name) != digest
    }


def altered(place: str, changes: Mapping[str, Change]) -> tuple[Finding, ...]:
    """What differs at a place, as refusals."""
    return tuple(
        refusal(f"evidence_{change.value}", f"{name} in {place} is {change.value}.", REMEDY)
        for name, change in changes.items()
    )


def no_manifest(place: str, there: bool) -> Finding:
    """A place without a manifest that could be read."""
    if there:
        return refusal("evidence_altered", f"{MANIFEST} in {place} is altered: it is no manifest any more.", REMEDY)
    return refusal("evidence_missing", f"There is no {MANIFEST} in {place}.", REMEDY)


def folder(prefix: str, digest: str) -> str:
    """Where a bucket keeps the files: by the manifest's own hash, so that a later report never overwrites this one."""
    return f"{prefix.strip('/')}/{digest[:16]}/"
