"""Tests of `supportdesk.console.keys`."""
