"""The kinds of blocks, one a file: what each does when it is entered, and with the events it waits for."""
