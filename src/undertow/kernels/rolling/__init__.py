"""Rolling computations over columns of floats: one step written once, and a compiled loop over it.

Each module has a plain function `<name>_step(inputs, settings, state) -> state`, pure arithmetic
that streaming faces interpret, and a compiled loop `<name>(columns, settings, state, out) -> state`
over the very same function. A state is a tuple whose last numbers are the current outputs, NaN
during the warm-up. Loops continue from the state they are given, so any splitting of a column
gives the same bits. Columns are contiguous float64 and finite.
"""

__all__: list[str] = []
