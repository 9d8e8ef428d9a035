"""TLS towards peers and proxies: whom we trust, and what a refusal means.

Trust is the system's own store (`truststore`), so that a company's CA that was installed there
works, or one PEM bundle that replaces it. A context costs up to tens of milliseconds, so there is
one, made at the first https peer.
"""

from __future__ import annotations

import ssl

import trio

from ..ports import UpstreamUnreachable

TRUST_REMEDY = (
    "if a proxy of your company or a private CA signs it, install that CA in the system's trust"
    " store or point SSL_CERT_FILE to a PEM bundle that holds it"
)


class Trust:
    """Decides which certificates are accepted."""

    def __init__(self, ca_file: str | None) -> None:
        self._ca_file = ca_file
        self._context: ssl.SSLContext | None = None

    def context(self) -> ssl.SSLContext:
        """Returns the one context; raises UpstreamUnreachable when the CA bundle is unusable."""
        if self._context is None:
            context = self._open_context()
            context.set_alpn_protocols(["http/1.1"])
            self._context = context
        return self._context

    def _open_context(self) -> ssl.SSLContext:
        if self._ca_file is None:
            import truststore  # it loads the system's libraries, which plain http never needs

            return truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        try:
            return ssl.create_default_context(cafile=self._ca_file)
        except OSError as error:
            raise UpstreamUnreachable(
                f"the CA bundle {self._ca_file} cannot be used ({error.strerror or error}); let"
                " SSL_CERT_FILE name a readable PEM file, or unset it"
            ) from error

    async def start(
        self, stream: trio.abc.Stream, host: str, where: str
    ) -> trio.SSLStream[trio.abc.Stream]:
        """Shakes hands over the stream; `where` names the peer in messages.

        The stream says b"" when the peer leaves without a close_notify, as HTTP peers do; HTTP's
        own framing tells whether the body was whole. Raises UpstreamUnreachable.
        """
        try:
            secure = trio.SSLStream(
                stream, self.context(), server_hostname=host, https_compatible=True
            )
            await secure.do_handshake()
        except (trio.BrokenResourceError, ValueError) as error:
            raise UpstreamUnreachable(_explain(error.__cause__ or error, where)) from error
        return secure


def _explain(error: BaseException, where: str) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        reason = error.verify_message or error.reason or "not trusted"
        return f"the certificate of {where} was not accepted: {reason}; {TRUST_REMEDY}"
    if isinstance(error, ssl.SSLEOFError | ssl.SSLSyscallError):
        return f"{where} closed the connection during the TLS handshake; check that it speaks https"
    if isinstance(error, ssl.SSLError):
        reason = (error.reason or "unknown").replace("_", " ").lower()
        return f"the TLS handshake with {where} failed: {reason}; check that it speaks https"
    return f"the TLS handshake with {where} broke off; check that it speaks https"
