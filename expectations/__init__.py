"""What we refuse: one suite per table at a boundary, one registry.

`registry.py` lists the suites, `landing/`, `core/`, `journey/`, `metrics/`, `churn/` and `quality/`
hold one file per table, `rules/` holds the rules as Great Expectations. Only `rules/` imports
Great Expectations.
"""
