"""Checks of market data before it is believed: what is wrong, how much, and how bad that is."""
