"""Cells over whole columns: the same bits block by block, with the sums held in registers.

Each answers False, with its output then worth nothing, when it met a number that is not finite or
an overflow. The state is that of the cell and is gone on from.
"""
