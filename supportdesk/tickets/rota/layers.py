"""The layers of a line: which version of a rotation is in force at an instant, and who has the turn there."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

import msgspec

from supportdesk.tickets.documents import Line, Rotation, key_of
from supportdesk.tickets.rota.turns import boundaries_of, turn_at


class Scheduled(msgspec.Struct, frozen=True):
    """Who has the turn on a line, by the rotations alone, from `since` to `until`; None means from or for ever.

    `member` is a username, or empty where nobody has it. `turn` identifies the turn: two parts of one turn have the
    same; it is None where nobody has it.
    """

    member: str
    since: datetime | None
    until: datetime | None
    turn: tuple[int, datetime, int] | None


def find_rotation(
    rotations: Iterable[Rotation], at: datetime, line: Line = Line.FIRST, layer: int = 0
) -> Rotation | None:
    """Return the version of a layer in force at an instant: the last one that has started and was not cancelled.

    It is returned although it may have ended since.
    """
    started = [
        each
        for each in rotations
        if each.members and each.line is line and each.layer == layer and each.starts <= at
    ]
    return max(started, key=lambda each: each.starts, default=None)


def with_rotation(rotations: Iterable[Rotation], rotation: Rotation) -> tuple[Rotation, ...]:
    """Return the rotations by start, with `rotation` in place of one with the same line, layer and start."""
    key = key_of(rotation)
    others = (each for each in rotations if key_of(each) != key)
    return tuple(sorted((*others, rotation), key=lambda each: (each.starts, each.line, each.layer)))


def lines_in_use(rotations: Iterable[Rotation]) -> tuple[Line, ...]:
    """Return the first line, and every other for which a rotation was set."""
    used = {each.line for each in rotations if each.members}
    return tuple(line for line in Line if line is Line.FIRST or line in used)


def rotations_of(rotations: Iterable[Rotation], line: Line) -> tuple[Rotation, ...]:
    """Return the rotations of a line that were not cancelled, the highest layer and its last version first."""
    found = (each for each in rotations if each.members and each.line is line)
    return tuple(sorted(found, key=lambda each: (each.layer, each.starts), reverse=True))


def boundaries_of_layers(rotations: Iterable[Rotation]) -> tuple[datetime, ...]:
    """Return the instants at which a version starts or ends, or somebody joins or leaves, in order."""
    found: set[datetime] = set()
    for each in rotations:
        found.add(each.starts)
        found.update(boundaries_of(each))
        if each.ends is not None:
            found.add(each.ends)
    return tuple(sorted(found))


def scheduled_at(rotations: Sequence[Rotation], at: datetime) -> Scheduled:
    """Return who has the turn at an instant; `rotations` are those of one line, as `rotations_of` returns them.

    The highest layer that has a turn decides. `since` and `until` do not reach across the boundaries of any layer.
    """
    decided: set[int] = set()
    for rotation in rotations:
        if rotation.layer in decided or rotation.starts > at:
            continue
        decided.add(rotation.layer)
        if rotation.ends is not None and rotation.ends <= at:
            continue
        turn = turn_at(rotation, at)
        if turn.member:
            return Scheduled(
                turn.member, turn.began, turn.ends, (rotation.layer, rotation.starts, turn.number)
            )
    return Scheduled("", None, None, None)
