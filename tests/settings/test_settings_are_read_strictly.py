"""Settings come from RECADO_… variables and files; a wrong one stops the start with its name."""

from __future__ import annotations

from pathlib import Path

import pytest

from recado.errors import SettingInvalid
from recado.settings import Settings, load


def test_without_variables_everything_has_its_default() -> None:
    settings = load({})
    assert (settings.host, settings.port, settings.data_dir) == ("127.0.0.1", 8000, Path("recado-data"))
    assert settings.is_sqlite
    assert settings.base_url == "http://127.0.0.1:8000"


def test_variables_are_read_by_their_types() -> None:
    settings = load({
        "RECADO_PORT": "9000", "RECADO_EGRESS_ALLOW": "10.0.0.0/8, 127.0.0.0/8:8080 ,", "RECADO_EGRESS_HIDE_REASON": "yes",
        "RECADO_SHUTDOWN_GRACE_SECONDS": "2.5", "RECADO_DATA_DIR": "/srv/recado", "RECADO_LOG_LEVEL": "debug", "PATH": "/bin",
    })  # fmt: skip
    assert settings.port == 9000
    assert settings.egress_allow == ("10.0.0.0/8", "127.0.0.0/8:8080")
    assert settings.egress_hide_reason
    assert settings.shutdown_grace_seconds == 2.5
    assert settings.data_dir == Path("/srv/recado")


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("RECADO_PORT", "eighty"),
        ("RECADO_EGRESS_HIDE_REASON", "perhaps"),
        ("RECADO_KEK_PROVIDER", "pocket"),
        ("RECADO_LOG_LEVEL", "loud"),
        ("RECADO_PROT", "8000"),
        ("RECADO_KEK_FILE", "/no/such/file"),
    ],
)
def test_a_wrong_setting_is_named(variable: str, value: str) -> None:
    with pytest.raises(SettingInvalid) as caught:
        load({variable: value})
    assert variable in str(caught.value)
    assert value not in str(caught.value)


def test_secrets_can_come_from_files_and_are_not_shown(tmp_path: Path) -> None:
    (tmp_path / "token").write_text("tok-3-n\n")
    settings = load({"RECADO_METRICS_TOKEN_FILE": str(tmp_path / "token")})
    assert settings.metrics_token == "tok-3-n"
    assert "tok-3-n" not in repr(settings)


def test_the_command_line_wins_and_none_means_not_given() -> None:
    assert load({"RECADO_PORT": "9000"}, port=9001, host=None) == Settings(port=9001)


@pytest.mark.parametrize(("host", "url"), [("::1", "http://[::1]:8000"), ("0.0.0.0", "http://0.0.0.0:8000")])
def test_the_base_url_follows_the_host(host: str, url: str) -> None:
    assert load({}, host=host).base_url == url
    assert load({}, host=host, public_url="https://recado.example/").base_url == "https://recado.example"
