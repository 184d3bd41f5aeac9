"""Text charts for the board and the wall."""
