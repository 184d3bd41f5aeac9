"""Tests of `supportdesk.console.queue.filter`."""
