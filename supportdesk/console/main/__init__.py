"""The main screen: header, queue beside ticket, palette, filter and search, help, live updates and replay."""
