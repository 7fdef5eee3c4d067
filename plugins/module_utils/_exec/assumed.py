# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""An assumed role's credentials, kept for the tasks that follow: each is a process of its own and would assume it anew.

They are in files that nobody else can read, a directory for each Region: so each Region's are got through its own STS,
and what a lost Region doesn't answer costs no other one.
"""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import Any

try:
    from botocore.exceptions import UnknownCredentialError
    from botocore.utils import JSONFileCache
except ImportError:
    pass  # reported by AnsibleAWSModule, which checks for it

PROVIDERS = ("assume-role", "assume-role-with-web-identity")
KEPT = "~/.aws_dr/credentials"
OTHERS = stat.S_IRWXG | stat.S_IRWXO


def keep_assumed(core: Any, region: str) -> None:
    """Have the botocore Session ``core`` keep what it assumes in files; without a safe place for them, nothing."""
    directory = _ours(Path(KEPT).expanduser() / region)
    if directory is None:
        return
    resolver = core.get_component("credential_provider")
    for name in PROVIDERS:
        try:
            resolver.get_provider(name).cache = JSONFileCache(str(directory))
        except UnknownCredentialError:  # botocore of another age
            continue


def _ours(directory: Path) -> Path | None:
    """The directory, made if need be; ``None`` where somebody else could read what is in it, or change it."""
    try:
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        for each in (directory, directory.parent):
            seen = each.lstat()
            if not stat.S_ISDIR(seen.st_mode) or seen.st_uid != os.getuid():
                return None
            if seen.st_mode & OTHERS:
                each.chmod(0o700)
    except (OSError, RuntimeError):  # RuntimeError: no home directory
        return None
    return directory
