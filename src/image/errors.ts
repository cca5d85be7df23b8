import { BelljarError } from '../support/errors';

/**
 * An image can't be had, or is not what was asked for. `code` is one of
 *
 * - `IMAGE_NOT_FOUND`: no way to the image led to it; the message lists each, and why it failed
 * - `IMAGE_NOT_DERIVED`: the set-up of a derived image failed; its error is the `cause`
 * - `IMAGE_ARCHIVE_UNUSABLE`: a file of `BELLJAR_IMAGE_ARCHIVE` is missing, no image archive, or refused by the engine
 * - `IMAGE_NOT_BUILT`: a Dockerfile led to no image; the message has the end of the build's output
 * - `PULL_NOT_FOUND`: the registry has no such image or tag
 * - `PULL_DENIED`: the registry wants other credentials, or any
 * - `REGISTRY_UNREACHABLE`: the registry does not answer, or the connection to it broke
 * - `PULL_FAILED`: the pull failed otherwise
 * - `PULL_CANCELED`: the caller's signal ended it
 * - `CREDENTIALS_UNREADABLE`: Docker's `config.json` or a credential helper failed
 * - `SAVED_IMAGE_MALFORMED`: what the engine saved is no image archive
 */
export class ImageError extends BelljarError {}

/**
 * A text that is no image reference. `code` names the form, one for each; see `ReferenceProblem`.
 */
export class ImageReferenceError extends BelljarError {
  /** What was probably meant; always a reference that can be parsed. */
  readonly suggestion?: string;

  /**
   * @param code the form, for programs
   * @param message what is wrong, for people
   * @param suggestion what was probably meant
   */
  constructor(code: ReferenceProblem, message: string, suggestion?: string) {
    super(code, message);
    if (suggestion !== undefined) this.suggestion = suggestion;
  }
}

/** Every way in which a text is not an image reference. */
export type ReferenceProblem =
  | 'REFERENCE_NOT_TEXT'
  | 'REFERENCE_EMPTY'
  | 'REFERENCE_WHITESPACE'
  | 'REFERENCE_SCHEME'
  | 'REFERENCE_BACKSLASH'
  | 'REFERENCE_IS_ID'
  | 'SLASH_LEADING'
  | 'SLASH_TRAILING'
  | 'SLASH_DOUBLE'
  | 'NAME_MISSING'
  | 'NAME_UPPER_CASE'
  | 'NAME_CHARACTER'
  | 'NAME_SEPARATOR'
  | 'NAME_TOO_LONG'
  | 'NAME_IS_ID'
  | 'REGISTRY_HOST'
  | 'REGISTRY_PORT'
  | 'REGISTRY_PORT_RANGE'
  | 'TAG_EMPTY'
  | 'TAG_DOUBLE'
  | 'TAG_BEFORE_SLASH'
  | 'TAG_CHARACTER'
  | 'TAG_TOO_LONG'
  | 'COLON_DOUBLE'
  | 'DIGEST_EMPTY'
  | 'DIGEST_DOUBLE'
  | 'DIGEST_ALGORITHM'
  | 'DIGEST_LENGTH'
  | 'DIGEST_CHARACTER';
