"""The handover of a shift: what is handed over, and its acceptance."""
