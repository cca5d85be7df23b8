/** How thoroughly an image is checked. Each depth includes the checks of the one before it. */
export type VerifyDepth = 'identity' | 'content' | 'behavior';

/** A difference, or a check that was not possible. */
export interface ImageDifference {
  /**
   * - `removed`: the engine does not have an image of that id any more
   * - `tag-moved`, `tag-removed`: the reference names another image, or no image
   * - `tag-added`: the image has a new tag
   * - `layers`, `config`: the engine lists other layers, or another config, than before
   * - `config-content`, `layer-content`, `blob-content`: the hash of the engine's bytes differs from the digest
   * - `path`: a file of a new container differs
   * - `unreadable`: the engine could not return the image, because the image is damaged
   * - `unchecked`: belljar could not check
   */
  readonly kind:
    | 'removed'
    | 'tag-moved'
    | 'tag-removed'
    | 'tag-added'
    | 'layers'
    | 'config'
    | 'config-content'
    | 'layer-content'
    | 'blob-content'
    | 'path'
    | 'unreadable'
    | 'unchecked';
  /** One sentence for people. */
  readonly message: string;
  readonly expected?: string;
  readonly found?: string;
}

/** The result of `image.verify()`. */
export interface ImageReport {
  /** True only if belljar checked everything, and found no difference. */
  readonly unchanged: boolean;
  readonly depth: VerifyDepth;
  readonly reference: string;
  readonly id: string;
  readonly differences: readonly ImageDifference[];
  /** The checks that found what they expected, a sentence each. */
  readonly evidence: readonly string[];
}

/** The result of one check. */
export interface Findings {
  differences: ImageDifference[];
  evidence: string[];
}
