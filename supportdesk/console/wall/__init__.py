"""The desk on the screen on the wall: read from five metres, turned by itself, without a keyboard."""
