"""The watcher as the console sees it."""
