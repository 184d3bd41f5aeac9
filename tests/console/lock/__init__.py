"""Tests of `supportdesk.console.lock`."""
