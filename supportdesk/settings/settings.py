"""The settings of `config.toml`. Each has a default, so that a file holds only what differs."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from msgspec import Meta, Struct

Name = Annotated[str, Meta(min_length=1, max_length=24)]
Percent = Annotated[int, Meta(ge=20, le=80)]


class UserView(Struct, frozen=True, forbid_unknown_fields=True):
    """A view of the operator's own: its name and its filter."""

    name: Name
    filter: str


class UserColumn(Struct, frozen=True, forbid_unknown_fields=True):
    """A column of the queue, and its width in cells; None for as wide as the screen allows."""

    name: Name
    width: Annotated[int, Meta(ge=1, le=200)] | None = None


NoticeKind = Literal["assigned", "breach", "page", "message"]
"""What the operator is notified of outside the console."""


class NoticeSettings(Struct, frozen=True, forbid_unknown_fields=True):
    """Desktop notifications: the escape sequence that the terminal understands, and which events are notified.

    `tmux` wraps the sequence so that tmux passes it to the outer terminal, where `allow-passthrough` is on.
    """

    by: Literal["off", "osc9", "osc777"] = "off"
    of: tuple[NoticeKind, ...] = ("assigned", "breach", "page", "message")
    tmux: bool = False


class PaneSettings(Struct, frozen=True, forbid_unknown_fields=True):
    """Where the ticket pane is, and its share of the screen in percent: of the width beside the queue, of the height
    below it.
    """

    place: Literal["auto", "beside", "below"] | None = None
    width: Percent | None = None
    height: Percent | None = None


class WallSettings(Struct, frozen=True, forbid_unknown_fields=True):
    """The wall: whether it shows the customer and summary of each ticket, which any passer-by can read."""

    summaries: bool = False


class LockSettings(Struct, frozen=True, forbid_unknown_fields=True):
    """The lock screen: after how many idle minutes it comes by itself (None: never), and the program that unlocks.

    `unlock_command` is a program and its arguments, which reads a password and accepts it by the exit code 0. Without
    one any key unlocks.
    """

    after_minutes: Annotated[int, Meta(ge=1, le=480)] | None = None
    unlock_command: tuple[str, ...] = ()


class VoicemailSettings(Struct, frozen=True, forbid_unknown_fields=True):
    """Voicemail: the program that plays a recording, and its arguments; the file is added as the last one.

    By default, the first of `mpv`, `play` and `aplay` that is installed.
    """

    play: tuple[str, ...] = ()


class AttachmentSettings(Struct, frozen=True, forbid_unknown_fields=True):
    """Attachments: the program that opens one, and its arguments; the file is added as the last one. Empty: none is."""

    open: tuple[str, ...] = ()


class Settings(Struct, frozen=True, forbid_unknown_fields=True):
    """All settings; None means the default behaviour.

    `keys` maps ids of keys to Textual's key names, separated by commas. `bell` lists keys of severities; by default,
    those that page somebody. `timezone` is the zone in which times are shown and typed; by default, the policy's.
    `views` and `columns` are in their order on the screen. `watcher` is not the console's: see
    `settings/watcher.py`.
    """

    theme: str | None = None
    timezone: str | None = None
    bell: tuple[str, ...] | None = None
    keys: dict[str, str] = {}
    views: tuple[UserView, ...] = ()
    columns: tuple[UserColumn, ...] = ()
    notices: NoticeSettings = NoticeSettings()
    pane: PaneSettings = PaneSettings()
    wall: WallSettings = WallSettings()
    lock: LockSettings = LockSettings()
    voicemail: VoicemailSettings = VoicemailSettings()
    attachments: AttachmentSettings = AttachmentSettings()
    watcher: dict[str, Any] = {}

    @property
    def methods(self) -> frozenset[str]:
        """The names of the methods by which a watcher with these settings sends messages, usable or not."""
        methods = self.watcher.get("methods", {})
        return frozenset(methods) if isinstance(methods, dict) else frozenset()

    def zone(self, policy_zone: str) -> str:
        """Return the zone in which times are shown and typed; by default, the policy's."""
        return self.timezone or policy_zone


DEFAULTS = Settings()
