"""What we refuse: one suite per table at a boundary, one registry."""
