"""A month of made traffic for demonstrations and screenshots: `python -m eval.demo`."""
