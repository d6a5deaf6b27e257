"""From a backtest's result to what people and programs read."""
