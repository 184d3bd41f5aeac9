"""Tests of `supportdesk.console.queue`."""
