from undertow.simulator.fidelity import FIDELITY_OF_DATA, Fidelity
from undertow.timeline.market_data import DataFidelity


def test_every_class_of_data_is_matched() -> None:
    assert set(FIDELITY_OF_DATA) == set(DataFidelity)
    assert set(FIDELITY_OF_DATA.values()) == set(Fidelity)
