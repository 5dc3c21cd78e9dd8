"""What we refuse: one suite per table at a boundary, one registry.

`registry.py` lists the suites; `landing/`, `core/`, `journey/`, `metrics/`, `churn/` and `quality/`
hold one file per table, made of `check.py` and of what tables share in `common.py`; `rules/` holds
the rules themselves. Only `rules/` imports Great Expectations.
"""
