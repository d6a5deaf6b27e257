"""A user's function becomes a quoter, or is refused with a reason."""

import pytest

import undertow
from undertow.domain.errors import ConfigurationError
from undertow.kernels.quoting.quoter import Quoter, kernel


def test_it_is_compiled_when_it_is_needed() -> None:
    @kernel
    def counts(desk, now_ns, state):  # type: ignore[no-untyped-def]
        state[0] += 1.0

    assert isinstance(counts, Quoter)
    assert counts.name == "counts"
    assert counts.address > 0
    assert undertow.kernel is kernel


def test_other_parameters_and_what_cannot_be_compiled_are_refused() -> None:
    with pytest.raises(ConfigurationError, match="three parameters"):

        @kernel  # type: ignore[arg-type]
        def short(desk):  # type: ignore[no-untyped-def]
            pass

    @kernel
    def opens(desk, now_ns, state):  # type: ignore[no-untyped-def]
        with open("x") as _:  # noqa: PTH123
            pass

    with pytest.raises(ConfigurationError, match="to be compilable"):
        assert opens.address
