"""Our jobs beside other engines on the same inputs: `python -m benchmarks peers --help`."""
