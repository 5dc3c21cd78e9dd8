"""Landing: the only state that matters. Immutable Parquet batches, one folder per entity.

`contract.py` says what a row must hold, `door.py` lets rows in or sends them to quarantine,
`batches.py` keeps the files, `records.py` keeps what runs did, `quarantine.py` gives refused rows
a second chance.
"""
