"""Work that happens on its own: recovery and retention."""
