import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { open } from 'node:fs/promises';

const chunkSize = 256 * 1024;

/** If a link or a pipe has taken the file's place, belljar does not follow the link or wait for the pipe. */
const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;

/** Returns the SHA-256 of a regular file in hexadecimal. Reads the file in chunks. */
export async function hashFile(path: string): Promise<string> {
  const file = await open(path, flags);
  try {
    const hash = createHash('sha256');
    const buffer = Buffer.allocUnsafe(chunkSize);
    for (;;) {
      const { bytesRead } = await file.read(buffer, 0, chunkSize);
      if (bytesRead === 0) return hash.digest('hex');
      hash.update(buffer.subarray(0, bytesRead));
    }
  } finally {
    await file.close();
  }
}
