"""Takes in mail: reads messages from a mailbox, decides what becomes of each, and accounts for it."""
