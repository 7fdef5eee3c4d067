# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What differs between two Regions' objects, secrets, parameters and cached values; and the table that says so."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.consistency import Layer, LayerName, Line
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.objects import ObjectState
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.parameter import Parameter
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.secret import ReplicationStatus, Secret
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.tables import Status

SHOWN_LINES = 3
COLUMNS = ("layer", "what", "status", "first", "second", "differing", "note")


@dataclass(frozen=True)
class ObjectDifference:
    """A key and how it differs: ``only_first``, ``only_second``, ``content``, ``marker``."""

    key: str
    how: str


def merged(first: Iterable[ObjectState], second: Iterable[ObjectState]) -> Iterator[tuple[ObjectState | None, ...]]:
    """Both listings side by side, by key in the order of UTF-8, which is S3's."""
    left, right = iter(first), iter(second)
    one, two = next(left, None), next(right, None)
    while one is not None or two is not None:
        before = one is not None and (two is None or one.key.encode() < two.key.encode())
        after = two is not None and (one is None or two.key.encode() < one.key.encode())
        yield (None if after else one, None if before else two)
        one, two = (one if after else next(left, None)), (two if before else next(right, None))


def object_difference(one: ObjectState | None, two: ObjectState | None) -> ObjectDifference | None:
    """How an object differs. A replica keeps its version; the same content in another version is the same object.

    A delete marker and no object at all look the same to whoever reads.
    """
    here, there = one is not None and not one.deleted, two is not None and not two.deleted
    key = (one or two or ObjectState("", "")).key
    if one is None or two is None or here != there:
        if not here and not there:
            return None
        marker = (one is not None and one.deleted) or (two is not None and two.deleted)
        return ObjectDifference(key, "marker" if marker else "only_first" if here else "only_second")
    same_version = one.version_id == two.version_id and one.version_id not in ("", "null")
    if one.deleted or (one.size == two.size and (same_version or one.etag == two.etag)):
        return None
    return ObjectDifference(key, "content")


def secret_line(secret_id: str, first: Secret | None, second: Secret | None) -> Line:
    """A secret is the same when both Regions have the same versions at the same stages, and AWS calls it in sync."""
    counts = (len(first.stages) if first else 0, len(second.stages) if second else 0)
    if first is None and second is None:
        return Line(secret_id, Status.DIFFERS, counts, 1, note="neither Region has it")
    if first is None or second is None:
        missing = "first" if first is None else "second"
        return Line(secret_id, Status.DIFFERS, counts, 1, note=f"the {missing} Region lacks it")
    wrong = []
    if first.current_version != second.current_version:
        wrong.append("AWSCURRENT is another version")
    elif staged(first) != staged(second):
        wrong.append("the versions' stages differ")
    if first.deleted or second.deleted:
        wrong.append("it is to be deleted")
    replica = first.replica_in(second.region) or second.replica_in(first.region)
    if replica is None:
        wrong.append("it is not replicated between them")
    elif replica.status is not ReplicationStatus.IN_SYNC:
        wrong.append(f"its replica is {replica.status.value}{': ' + replica.message if replica.message else ''}")
    status = Status.DIFFERS if wrong else Status.SAME
    return Line(secret_id, status, counts, len(wrong) and 1, note="; ".join(wrong))


def staged(secret: Secret) -> dict[str, str]:
    """The version at each stage. A version without a stage is on its way out, in each Region when it likes."""
    return {stage: version for version, stages in secret.stages for stage in stages}


def parameter_line(
    path: str,
    first: Sequence[Parameter],
    second: Sequence[Parameter],
    expected: tuple[Mapping[str, str], Mapping[str, str]],
    mark: Callable[[str], str],
    shown: int,
) -> Line:
    """Parameters below a path, by name, type and a mark of the value. ``expected``: what each Region must have."""
    sides = ({each.name: each for each in first}, {each.name: each for each in second})
    wrong = []
    for name in sorted({*sides[0], *sides[1], *expected[0], *expected[1]}):
        one, two = sides[0].get(name), sides[1].get(name)
        why = _parameter_difference(name, one, two, expected, mark)
        if why:
            wrong.append(f"{name} ({why})")
    status = Status.DIFFERS if wrong else Status.SAME
    return Line(path, status, (len(first), len(second)), len(wrong), tuple(wrong[:shown]))


def _parameter_difference(
    name: str,
    one: Parameter | None,
    two: Parameter | None,
    expected: tuple[Mapping[str, str], Mapping[str, str]],
    mark: Callable[[str], str],
) -> str:
    if one is None or two is None:
        return "only_second" if one is None and two is not None else "only_first" if one is not None else "missing"
    if one.type != two.type:
        return "type"
    if name not in expected[0] and name not in expected[1]:
        return "" if mark(one.value) == mark(two.value) else "value"
    for has, must in zip((one, two), expected, strict=True):
        if name in must and mark(has.value) != mark(must[name]):
            return "not as overridden"
    return ""


def table(layers: Sequence[Layer], regions: Sequence[str]) -> list[str]:
    """What was compared, a row a thing, what differs first; with examples below a row."""
    head = ("layer", "what", "status", regions[0], regions[1], "differing")
    rows, notes = [head], [""]
    for layer in layers:
        order = {Status.DIFFERS: 0, Status.UNKNOWN: 1, Status.SAME: 2}
        for line in sorted(layer.lines, key=lambda each: order[each.status]):
            counts = ["unknown" if count is None else str(count) for count in line.counts]
            differing = "" if line.status is Status.UNKNOWN and not line.differing else str(line.differing)
            rows.append((layer.name.value, line.what, line.status.value, counts[0], counts[1], differing))
            notes.append(_below(line))
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    shown = []
    for row, note in zip(rows, notes, strict=True):
        shown.append("  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)).rstrip())
        shown += [f"    {each}" for each in note.splitlines()]
    return shown


def _below(line: Line) -> str:
    left = line.differing - SHOWN_LINES
    more = [f"and {left} more"] if left > 0 and line.examples else []
    return "\n".join([*([line.note] if line.note else []), *line.examples[:SHOWN_LINES], *more])


def unread(name: LayerName, what: str, why: str) -> Layer:
    """A layer of which nothing is known."""
    return Layer(name, (Line(what, Status.UNKNOWN, note=why),))


def cache_line(
    what: str, counts: tuple[int, int], sampled: Mapping[str, tuple[str, str]], allowance: int, shown: int
) -> Line:
    """A cache by its number of keys and by the marks of sampled values (the first's, the second's).

    Keys come and go while they are counted: up to ``allowance`` more or less is no difference.
    """
    wrong = [key for key, (one, two) in sampled.items() if one != two]
    apart = abs(counts[0] - counts[1]) > allowance
    note = f"{len(sampled)} values sampled" + ("; the numbers of keys differ" if apart else "")
    status = Status.DIFFERS if wrong or apart else Status.SAME if sampled or not any(counts) else Status.UNKNOWN
    return Line(what, status, counts, len(wrong) or int(apart), tuple(sorted(wrong)[:shown]), note)
