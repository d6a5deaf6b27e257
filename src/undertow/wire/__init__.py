"""Transport: requests and answers, limits, retries. Knows no venue."""
