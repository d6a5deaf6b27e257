"""What one call of the execution desk gives out."""

import msgspec

from undertow.domain.engine_input import Effect
from undertow.domain.intent import Intent
from undertow.ledger.fill import Fill


class Outcome(msgspec.Struct):
    """In order: commands and events; fills for the ledger; intents that risk must judge next."""

    effects: list[Effect] = []
    fills: list[Fill] = []
    intents: list[Intent] = []
