"""Evidence and stories of the small run's orders."""

from collections.abc import Callable
from functools import cache
from typing import Any

import pytest

from undertow.cli.why.evidence import Evidence
from undertow.cli.why.journal_evidence import collect_evidence
from undertow.cli.why.order_story import OrderStory
from undertow.cli.why.tell_story import tell_story


@pytest.fixture(scope="session")
def evidence(small_run: Any, order_of: Callable[[str, str], str]) -> Callable[[str, str], Evidence]:
    """The evidence of an instrument's order of a purpose."""
    return cache(lambda name, why: collect_evidence(small_run.journal, order_of(name, why)))


@pytest.fixture(scope="session")
def story(evidence: Callable[[str, str], Evidence]) -> Callable[[str, str], OrderStory]:
    """The story of an instrument's order of a purpose."""
    return cache(lambda instrument, purpose: tell_story(evidence(instrument, purpose)))
