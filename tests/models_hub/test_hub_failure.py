"""What a hub's refusal means: again, elsewhere, or never; and how long to wait."""

from __future__ import annotations

import pytest
from understudy.protocols.models.hub_failure import (
    WAIT_SECONDS_MAX,
    Asked,
    Refused,
    refusal,
    wait_seconds,
)

ASKED = Asked("hub.test", "https://hub.test", "a/b", "https://hub.test/a/b", "main", "m.gguf")


def refused(
    status: int, *, of_the_hub: bool = True, with_token: bool = False, **headers: str
) -> Refused:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return refusal(status, named, ASKED, of_the_hub=of_the_hub, with_token=with_token)


@pytest.mark.parametrize(
    ("status", "code", "words"),
    [
        (401, "GatedRepo", "accept its terms at https://hub.test/a/b"),
        (403, "GatedRepo", "HF_TOKEN"),
        (403, "", "is gated"),
        (404, "RepoNotFound", "has no model a/b"),
        (401, "", "check the name"),
        (404, "RevisionNotFound", "no revision main"),
        (404, "EntryNotFound", "no file m.gguf"),
        (400, "", "answers 400"),
    ],
)
def test_a_refusal_says_what_to_do(status: int, code: str, words: str) -> None:
    found = refused(status, x_error_code=code)
    assert words in found.message
    assert (found.again, found.elsewhere) == (False, False)


def test_a_token_that_is_not_taken_is_no_missing_model() -> None:
    told = "Invalid credentials in Authorization header"
    assert "does not take this token" in refused(401, with_token=True, x_error_message=told).message


def test_what_the_hub_says_cannot_paint_the_terminal() -> None:
    assert refused(400, x_error_message="\x1b[2Jgone").message.isprintable()


@pytest.mark.parametrize("status", [408, 429, 500, 502, 503, 504])
def test_trouble_may_pass(status: int) -> None:
    assert refused(status).again
    assert refused(status, of_the_hub=False).again


@pytest.mark.parametrize("status", [401, 403, 404, 410])
def test_an_address_with_a_signature_may_have_lapsed(status: int) -> None:
    found = refused(status, of_the_hub=False)
    assert found.elsewhere
    assert "GatedRepo" not in found.message
    assert not refused(416, of_the_hub=False).elsewhere


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry_after": "7"}, 7.0),
        ({"ratelimit": '"api";r=0;t=55'}, 55.0),
        ({"ratelimit": '"api";r=3;t=55'}, 0.0),
        ({"retry_after": "Wed, 21 Oct 2026 07:28:00 GMT"}, 0.0),
        ({"retry_after": "-7"}, 0.0),
        ({"retry_after": "9" * 30}, 0.0),
        ({"retry_after": "\u0667"}, 0.0),
        ({"ratelimit": "r=0;t=x"}, 0.0),
    ],
)
def test_the_hub_says_how_long_to_wait(headers: dict[str, str], seconds: float) -> None:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    found = refusal(429, named, ASKED, of_the_hub=True, with_token=False)
    assert found.wait_seconds == seconds


def test_a_wait_is_drawn_below_a_bound_that_doubles() -> None:
    assert [wait_seconds(tries, 1.0) for tries in (1, 2, 3)] == [1.0, 2.0, 4.0]
    assert wait_seconds(3, 0.0) == 0.0
    assert wait_seconds(10_000, 1.0) == WAIT_SECONDS_MAX
    assert wait_seconds(1, 0.5, 60.0) == 60.5
