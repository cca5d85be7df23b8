import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { lstat } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { scanTree, type ScannedTree, type ScanOptions } from './tree';

/** The directories of a container's layers, as the engine reports them. */
export interface LayerDirectories {
  GraphDriver?: { Name?: string; Data?: Record<string, string> | null };
}

/**
 * Returns a directory of a container's layers that this process can read; undefined if there is none. The id in the
 * path is random, so that a directory of this name on this machine is the container's. If user namespaces shift owners,
 * the directory does not belong to root, and only the engine's export has the right owners.
 */
export async function layerDirectory(
  { GraphDriver }: LayerDirectories,
  kind: 'UpperDir' | 'MergedDir',
): Promise<string | undefined> {
  const directory = GraphDriver?.Data?.[kind];
  if (GraphDriver?.Name !== 'overlay2' || directory === undefined || process.getuid?.() !== 0)
    return undefined;
  try {
    const stats = await lstat(directory);
    return stats.isDirectory() && stats.uid === 0 ? directory : undefined;
  } catch {
    return undefined;
  }
}

/** Options of GNU tar, with which it reads a layer whole. */
export const tarOptions = [
  '--xattrs',
  '--xattrs-include=*',
  '--format=pax',
  // These times are not used, and without them most files need no extended header.
  '--pax-option=delete=atime,delete=ctime',
  // As much at once as a pipe holds: each read costs the same memory, however little comes.
  '--blocking-factor=128',
];

/**
 * Reads a directory of the host with GNU tar, because Node.js itself can't read extended attributes. Returns undefined
 * if tar is missing, is not GNU tar, or failed.
 */
export async function scanHostDirectory(
  directory: string,
  options: ScanOptions,
): Promise<ScannedTree | undefined> {
  const tar = spawn('tar', [...tarOptions, '-C', directory, '-cf', '-', '.'], {
    stdio: ['ignore', 'pipe', 'ignore'],
    env: { ...process.env, LC_ALL: 'C', TAR_OPTIONS: '' },
  });
  // Listens before anything is awaited. A tar that is missing, or lacks these options, is not an error here.
  const ended = once(tar, 'close').then(
    ([code]) => code as number | null,
    () => null,
  );
  try {
    const scanned = await scanTree(flow(tar.stdout), options);
    // 1: some files changed while they were read, which a running container's do.
    return [0, 1].includes((await ended) ?? -1) ? scanned : undefined;
  } catch {
    tar.kill();
    await ended;
    return undefined;
  }
}

/** How many pieces of a stream may wait, of 64 KiB each at most. */
const waitingLimit = 16;

/**
 * Yields the pieces of a stream as they come. The stream's own iterator would join waiting pieces, at a copy's cost.
 */
export async function* flow(stream: Readable): AsyncGenerator<Buffer, void, undefined> {
  let waiting: Buffer[] = [];
  let wake = (): void => undefined;
  stream.on('data', (piece: Buffer) => {
    if (waiting.push(piece) === waitingLimit) stream.pause();
    wake();
  });
  // After an error the archive is cut off, which its reader finds.
  stream.on('error', () => wake()).on('close', () => wake());
  try {
    for (;;) {
      const pieces = waiting;
      waiting = [];
      for (const piece of pieces) yield piece;
      if (waiting.length > 0) continue;
      if (stream.closed) return;
      stream.resume();
      await new Promise<void>((resolve) => (wake = resolve));
    }
  } finally {
    stream.destroy();
  }
}
