"""Tests of `supportdesk.console.calls`."""
