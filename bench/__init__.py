"""Measurements that print ratios: ``python -m bench`` writes ``bench/RESULTS.md``."""
