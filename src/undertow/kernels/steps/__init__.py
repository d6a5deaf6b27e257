"""Indicator steps by family; each is `step(x, p, s, out)`, see `kernels.step`."""
