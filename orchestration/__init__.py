"""When and in which order things run: sources, landing, gates, dbt and the release."""
