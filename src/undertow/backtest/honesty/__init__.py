"""The study of our own honesty: how often the tests, the gate and the detectors are wrong."""
