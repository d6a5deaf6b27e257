"""The exchange as a pure, seeded model of one venue, and the synthetic market that feeds it.

`exchange.Exchange` takes commands and market rows and returns what the venue would have said, and
when we would have heard it. See docs/simulator.md for every model's assumptions.
"""

__all__: list[str] = []
