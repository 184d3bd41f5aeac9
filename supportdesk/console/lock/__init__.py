"""The lock screen: hides the desk on a shared terminal, but not its alarms."""
