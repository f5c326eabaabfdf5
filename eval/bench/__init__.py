"""`make bench`: how fast Xiaoer is, as ratios to its encoder alone. See `python -m eval.bench --help`."""
