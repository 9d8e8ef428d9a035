"""What the environment says about certificates and proxies."""

from __future__ import annotations

from understudy.io.upstream.settings import UpstreamSettings, settings_from_environment


def test_an_empty_environment_changes_nothing() -> None:
    assert settings_from_environment({}) == UpstreamSettings()
    assert settings_from_environment({"HTTPS_PROXY": "", "SSL_CERT_FILE": ""}) == UpstreamSettings()


def test_every_variable_is_read() -> None:
    settings = settings_from_environment(
        {
            "SSL_CERT_FILE": "/ca.pem",
            "HTTP_PROXY": "http://a:1",
            "HTTPS_PROXY": "http://b:2",
            "NO_PROXY": "one, .two,,10.0.0.0/8 three",
        }
    )
    assert settings == UpstreamSettings(
        ca_file="/ca.pem",
        http_proxy="http://a:1",
        https_proxy="http://b:2",
        no_proxy=("one", ".two", "10.0.0.0/8", "three"),
    )


def test_lower_case_wins_and_all_proxy_comes_last() -> None:
    settings = settings_from_environment(
        {"https_proxy": "http://low", "HTTPS_PROXY": "http://up", "all_proxy": "http://all"}
    )
    assert settings.https_proxy == "http://low"
    assert settings.http_proxy == "http://all"


def test_a_proxys_password_is_not_in_the_repr() -> None:
    assert "secret" not in repr(UpstreamSettings(https_proxy="http://user:secret@host"))
