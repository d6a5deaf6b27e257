"""Every protection there is; a configuration names one by its `type`."""

from undertow.risk.protections.cooldown import Cooldown
from undertow.risk.protections.drawdown_guard import DrawdownGuard
from undertow.risk.protections.low_profit import LowProfit
from undertow.risk.protections.stop_guard import StopGuard

Protection = Cooldown | StopGuard | DrawdownGuard | LowProfit
