"""Figures and pages of backtest results."""
