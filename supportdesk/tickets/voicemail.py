"""What is known of a recording that a caller left, or of a call that nobody answered, besides its record."""

from __future__ import annotations

from datetime import datetime

import msgspec


class Voicemail(msgspec.Struct, frozen=True, omit_defaults=True):
    """A recording, or a missed call, which has none. The number and name of its caller are the sender of its message.

    `media` is how it is recorded, such as `wav`; empty where nobody knows. `seconds` is how long it is, and `speech`
    how much of it somebody speaks, in percent; None where that is not known. `transcript` is what a program wrote down
    of it: nothing is ever decided by that. `heard_by` and `heard_at` say who listened to it first, and when.
    `recording` is the digest of the recording where the original is the mail that brought it, and empty where the
    original is the recording. `is_withheld` says that the caller hid their number; else, a missing one is not known.
    """

    media: str = ""
    seconds: float | None = None
    speech: int | None = None
    is_missed_call: bool = False
    transcript: str = ""
    heard_by: str = ""
    heard_at: datetime | None = None
    recording: str = ""
    is_withheld: bool = False
