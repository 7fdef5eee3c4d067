# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What clients went through: from the load's own log, and from what is in the surviving database afterwards."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True)
class Write:
    """One write as its client logged it. ``sent`` and ``done`` are seconds since the epoch; ``region`` is who answered.

    Acknowledged means status 200. Status 0 stands for no answer at all.
    """

    id: int
    client: int
    sent: float
    done: float
    status: int
    region: str

    @property
    def acknowledged(self) -> bool:
        return self.status == 200

    def line(self) -> str:
        return f"{self.id} {self.client} {self.sent:.6f} {self.done:.6f} {self.status} {self.region or '-'}\n"

    @classmethod
    def parse(cls, line: str) -> Write:
        number, client, sent, done, status, region = line.split()
        return cls(int(number), int(client), float(sent), float(done), int(status), "" if region == "-" else region)


@dataclass(frozen=True)
class Report:
    """The meter's reading. Seconds; ``None`` where there is nothing to measure, so that it is not known.

    ``outage_seconds`` runs from when the first failed write was sent to when the first write of the stretch in which
    all succeed was sent: the worst client's view. ``lost_seconds`` is the span of acknowledged writes that are gone.
    """

    sent_rows: int
    acked_rows: int
    failed_rows: int
    outage_seconds: float | None
    first_failed: float | None
    served_at: float | None
    served_again: bool
    lost_rows: int | None
    lost_seconds: float | None
    unacked_rows: int | None
    duplicates: int | None
    stale_acks: int
    writers: int


def read_log(path: Path) -> list[Write]:
    """The log's writes in the order they were sent. A last line cut short by a kill is left out."""
    text = path.read_text(encoding="ascii")
    whole = text[: text.rfind("\n") + 1].splitlines()
    return sorted((Write.parse(line) for line in whole), key=lambda write: write.sent)


def outage(writes: Sequence[Write]) -> tuple[float | None, float | None]:
    """When the first failed write was sent, and when the first of the last all-good stretch; None without one."""
    failed = [write.sent for write in writes if not write.acknowledged]
    if not failed:
        return None, None
    last = max(failed)
    after = [write.sent for write in writes if write.acknowledged and write.sent > last]
    return min(failed), min(after, default=None)


def lost_span(lost: Sequence[Write], acked: Sequence[Write]) -> float:
    """Seconds of acknowledged writes that are gone: from the first lost acknowledgement to the last acknowledgement
    before the writes stopped being acknowledged by the Region that lost them."""
    if not lost:
        return 0.0
    first = min(write.done for write in lost)
    region = lost[0].region
    last = max(write.done for write in acked if write.region == region)
    return max(last - first, 0.0)


@dataclass(frozen=True)
class Stored:
    """What the log and a database say of each other; ``None`` where there is no database to ask."""

    lost_rows: int | None = None
    lost_seconds: float | None = None
    unacked_rows: int | None = None
    duplicates: int | None = None


def compare(writes: Sequence[Write], acked: Sequence[Write], present: Counter[int]) -> Stored:
    """Put the log beside the ids that are ``present`` in a database, and how often."""
    lost = [write for write in acked if write.id not in present]
    acked_ids = {write.id for write in acked}
    sent_ids = {write.id for write in writes}
    return Stored(
        lost_rows=len(lost),
        lost_seconds=lost_span(lost, acked),
        unacked_rows=len((present.keys() & sent_ids) - acked_ids),
        duplicates=sum(count - 1 for count in present.values()) + len(acked) - len(acked_ids),
    )


def measure(
    writes: Sequence[Write],
    rows: Iterable[int] | None,
    writers: int,
    promoted_at: float | None = None,
    old_region: str = "",
) -> Report:
    """Put the log beside ``rows``, the ids in the surviving writer's database; None where there is no writer.

    ``promoted_at`` (epoch seconds) is when the other Region's database was promoted: what ``old_region`` acknowledged
    after that is a stale acknowledgement. ``writers`` is how many Regions would accept a write now.
    """
    acked = [write for write in writes if write.acknowledged]
    first_failed, served_at = outage(writes)
    stale = [w for w in acked if promoted_at is not None and w.region == old_region and w.done > promoted_at]
    ended = served_at is not None or first_failed is None
    stored = Stored() if rows is None else compare(writes, acked, Counter(rows))
    return Report(
        sent_rows=len(writes),
        acked_rows=len(acked),
        failed_rows=len(writes) - len(acked),
        outage_seconds=served_at - first_failed if served_at is not None and first_failed is not None else None,
        first_failed=first_failed,
        served_at=served_at,
        served_again=bool(acked) and ended,
        **asdict(stored),
        stale_acks=len(stale),
        writers=writers,
    )
