"""Tests of `supportdesk.console.terminal`."""
