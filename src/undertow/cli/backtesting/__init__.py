"""What `undertow backtesting` is made of: its request, its data, its run, and how it is told."""
