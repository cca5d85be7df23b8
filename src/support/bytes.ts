/**
 * Returns the bytes of a view as a `Buffer`, without a copy. The view may belong to another realm, as in a test file of
 * Jest's environment `jsdom`, and then `instanceof Uint8Array` is false.
 */
export function bufferOf({ buffer, byteOffset, byteLength }: ArrayBufferView): Buffer {
  return Buffer.from(buffer as ArrayBuffer, byteOffset, byteLength);
}
