"""From the state of the flow to a signal with its reasons.

Strategies see a read-only `Context` and answer with a `Signal` or a `Decision`; gates, analyzers,
filters and exits are small frozen pieces that answer with a `Verdict`; the `StrategyHost` runs them
for every instrument and keeps the `Funnel`. Import each concept from its module.
"""

__all__: list[str] = []
