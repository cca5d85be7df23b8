import { BelljarError } from '../support/errors';

/** The reason why an image is not available, or is not the requested one. */
export type ImageErrorCode =
  /** belljar could not get the image; the message lists each way that it tried, and why it failed. */
  | 'IMAGE_NOT_FOUND'
  /** With `pull: 'always'`, belljar could not pull the image. The engine has one of that name, perhaps an old one. */
  | 'IMAGE_NOT_UPDATED'
  /** The set-up of a derived image failed; the `cause` is its error. */
  | 'IMAGE_NOT_DERIVED'
  /** The set-up of a derived image wrote to a volume, or to another mount, which no image holds. */
  | 'CHANGES_NOT_KEPT'
  /** A file of `BELLJAR_IMAGE_ARCHIVE` is missing, is not an image archive, or was refused by the engine. */
  | 'IMAGE_ARCHIVE_UNUSABLE'
  /** A build failed; the message has the end of the build's output. */
  | 'IMAGE_NOT_BUILT'
  /** Only BuildKit can build the Dockerfile; the message names the lines, and what works instead. */
  | 'BUILDKIT_NEEDED'
  /** The registry has no such image or tag. */
  | 'PULL_NOT_FOUND'
  /** The registry requires credentials, or other credentials. */
  | 'PULL_DENIED'
  /** The registry does not answer, or the connection to the registry broke. */
  | 'REGISTRY_UNREACHABLE'
  /** The pull failed for another reason. */
  | 'PULL_FAILED'
  /** The caller's signal canceled the pull. */
  | 'PULL_CANCELED'
  /** Docker's `config.json` or a credential helper failed. */
  | 'CREDENTIALS_UNREADABLE'
  /** The archive that the engine saved is not an image archive. */
  | 'SAVED_IMAGE_MALFORMED';

/** An image is not available, or is not the requested one. */
export class ImageError extends BelljarError {
  /** What went wrong; {@link ImageErrorCode} has the meaning of each code. */
  declare readonly code: ImageErrorCode;

  constructor(code: ImageErrorCode, message: string, options?: ErrorOptions) {
    super(code, message, options);
  }
}

/** The reason why a string is not an image reference. */
export type ImageReferenceErrorCode =
  /** The reference is not a string. */
  | 'REFERENCE_NOT_TEXT'
  /** The string is empty. */
  | 'REFERENCE_EMPTY'
  /** There is white space in the string, or at one of its ends. */
  | 'REFERENCE_WHITESPACE'
  /** The string begins with a scheme, such as `https://`. */
  | 'REFERENCE_SCHEME'
  /** The string has a backslash in it. */
  | 'REFERENCE_BACKSLASH'
  /** The string is an image's id: `sha256:` and 64 hexadecimal digits. */
  | 'REFERENCE_IS_ID'
  /** The string begins with a slash. */
  | 'SLASH_LEADING'
  /** The string ends with a slash, where the name should be. */
  | 'SLASH_TRAILING'
  /** A part between two slashes is empty. */
  | 'SLASH_DOUBLE'
  /** There is no name before the tag or the digest. */
  | 'NAME_MISSING'
  /** The name has upper-case letters. */
  | 'NAME_UPPER_CASE'
  /** The name has a character that names can't have. */
  | 'NAME_CHARACTER'
  /** A separator (`.`, `_`, `__` or dashes) is not between letters or digits. */
  | 'NAME_SEPARATOR'
  /** Registry, repository and name are longer than 255 characters together. */
  | 'NAME_TOO_LONG'
  /** The name is 64 hexadecimal digits, as an image's id is. */
  | 'NAME_IS_ID'
  /** The registry is not a host name. */
  | 'REGISTRY_HOST'
  /** The registry's port is not a number. */
  | 'REGISTRY_PORT'
  /** The registry's port is not a number from 1 to 65535. */
  | 'REGISTRY_PORT_RANGE'
  /** There is a colon and no tag after it. */
  | 'TAG_EMPTY'
  /** There is more than one colon after the name. */
  | 'TAG_DOUBLE'
  /** A slash follows the tag. */
  | 'TAG_BEFORE_SLASH'
  /** The tag has a character that tags can't have, or can't begin with. */
  | 'TAG_CHARACTER'
  /** The tag is longer than 128 characters. */
  | 'TAG_TOO_LONG'
  /** There are two colons in a row. */
  | 'COLON_DOUBLE'
  /** There is `@` and no digest after it. */
  | 'DIGEST_EMPTY'
  /** There is more than one `@`. */
  | 'DIGEST_DOUBLE'
  /** The digest does not begin with a known algorithm and a colon, such as `sha256:`. */
  | 'DIGEST_ALGORITHM'
  /** The digest does not have as many hexadecimal digits as its algorithm has. */
  | 'DIGEST_LENGTH'
  /** The digest has something other than hexadecimal digits after its colon. */
  | 'DIGEST_CHARACTER';

/** A string is not an image reference. */
export class ImageReferenceError extends BelljarError {
  /** What went wrong; {@link ImageReferenceErrorCode} has the meaning of each code. */
  declare readonly code: ImageReferenceErrorCode;
  /** The reference that was probably meant. It can always be parsed. */
  readonly suggestion?: string;

  /**
   * @param message the problem, for people
   * @param suggestion the reference that was probably meant
   */
  constructor(code: ImageReferenceErrorCode, message: string, suggestion?: string) {
    super(code, message);
    if (suggestion !== undefined) this.suggestion = suggestion;
  }
}
