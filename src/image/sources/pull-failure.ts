import { messageOf, statusOf } from '../../support/errors';
import { ImageError, type ImageErrorCode } from '../errors';
import type { ImageReference } from '../reference/reference';

/** A kind of failure: the engine's wordings, and the explanation. */
interface Kind {
  code: ImageErrorCode;
  matches: RegExp;
  means: (reference: ImageReference) => string;
}

/** The kinds of failures; the first that matches counts. The wordings are Docker's, containerd's and Podman's. */
const kinds: Kind[] = [
  {
    code: 'PULL_DENIED',
    matches: /pull access denied|unauthorized|no basic auth|authentication required|denied|forbidden/i,
    means: (reference) =>
      `the registry refused: ${reference.untagged} does not exist there, or requires credentials. Log in with "docker login${registryOf(reference)}"`,
  },
  {
    code: 'REGISTRY_UNREACHABLE',
    matches:
      /no such host|connection refused|connection reset|dial tcp|i\/o timeout|timeout|network is unreachable|no route to host|unexpected EOF|\bEOF\b|TLS handshake|x509|server gave HTTP response|hang up|aborted/i,
    means: () => "the registry can't be reached, or the connection to it broke",
  },
  {
    code: 'PULL_NOT_FOUND',
    matches: /manifest unknown|not found|no matching manifest|name unknown|does not exist/i,
    means: ({ untagged, tag, digest }) =>
      `the registry has no ${untagged} with ${digest ?? `the tag ${tag ?? ''}`}`,
  },
];

/**
 * Returns the error for a failed pull, whatever the engine's message is.
 *
 * @param unreadable why belljar could not read the credentials, and pulled without
 */
export function explainPullFailure(
  reference: ImageReference,
  error: unknown,
  unreadable?: string,
): ImageError {
  if (error instanceof ImageError) return error;
  const said = messageOf(error)
    .replace(/^\(HTTP code \d+\) [^-]*- /, '')
    .trim();
  const kind =
    kinds.find(({ matches }) => matches.test(said)) ?? (statusOf(error) === 404 ? kinds[2] : undefined);
  const what = kind === undefined ? '' : `${kind.means(reference)}. `;
  const without = unreadable === undefined ? '' : `. belljar pulled without credentials: ${unreadable}`;
  return new ImageError(
    kind?.code ?? 'PULL_FAILED',
    `Pulling ${reference.familiar} failed: ${what}The engine says: ${said}${without}`,
    { cause: error },
  );
}

function registryOf({ registry, port }: ImageReference): string {
  return registry === undefined ? '' : ` ${registry}${port === undefined ? '' : `:${port}`}`;
}
