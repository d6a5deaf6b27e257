"""Rolling computations over columns of floats: one step written once, and a compiled loop over it.

Each module has a plain function `<name>_step(inputs, settings, state) -> state`, pure arithmetic
that streaming faces interpret; the same function compiled, `compiled_step`, for kernels of your
own; and a compiled loop `<name>(columns, settings, state, out) -> state` over it. A state is a
tuple whose last numbers are the current outputs, NaN during the warm-up. Loops continue from the
state they are given, so any splitting of a column gives the same bits. Columns are contiguous
float64 and finite. The three window fits (`hurst`, `mean_reversion_strength`,
`return_autocorrelation`) measure a whole window anew and have no state.
"""

__all__: list[str] = []
