"""The lines of the queue as they were drawn last, without the effects of styles that Textual would look for in each."""

from __future__ import annotations

from textual._styles_cache import StylesCache
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget


class LineCache(StylesCache):
    """Takes the place of a widget's own cache, for one that has no border, padding, opacity, hatch or links.

    Lines end where the scrollbar begins: the compositor would cut each in two there.
    """

    def render_widget(self, widget: Widget, crop: Region) -> list[Strip]:
        """Return the lines of a region of the widget."""
        width = widget.region.width
        if width != self._width:
            self.clear()
            self._width = width
        filters, background = widget.get_line_filters(), widget.background_colors[1]
        end = width - widget.scrollbar_size_vertical
        strips = []
        for y in crop.line_range:
            strip = None if y in self._dirty_lines else self._cache.get(y)
            if strip is None:
                strip = widget.render_line(y)
                for each in filters:
                    strip = strip.apply_filter(each, background)
                strip = self._cache[y] = strip.crop(0, end) if strip.cell_length > end else strip
            strips.append(strip)
        self._dirty_lines.difference_update(crop.line_range)
        left, right = crop.column_span
        return strips if (left, right) == (0, width) else [strip.crop(left, right) for strip in strips]
