"""One ticket as text to be drawn: what is known of it, its clocks, its timeline, without any widget."""
