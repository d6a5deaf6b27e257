"""A stream of random numbers of its own, so that one use of chance never shifts another."""

import numpy as np

_PPM = 1_000_000
_State = tuple[int, int, int, int]


class SeededStream:
    """PCG64 (O'Neill 2014) from one integer seed; its state is four integers."""

    def __init__(self, seed: int) -> None:
        self._bits = np.random.PCG64(seed)
        self._generator = np.random.Generator(self._bits)

    def normal(self) -> float:
        """One draw of the standard normal distribution."""
        return float(self._generator.standard_normal())

    def below(self, bound: int) -> int:
        """An integer in [0, bound), uniform; `bound` >= 1."""
        return int(self._generator.integers(bound))

    def chance(self, probability_ppm: int) -> bool:
        """True with this probability, in parts per million. Zero draws nothing."""
        return probability_ppm > 0 and self.below(_PPM) < probability_ppm

    def dump(self) -> _State:
        """The state of the generator."""
        state = self._bits.state
        inner = state["state"]
        held = (int(state["has_uint32"]), int(state["uinteger"]))
        return int(inner["state"]), int(inner["inc"]), *held

    def load(self, state: _State) -> None:
        """Go back to the state of a `dump`."""
        value, increment, has_held, held = state
        self._bits.state = {
            "bit_generator": "PCG64",
            "state": {"state": value, "inc": increment},
            "has_uint32": has_held,
            "uinteger": held,
        }
