/** How closely an image is looked at; each depth does what the one before it does, and more. */
export type VerifyDepth = 'identity' | 'content' | 'behavior';

/** What differs, or could not be looked at. */
export interface ImageDifference {
  /**
   * - `removed`: the engine has no image of that id any more
   * - `tag-moved`, `tag-removed`: the reference names another image, or none
   * - `tag-added`: the image has a tag that it did not have
   * - `layers`, `config`: the engine lists other layers, or another config, than before
   * - `config-content`, `layer-content`, `blob-content`: the bytes that the engine gives have another hash than its
   *   name says
   * - `path`: a file of a new container differs
   * - `unreadable`: the engine could not give the image, which is what it does with a damaged one
   * - `unchecked`: belljar could not look
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

/** What `image.verify()` found. */
export interface ImageReport {
  /** True only where everything was looked at, and nothing differs. */
  readonly unchanged: boolean;
  readonly depth: VerifyDepth;
  readonly reference: string;
  readonly id: string;
  readonly differences: readonly ImageDifference[];
  /** What was looked at and found as expected, a sentence each. */
  readonly evidence: readonly string[];
}

/** What one check found. */
export interface Findings {
  differences: ImageDifference[];
  evidence: string[];
}
