"""`sources.yml` and the environment: what is wrong is refused before anything runs."""

from __future__ import annotations

import pytest

from orchestration.settings import SettingsError, load

GOOD = """
timezone: Europe/Berlin
sources:
  shop:
    kind: files
    directory: drop
    tables: {o: {path: "o*.csv"}}
    entities:
      orders:
        table: o
        columns: {order_id: id, ordered_at: created}
"""


def complaint(deployment, text):
    deployment.configure(text)
    with pytest.raises(SettingsError) as caught:
        load(deployment.home)
    return str(caught.value)


def test_a_missing_file_says_how_to_write_one(deployment):
    with pytest.raises(SettingsError, match="cx init"):
        load(deployment.home)


@pytest.mark.parametrize(
    ("right", "wrong", "expected"),
    [
        ("Europe/Berlin", "Europe/Berln", "line 2: timezone: 'Europe/Berln' is not an IANA"),
        ("directory:", "directry:", "allowed: kind, directory, tables, entities"),
        ("orders:", "ordrs:", "entity 'ordrs' is not known; allowed: customers, orders"),
        ("order_id:", "orderid:", "orderid not known; allowed: order_id, source_customer_id"),
        ("table: o", "table: p", "table 'p' is not one of o"),
        (", ordered_at: created", "", "lack ordered_at, without which no row lands"),
        ("kind: files", "kind: fils", "line 5: sources.shop.kind: Input should be 'files'"),
        ("shop:", "email:", "source 'email': the name stands for identities"),
        ("drop", "${DROP}", "line 6: the environment has no DROP"),
        ("sources:", "sources: [", "not readable as YAML"),
    ],
)
def test_a_mistake_is_named_with_its_line_and_what_is_allowed(deployment, right, wrong, expected):
    assert expected in complaint(deployment, GOOD.replace(right, wrong, 1))


def test_names_in_braces_come_from_the_environment_over_the_env_file(deployment, monkeypatch):
    deployment.configure(GOOD.replace("directory: drop", "directory: ${DROP}"))
    deployment.home.env_file.write_text("DROP=from_file\n")
    assert load(deployment.home).config.sources["shop"].directory == "from_file"
    monkeypatch.setenv("DROP", "from_environment")
    assert load(deployment.home).config.sources["shop"].directory == "from_environment"


def test_the_salt_is_made_once_and_kept_to_its_owner(deployment, monkeypatch):
    monkeypatch.delenv("CX_PII_SALT")
    deployment.configure(GOOD)
    first = load(deployment.home).salt
    assert len(first) == 64
    assert load(deployment.home).salt == first
    assert deployment.home.env_file.stat().st_mode & 0o077 == 0
