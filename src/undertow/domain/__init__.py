"""The words: instruments, prices, orders, fills, books, bars, events, commands, money, time, ids,
errors. Imports nothing of ours; one concept per module, imported from its module.
"""

__all__: list[str] = []
