"""Public, runnable measurements. `make bench` runs them all and writes benchmarks/RESULTS.md."""
