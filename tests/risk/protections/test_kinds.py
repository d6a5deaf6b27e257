from typing import get_args

from undertow.domain.parameter import parameters_of
from undertow.risk.protections.kinds import Protection


def test_every_protection_declares_what_a_search_may_change() -> None:
    for kind in get_args(Protection):
        known = parameters_of(kind)
        assert "stop_s" in known
        assert {parameter.space for parameter in known.values()} == {"protection"}
        assert kind.name == kind.__struct_config__.tag
