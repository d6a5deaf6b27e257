"""Search of parameters: which set did best, of how many, and how likely that was luck."""
