"""What the terminal can show, text made safe for it, its signals and its crashes."""
