"""One-time links in pages: whoever has the link sees a few facts, and acknowledges the page with a button."""
