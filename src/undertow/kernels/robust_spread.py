"""What makes robust spreads estimates of a standard deviation; for a normal distribution."""

NORMAL_MAD = 0.6745
"""MAD of a standard normal, as Iglewicz and Hoaglin (1993) print it."""

NORMAL_MEAN_DEVIATION = 1.253314
"""Standard deviation over mean absolute deviation: sqrt(pi / 2)."""
