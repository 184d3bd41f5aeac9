"""The desk's watcher as the console sees it: hosted where nobody else watches, and monitored."""
