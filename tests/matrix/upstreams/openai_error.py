"""The error body of OpenAI's two dialects (platform.openai.com, "Error codes")."""

from __future__ import annotations

from ..answer import Failure
from ..question import Json

KINDS = {
    400: ("invalid_request_error", None),
    401: ("invalid_request_error", "invalid_api_key"),
    403: ("invalid_request_error", "unsupported_country_region_territory"),
    404: ("invalid_request_error", "model_not_found"),
    413: ("invalid_request_error", "request_too_large"),
    429: ("requests", "rate_limit_exceeded"),
    503: ("service_unavailable_error", None),
    529: ("overloaded_error", None),
}


def error_body(failure: Failure) -> Json:
    """The body of an error response, and the data of an error in a Chat stream."""
    kind, code = KINDS.get(failure.status, ("server_error", None))
    return {"error": {"message": failure.message, "type": kind, "param": None, "code": code}}
