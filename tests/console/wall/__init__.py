"""Tests of `supportdesk.console.wall`."""
