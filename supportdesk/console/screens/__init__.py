"""The console's screens and dialogs, a file for each."""
