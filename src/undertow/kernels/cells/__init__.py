"""Cells: the small stateful parts that indicator steps are built of.

A cell is `cell(s, at, ...) -> float`. Its state lies in `s` (a pointer to float64 or an array) from
`at` on; all zeros is the state that has seen nothing. Each says how many numbers it needs. It
answers NaN while it is undefined, and a cell that is fed NaN by another in its warm-up is not to be
called: steps go on only with what is defined.
"""
