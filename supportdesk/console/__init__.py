"""The full-screen console: the queue and what comes to it."""
