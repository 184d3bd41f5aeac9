"""Tests of `supportdesk.console.board`."""
