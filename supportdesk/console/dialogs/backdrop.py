"""A translucent screen over the one below it, both drawn as they are now."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, TypeVar

from rich.segment import Segment
from textual.renderables.background_screen import BackgroundScreen
from textual.screen import Screen
from textual.strip import Strip

if TYPE_CHECKING:
    from rich.console import RenderableType
    from textual.geometry import Region

Result = TypeVar("Result")


class Backdrop(Screen[Result]):
    """A screen that shows the one below it in the stack, however many lie above.

    Textual's own takes the screen behind it from a list that all screens of a frame use up in turn, and keeps it. Where
    several lie above each other, one that is drawn again while those above it are not takes the wrong one, which may
    show it in turn without an end. And a screen with another above it keeps its lines though those below have changed.
    """

    @property
    def _behind(self) -> BackgroundScreen | None:
        """The screen below, tinted; None for an opaque or lowest screen."""
        stack, background = self.app.screen_stack, self.styles.background
        at = stack.index(self) if self in stack else 0
        return BackgroundScreen(stack[at - 1], background) if at > 0 and background.a < 1 else None

    def render(self) -> RenderableType:
        """Return the screen below, tinted, or the plain background."""
        return self._behind or super().render()

    def render_lines(self, crop: Region) -> list[Strip]:
        """Return the lines of a part; those of a screen with another above it are drawn again."""
        behind = None if self.is_active else self._behind
        if behind is None:
            return super().render_lines(crop)
        console = self.app.console
        segments = console.render(behind, console.options.update_dimensions(*self.size))
        lines = Segment.split_and_crop_lines(segments, self.size.width, include_new_lines=False)
        return [Strip(line).crop(crop.x, crop.right) for line in islice(lines, crop.y, crop.bottom)]
