"""What `undertow data` prints."""
