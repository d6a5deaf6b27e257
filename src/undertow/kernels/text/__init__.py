"""Bytes of venues' messages to numbers: what is plain is read at once, what is not is told."""
