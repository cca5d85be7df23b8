import { PassThrough } from 'node:stream';
import type Docker from 'dockerode';
import { readFrames } from '../../engine/framed-stream';
import { ended } from '../../engine/stream-end';
import { statusOf } from '../../support/errors';
import { poll } from '../../support/poll';
import { flow, tarOptions } from '../host-tar';
import { decodePath } from '../path';
import { scanTree, type ScannedTree, type ScanOptions, type TreeEntry } from '../tree';
import { forgetReader, giveUpReader, layerReader, layersInReader } from './layer-reader';

/** What an upper directory holds: tar leaves out the sockets. */
export interface UpperTree {
  scanned: ScannedTree;
  sockets: [path: string, entry: TreeEntry][];
}

/**
 * Prints the sockets on standard error, and a tar on standard output. `$1`: the directory; then tar's options. It ends
 * with 90 or more if it can't see everything: with shifted user ids, owners are others and some attributes are hidden.
 */
const script = `read -r inside outside count </proc/self/uid_map; [ "$inside $outside $count" = '0 0 4294967295' ] || exit 90
cd "${layersInReader}/$1" || exit 91; shift
find . -type s -printf '%P\\0%m %U %G %T@\\0' >&2 || exit 92
exec tar "$@" -cf - . 2>/dev/null`;

/**
 * Reads a container's upper directory in a layer reader.
 *
 * @param directory the engine's name of the upper directory
 * @param imageId the container's image
 * @returns undefined if the engine has no layer reader that reads the directory whole
 */
export async function readUpperInReader(
  directory: string,
  imageId: string,
  options: ScanOptions,
): Promise<UpperTree | undefined> {
  const [, layers, name] = /^(\/.+)\/([^/]+\/diff)$/.exec(directory) ?? [];
  if (layers === undefined || name === undefined) return undefined;
  for (let attempt = 1; ; attempt += 1) {
    const reader = await layerReader(layers, imageId);
    if (reader === undefined) return undefined;
    try {
      return await readIn(reader, layers, name, options);
    } catch (error) {
      // 404, 409: somebody has removed or killed it. There are ways without it for any other problem.
      const isGone = [404, 409].includes(statusOf(error) ?? 0);
      if (isGone) await forgetReader(layers);
      if (!isGone || attempt === 2) return undefined;
    }
  }
}

async function readIn(
  reader: Docker.Container,
  layers: string,
  name: string,
  options: ScanOptions,
): Promise<UpperTree | undefined> {
  const exec = await reader.exec({
    Cmd: ['/bin/sh', '-c', script, 'sh', name, ...tarOptions],
    Env: ['LC_ALL=C', 'TAR_OPTIONS='],
    AttachStdout: true,
    AttachStderr: true,
  });
  const connection = await exec.start({ hijack: true, stdin: false, Tty: false });
  const archive = new PassThrough({ highWaterMark: 1 << 20 });
  const sockets: Buffer[] = [];
  archive.on('drain', () => connection.resume());
  const frames = readFrames(connection, (stream, bytes) => {
    if (stream === 'stderr') sockets.push(bytes);
    else if (!archive.write(bytes)) connection.pause();
  });
  const sent = ended(connection).finally(() => archive.end());
  try {
    const [scanned] = await Promise.all([scanTree(flow(archive), options), sent]);
    const exitCode = await exitCodeOf(exec);
    if (exitCode >= 90) await giveUpReader(layers);
    // 1: some files changed while they were read, which a running container's do.
    return frames.isWhole() && exitCode <= 1
      ? { scanned, sockets: parseSockets(Buffer.concat(sockets)) }
      : undefined;
  } finally {
    connection.destroy();
  }
}

async function exitCodeOf(exec: Docker.Exec): Promise<number> {
  const { ExitCode } = await poll(
    async () => {
      const state = await exec.inspect();
      return state.Running || state.ExitCode === null ? undefined : state;
    },
    { for: 'the engine to record that a layer was read', timeout: 30_000, interval: 5 },
  );
  return ExitCode ?? -1;
}

/** Parses what find has printed: path, then mode, user, group and time, each with a NUL at its end. */
function parseSockets(printed: Buffer): UpperTree['sockets'] {
  const fields = printed.toString('latin1').split('\0');
  const sockets: UpperTree['sockets'] = [];
  for (let at = 0; at + 1 < fields.length; at += 2) {
    const [mode = '', uid, gid, mtime] = (fields[at + 1] ?? '').split(' ');
    const path = `/${decodePath(Buffer.from(fields[at] ?? '', 'latin1'))}`;
    sockets.push([
      path,
      {
        type: 'socket',
        mode: parseInt(mode, 8),
        uid: Number(uid),
        gid: Number(gid),
        mtime: Math.floor(Number(mtime)),
      },
    ]);
  }
  return sockets;
}
