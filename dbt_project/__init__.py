"""What the data means: the dbt project, staging to marts."""
