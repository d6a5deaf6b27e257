"""What `undertow flow` shows: one asset's order flow, as numbers and as a screen."""
