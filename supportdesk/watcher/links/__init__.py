"""One-time links in pages: the holder of a link sees a few facts, and acknowledges the page with a button."""
