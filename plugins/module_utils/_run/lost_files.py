# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The file of rows to review and the script that replays them: for their owner's eyes, whole or not there at all."""

from __future__ import annotations

import filecmp
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, TextIO

from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.errors import DrError
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.lost_writes import REPLAYABLE, LostRow
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.lost_writes import script

MODE, DIRECTORY_MODE = 0o600, 0o700
REPLAYED = tuple(fate.value for fate in REPLAYABLE)


class LostFiles:
    """``<name>.jsonl`` and ``<name>.sql`` in a directory. Written beside their places, then put there."""

    def __init__(self, directory: str, name: str) -> None:
        self.review = Path(directory).expanduser() / f"{name}.jsonl"
        self.script = self.review.with_suffix(".sql")
        self.changed = False
        self._name = name

    @contextmanager
    def writing(self) -> Iterator[_Writer]:
        """Give a writer of rows; both files are there once this ends well. Raises ``DrError``."""
        try:
            self.review.parent.mkdir(mode=DIRECTORY_MODE, parents=True, exist_ok=True)
            with _scratch(self.review) as (lines, rows):
                yield _Writer(lines)
                lines.flush()
                with _scratch(self.script) as (statements, scripted):
                    replayed = (row for row in read(rows) if row["fate"] in REPLAYED)
                    for line in script(replayed, self._name):
                        statements.write(line + "\n")
                    statements.flush()
                    self.changed |= _put(scripted, self.script)
                self.changed |= _put(rows, self.review)
        except OSError as exc:
            tried = f"Writing the lost writes to {self.review.parent}"
            raise DrError(tried, f"{type(exc).__name__}: {exc}", "Give a directory that can be written to.") from exc

    def as_dict(self) -> dict[str, str]:
        return {"review": str(self.review), "script": str(self.script)}


class _Writer:
    def __init__(self, file: TextIO) -> None:
        self._file = file

    def add(self, row: LostRow) -> None:
        json.dump(row.as_dict(), self._file, ensure_ascii=False)
        self._file.write("\n")


@contextmanager
def _scratch(final: Path) -> Iterator[tuple[TextIO, Path]]:
    """A file beside ``final`` that nobody else can read, gone afterwards."""
    path = final.with_name(f".{final.name}.{os.getpid()}")
    with suppress(FileNotFoundError):
        path.unlink()
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, MODE)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            yield file, path
    finally:
        with suppress(FileNotFoundError):
            path.unlink()


def _put(scratch: Path, final: Path) -> bool:
    """Put it in place, unless it is there already; say whether that changed anything."""
    if final.exists() and filecmp.cmp(scratch, final, shallow=False):
        final.chmod(MODE)
        return False
    scratch.replace(final)
    return True


def read(path: Path) -> Iterator[Mapping[str, Any]]:
    """The rows of a file to review, one at a time. Raises ``DrError``."""
    try:
        with path.open(encoding="utf-8") as file:
            for line in file:
                yield json.loads(line)
    except (OSError, ValueError) as exc:
        tried, seen = f"Reading {path}", f"{type(exc).__name__}: {exc}"
        raise DrError(tried, seen, "Give the file that lost_writes wrote.") from exc
