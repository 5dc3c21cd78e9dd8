"""Landing: the only state that matters. Immutable Parquet batches, one folder per entity.

`contract.py` says what a row must hold and `casting.py` reads its values; `door.py` lets rows in or
refuses them by the rules of `judging.py`. `batches.py` and `records.py` keep the files, and
`quarantine.py` and `replay.py` give refused rows a second chance.
"""
