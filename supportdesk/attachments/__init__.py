"""Files that come and go with messages: what each is, under which name it is safe, and reading and saving them."""
