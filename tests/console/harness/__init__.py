"""Runs the console, or one dialog of it, in a test."""
