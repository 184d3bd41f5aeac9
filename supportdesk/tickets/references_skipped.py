"""The event that keeps references from being given twice."""

from __future__ import annotations

import msgspec


class ReferencesSkipped(msgspec.Struct, frozen=True, tag_field="event", tag="references skipped"):
    """The desk was restored from a backup: references that were given after the backup are not given again.

    `following` is the number of the next ticket; see `reference.make`.
    """

    following: int
