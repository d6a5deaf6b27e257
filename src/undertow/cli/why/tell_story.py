"""From evidence to story: a pure function of what the journal says."""

from undertow.cli.why.evidence import Evidence, cause_of
from undertow.cli.why.order_rule import rule_of
from undertow.cli.why.order_story import OrderStory, RunFacts
from undertow.cli.why.story_latency import latencies
from undertow.cli.why.told_decision import told_decision, told_execution, told_risk
from undertow.cli.why.told_inputs import seen_bars, seen_trades, wake_of
from undertow.cli.why.told_order import told_orders
from undertow.cli.why.told_position import told_position


def tell_story(evidence: Evidence) -> OrderStory:
    """The whole story of the evidence's order."""
    case, records = evidence.case, evidence.records
    instrument = case.instrument
    cause = cause_of(case, records)
    bars = seen_bars(evidence, cause)
    trades = seen_trades(evidence, instrument)
    wake = wake_of(evidence, cause, bars)
    risk = told_risk(evidence, instrument)
    orders = told_orders(case.orders, records, instrument)
    name = case.target.order.client_order_id
    order = next(one for one in orders if one.client_order_id == name)
    return OrderStory(
        order=order,
        rule=rule_of(evidence, order),
        run=_run(evidence),
        wake=wake,
        bars=bars,
        trades=trades,
        decision=told_decision(evidence, instrument),
        risk=risk,
        execution=() if risk is None else told_execution(evidence, risk.intent_id),
        latencies=latencies(order, wake, bars, trades),
        position=told_position(case, records),
        others=tuple(one for one in orders if one.client_order_id != name),
    )


def _run(evidence: Evidence) -> RunFacts:
    run = evidence.case.run
    return RunFacts(
        run_id=run.run_id,
        mode=run.mode,
        version=run.version,
        seed=run.seed,
        config_digest=run.config_digest,
        started_ns=run.started_ns,
    )
