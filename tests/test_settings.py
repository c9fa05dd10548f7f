"""Settings: read from the environment, wrong values told by name, secrets never printed."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lagesbild.cli.main import config
from lagesbild.domain.errors import ConfigError
from lagesbild.settings import Settings, _mask, allowed, load_settings

CHOICES = ("auth", "others", "viewer_role")


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch):
    for name in Settings().environment_names.values():
        monkeypatch.delenv(name, raising=False)


def test_everything_has_a_default():
    settings = load_settings()
    assert settings.database_url is None
    assert settings.home == Path(".lagesbild")
    assert (settings.host, settings.port) == ("127.0.0.1", 8050)
    assert (settings.auth, settings.viewer_role, settings.small_count_threshold) == ("none", "public", 5)


def test_the_environment_decides(monkeypatch):
    monkeypatch.setenv("LAGESBILD_DATABASE_URL", "postgresql://db.example/lagesbild")
    monkeypatch.setenv("LAGESBILD_HOME", "/srv/data")
    monkeypatch.setenv("PORT", "9000")
    monkeypatch.setenv("HOST", "0.0.0.0")
    settings = load_settings()
    assert settings.database_url == "postgresql://db.example/lagesbild"
    assert (settings.home, settings.port, settings.host) == (Path("/srv/data"), 9000, "0.0.0.0")


def test_each_name_printed_is_a_name_that_works(monkeypatch):
    values = {"LAGESBILD_HOME": "h", "LAGESBILD_AUTH": "oidc", "LAGESBILD_VIEWER_ROLE": "exact", "PORT": "81"}
    values |= {"LAGESBILD_PREPARE": "False", "LAGESBILD_OTHERS": "public", "LAGESBILD_OIDC_ALGORITHMS": "ES256"}
    values |= {"LAGESBILD_PUBLIC_URL": "https://lagesbild.example"}
    for name in Settings().environment_names.values():
        monkeypatch.setenv(name, values.get(name, "7"))
    masked = load_settings().masked()
    assert masked == {name: values.get(name, "7") for name in masked}


@pytest.mark.parametrize(
    "name, value",
    [
        ("PORT", "åttio"),
        ("PORT", "0"),
        ("PORT", "65536"),
        ("LAGESBILD_AUTH", "ingen"),
        ("LAGESBILD_VIEWER_ROLE", "admin"),
        ("LAGESBILD_SMALL_COUNT_THRESHOLD", "0"),
    ],
)
def test_a_wrong_value_is_told_by_name_with_a_remedy(monkeypatch, name, value):
    monkeypatch.setenv(name, value)
    with pytest.raises(ConfigError) as caught:
        load_settings()
    assert name in caught.value.message
    assert f"”{value}”" in caught.value.message
    assert caught.value.remedy
    assert caught.value.exit_code == 2


@pytest.mark.parametrize(
    "name, value, told",
    [
        ("LAGESBILD_AUTH", "foo", "none, proxy eller oidc"),
        ("LAGESBILD_OTHERS", "alla", "refused eller public"),
        ("PORT", "0", "ett heltal från 1 till 65535"),
        ("LAGESBILD_CACHE_MB", "-1", "ett heltal, minst 0"),
        ("LAGESBILD_PREPARE", "kanske", "true eller false"),
        ("LAGESBILD_PUBLIC_URL", "ftp://x", "skrivet som https://lagesbild.exempel.se"),
        ("LAGESBILD_SNAPSHOTS_KEEP", "tio", "skrivet som 10y, 24 eller all"),
    ],
)
def test_a_wrong_value_is_told_with_what_is_allowed(monkeypatch, name, value, told):
    monkeypatch.setenv(name, value)
    with pytest.raises(ConfigError, match=re.escape(f"inte kan användas: {told}.")):
        load_settings()


def test_every_setting_that_can_be_wrong_says_what_is_allowed_and_its_example_is():
    for name, field in Settings.model_fields.items():
        assert bool(allowed(name)) is (field.annotation in (int, bool) or bool(field.metadata) or name in CHOICES), name
        for example in field.examples or ():
            assert getattr(Settings(**{name: example}), name) == example


def test_all_wrong_values_are_told_at_once_and_config_still_shows_every_setting(monkeypatch, capsys):
    monkeypatch.setenv("LAGESBILD_AUTH", "foo")
    monkeypatch.setenv("PORT", "åttio")
    monkeypatch.setenv("LAGESBILD_OPERATOR", "Region Stockholm")
    with pytest.raises(ConfigError) as caught:
        config()
    assert "LAGESBILD_AUTH har värdet ”foo”" in caught.value.message
    assert "PORT har värdet ”åttio”" in caught.value.message
    shown = capsys.readouterr().out
    assert {line.partition("=")[0] for line in shown.splitlines() if line[0] != "#"} == set(
        Settings.model_construct().environment_names.values()
    )
    assert "[none, proxy eller oidc]\n# FEL: värdet kan inte användas\nLAGESBILD_AUTH=foo\n" in shown
    assert "LAGESBILD_OPERATOR=Region Stockholm\n" in shown
    assert shown.count("# FEL") == 2


secrets = st.text("abcdefghijkmnpqrstuvxyzABC0123456789!$&'()*+,;=._~-", min_size=8, max_size=30)


@given(secrets)
def test_a_password_is_never_printed(secret):
    shown = _mask(f"postgresql://user:{secret}@db.example:5432/lagesbild?sslmode=require")
    assert secret not in shown
    assert shown == "postgresql://user:***@db.example:5432/lagesbild?sslmode=require"


def test_a_password_given_as_a_parameter_is_masked_too():
    shown = _mask("postgresql://db.example/lagesbild?user=u&password=hemligt123&sslmode=require")
    assert "hemligt123" not in shown
    assert "sslmode=require" in shown


@pytest.mark.parametrize(
    "value",
    [
        "postgresql://user:hem?ligt@db.example/x",
        "postgresql://user:hem/ligt#1@db.example/x",
        "host=db user=a password='hem ligt' dbname=x",
        r"host=db password = 'hem\'ligt' dbname=x",
    ],
)
def test_signs_that_end_other_parts_of_an_address_do_not_end_a_password(value):
    shown = _mask(value)
    assert "hem" not in shown
    assert "ligt" not in shown
    assert shown.endswith(("@db.example/x", " dbname=x"))


def test_an_empty_value_is_no_value(monkeypatch):
    for name in Settings().environment_names.values():
        monkeypatch.setenv(name, "")
    assert load_settings() == Settings.model_construct(**{n: f.default for n, f in Settings.model_fields.items()})


@pytest.mark.parametrize("value", ["", "postgresql://db.example/x", "postgresql://user@db.example/x", "5"])
def test_what_holds_no_secret_is_printed_whole(value):
    assert _mask(value) == value


def test_settings_cannot_be_changed_while_running():
    with pytest.raises(ValueError, match="frozen"):
        load_settings().port = 1


def test_every_setting_says_what_it_does():
    for name, field in Settings.model_fields.items():
        assert field.description, name
