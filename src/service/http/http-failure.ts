import { codeOf, messageOf } from '../../support/errors';

/** The meaning of a failed request's codes. Docker listens on a published port even if the container does not. */
const failures: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'the connection was refused: nothing listens there',
  ECONNRESET:
    'the connection was closed without an answer: nothing listens on the port in the container, or the server hung up',
  ABORT_ERR: 'no answer until then',
  EPROTO: 'the server does not speak TLS: leave tls out',
  HPE_INVALID_CONSTANT: 'the answer is not HTTP: if the server speaks TLS, give { tls: true }',
  ERR_TLS_CERT_ALTNAME_INVALID:
    'the certificate is for another name: give { tls: { serverName } }, or { tls: { allowInsecure: true } }',
  CERT_HAS_EXPIRED: 'the certificate has expired: { tls: { allowInsecure: true } } accepts it',
};

/** The codes of certificates that no known authority has signed (OpenSSL, X509_STORE_CTX_get_error(3)). */
const untrusted =
  /^(DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_(VERIFY_LEAF_SIGNATURE|GET_ISSUER_CERT(_LOCALLY)?))$/;

/** Formats why a request got no answer. */
export function formatHttpFailure(error: unknown): string {
  const code = codeOf(error) ?? '';
  if (untrusted.test(code))
    return (
      `no known authority has signed the certificate (${code}): give { tls: { ca } }, ` +
      'or { tls: { allowInsecure: true } }'
    );
  return failures[code] ?? messageOf(error);
}
