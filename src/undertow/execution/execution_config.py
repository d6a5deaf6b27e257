"""How orders are sent, watched and protected."""

from enum import StrEnum

import msgspec

from undertow.domain.errors import ConfigurationError
from undertow.domain.time import NS_PER_MINUTE, NS_PER_S

PPM = 1_000_000


class EntryStyle(StrEnum):
    """How an entry that asks for `Market` terms is sent (C-41).

    MARKETABLE: limit at the reference price plus the slippage cap, immediate or cancel.
    POST_ONLY: limit at the reference price, refused by the venue if it would take. MARKET: as is.
    """

    MARKETABLE = "marketable"
    POST_ONLY = "post_only"
    MARKET = "market"


class Reversal(StrEnum):
    """What an entry against the strategy's own open position does (C-40)."""

    CLOSE = "close"
    CLOSE_AND_REVERSE = "close_and_reverse"


class StrategyPolicy(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How one strategy's intents are carried out.

    allow_scale_in: entries on the side of an open position, or beside one under way, are sent.
    slippage_ppm: the most a marketable entry may pay beyond its reference price.
    trail_ppm: trailing distance where the intent states none; 0 = no trailing.
    activation_ppm: profit from which on the stop trails; 0 = from the entry on (C-11).
    """

    entry_style: EntryStyle = EntryStyle.MARKETABLE
    slippage_ppm: int = 1_000
    allow_scale_in: bool = False
    reversal: Reversal = Reversal.CLOSE
    trail_ppm: int = 5_000
    activation_ppm: int = 0

    def __post_init__(self) -> None:
        for name in ("slippage_ppm", "trail_ppm", "activation_ppm"):
            if not 0 <= getattr(self, name) < PPM:
                raise ConfigurationError(
                    f"expected {name} from 0 to {PPM - 1}, found {getattr(self, name)}"
                )


class ExecutionConfig(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Times in nanoseconds; money in the reporting currency.

    policies: by strategy; every other one uses `default_policy`.
    max_positions: open positions and entries under way together (EXEC-01). max_exposure: sum of
    their notional, "0" = none here (risk has its own).
    request_timeout_ns: a request without an answer this long is in doubt, and so is an order that
    should be over at once (market, IOC, FOK, a released stop).
    query_backoff_ns, query_backoff_max_ns: between queries of the same order, doubling.
    not_found_grace_ns: "never existed" is not believed of an order sent less than this ago.
    missing_fill_grace_ns: fills that a status knows and we do not may be this late before they are
    reported as a discrepancy.
    audit_ns: resting orders are asked after when nothing was heard of them this long; 0 = never.
    verify_endings: a canceled or expired order is asked after once, because neither report says how
    much was filled. ending_queries: how often at most.
    entry_timeout_ns, exit_timeout_ns: unfilled limit orders are cancelled (EXEC-16); 0 = never.
    amend_interval_ns: least time between two amendments of a stop (C-87).
    stop_fallback_ppm: distance of a stop when neither intent nor policy gives one (RISK-48).
    require_stops: without it a position whose entry names no stop gets none (research only).
    approval_timeout_ns: a protective intent that is not answered this long counts as refused.
    flatten_backoff_ns, flatten_backoff_max_ns: between attempts to close a position, doubling.
    reversal_patience_ns: a reversed entry is dropped when closing took longer.
    venues_without_stops: there the engine watches the price itself (`on_stop_touched`).
    client_id_prefix: how all our order ids begin, so that others' orders are told apart (D-69).
    remembered_orders: ended orders kept for late reports. rechecked_orders: how many of them are
    asked after again when the venue counts a position otherwise.
    """

    policies: dict[str, StrategyPolicy] = {}
    default_policy: StrategyPolicy = StrategyPolicy()
    max_positions: int = 5
    max_exposure: str = "0"
    request_timeout_ns: int = 5 * NS_PER_S
    query_backoff_ns: int = NS_PER_S
    query_backoff_max_ns: int = NS_PER_MINUTE
    not_found_grace_ns: int = 2 * NS_PER_S
    missing_fill_grace_ns: int = 2 * NS_PER_S
    audit_ns: int = NS_PER_MINUTE
    verify_endings: bool = True
    ending_queries: int = 5
    entry_timeout_ns: int = 10 * NS_PER_MINUTE
    exit_timeout_ns: int = 10 * NS_PER_MINUTE
    amend_interval_ns: int = NS_PER_S
    stop_fallback_ppm: int = 5_000
    require_stops: bool = True
    approval_timeout_ns: int = NS_PER_S
    flatten_backoff_ns: int = NS_PER_S
    flatten_backoff_max_ns: int = 30 * NS_PER_S
    reversal_patience_ns: int = 10 * NS_PER_S
    venues_without_stops: tuple[str, ...] = ()
    client_id_prefix: str = "ut"
    remembered_orders: int = 500
    rechecked_orders: int = 20

    def __post_init__(self) -> None:
        positive = (
            "request_timeout_ns",
            "query_backoff_ns",
            "amend_interval_ns",
            "approval_timeout_ns",
            "flatten_backoff_ns",
        )
        for name in positive:
            if getattr(self, name) <= 0:
                raise ConfigurationError(f"expected {name} above 0, found {getattr(self, name)}")
        if not 0 < self.stop_fallback_ppm < PPM:
            raise ConfigurationError(
                f"expected stop_fallback_ppm from 1 to {PPM - 1}, found {self.stop_fallback_ppm}"
            )

    def policy(self, strategy: str) -> StrategyPolicy:
        """How this strategy's intents are carried out."""
        return self.policies.get(strategy, self.default_policy)
