# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which engine versions a global database may switch or fail over between. Pure."""

from __future__ import annotations

import re

# Aurora PostgreSQL lets the patch level differ from these minor versions on.
_PATCH_MAY_DIFFER = {11: 17, 12: 12, 13: 8, 14: 5}
_PATCH_MAY_DIFFER_FROM_MAJOR = 15


def compatible(engine: str, one: str, other: str) -> bool:
    """Same major and minor version, and the same patch too, but where Aurora PostgreSQL lets that differ.

    A version that can't be read is compatible with nothing but itself.
    """
    if one == other:
        return True
    left, right = _parts(engine, one), _parts(engine, other)
    if left is None or right is None or left[:2] != right[:2]:
        return False
    return left == right or _patch_may_differ(engine, *left[:2])


def _parts(engine: str, version: str) -> tuple[str, ...] | None:
    """Major, minor and patch: ``16.4.1`` is 16, 4, 1; ``8.0.mysql_aurora.3.04.1`` is 8.0-3, 04, 1."""
    pattern = (
        r"(?P<before>\d+\.\d+)\.mysql_aurora\.(?P<major>\d+)\.(?P<minor>\d+)(?:\.(?P<patch>[\d.]+))?"
        if engine == "aurora-mysql"
        else r"(?P<before>)(?P<major>\d+)\.(?P<minor>\d+)(?:\.(?P<patch>[\d.]+))?"
    )
    match = re.fullmatch(pattern, version)
    if match is None:
        return None
    major = f"{match['before']}-{match['major']}" if match["before"] else match["major"]
    return major, match["minor"], match["patch"] or "0"


def _patch_may_differ(engine: str, major: str, minor: str) -> bool:
    if engine != "aurora-postgresql":
        return False
    first = _PATCH_MAY_DIFFER.get(int(major))
    return int(major) >= _PATCH_MAY_DIFFER_FROM_MAJOR or (first is not None and int(minor) >= first)
