# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the kernel keeps of a PostgreSQL that was killed: a System V segment, for ever and in short supply."""

from __future__ import annotations

import subprocess
from contextlib import suppress
from pathlib import Path

SEGMENTS = Path("/proc/sysvipc/shm")


def release(directory: Path) -> None:
    """Remove the segment of the dead server whose data directory this is.

    ``postmaster.pid`` names it; it is ours only if the kernel says that this very server made it and nobody uses it.
    Where the kernel doesn't list segments as Linux does, it is left.
    """
    try:
        lines = (directory / "postmaster.pid").read_text().splitlines()
        segment = _segment(lines[0].strip(), lines[6].split()[1], SEGMENTS.read_text())
    except (OSError, IndexError):
        return
    if segment is not None:
        with suppress(FileNotFoundError):
            subprocess.run(["ipcrm", "-m", segment], capture_output=True, check=False)


def _segment(server: str, wanted: str, listing: str) -> str | None:
    """The id of the segment ``wanted`` if process ``server`` made it and it is unused."""
    header, *rows = listing.splitlines()
    names = header.split()
    for row in rows:
        found = dict(zip(names, row.split(), strict=False))
        if found["shmid"] == wanted and found["cpid"] == server and found["nattch"] == "0":
            return wanted
    return None
