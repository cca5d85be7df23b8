import { Readable } from 'node:stream';
import { FileError } from '../errors';
import type { HiddenMount } from '../mounts';
import { parentOf } from '../path';
import { runFileScript, type RootCommands } from '../shell';

/*
 * Copies by the container's own tar, as root: only a process in the container reaches a mount that the engine's
 * archives don't show. Where files go, or come from, is then the word of the container's tools.
 */

/** File systems of the kernel, whose files have no size: an archive of them would be empty. */
const kernelFileSystems = /^(proc|sysfs|cgroup2?|mqueue|devpts|debugfs|tracefs|securityfs|bpf|configfs)$/;

/**
 * Refuses what no archive can have.
 *
 * @throws FileError `ENOTSUP`
 */
export function refuseKernelFiles(mount: HiddenMount, syscall: string, path: string): void {
  if (!kernelFileSystems.test(mount.fileSystem)) return;
  const detail = `${mount.point} shows the kernel (${mount.fileSystem}), not files that can be copied: use files.read() or files.write()`;
  throw new FileError('ENOTSUP', syscall, path, detail);
}

/** Returns an archive of a file or a tree, made inside. Its names begin with the last component of `path`. */
export async function archiveInside(
  commands: RootCommands,
  path: string,
  maxBytes: number,
): Promise<Readable> {
  const script = `${needTar}; [ -e "$1" ] || [ -L "$1" ] || exec ls -d -- "$1"
    cd -- "$2" && exec tar -cf - -- "\${1##*/}"`;
  const bytes = await runFileScript(commands, script, {
    syscall: 'open',
    args: [path, parentOf(path)],
    // Room for headers, so that the limit of the contents is reported as for every copy.
    maxBuffer: Math.min(maxBytes + headerRoom, 2 ** 31 - 1),
    tooMuch: 'a mount that only the container reaches is copied in one piece: copy smaller parts of it',
  });
  return Readable.from([bytes], { objectMode: false });
}

/** Makes the directories that lead to a path. Returns what is at the path. */
export async function prepareInside(
  commands: RootCommands,
  path: string,
): Promise<'directory' | 'other' | 'nothing'> {
  const script = `${needTar}; mkdir -p -- "$2" || exit; if [ -d "$1" ]; then echo directory; elif [ -e "$1" ]; then echo other; fi`;
  const output = await runFileScript(commands, script, {
    syscall: 'copyfile',
    args: [path, parentOf(path)],
  });
  const found = output.toString().trim();
  return found === 'directory' || found === 'other' ? found : 'nothing';
}

/** Unpacks an archive in a directory, inside. */
export async function unpackInside(
  commands: RootCommands,
  directory: string,
  archive: Readable,
): Promise<void> {
  await runFileScript(commands, `cd -- "$1" && exec tar -xpf -`, {
    syscall: 'copyfile',
    args: [directory],
    input: archive,
  });
}

const headerRoom = 64 * 1024 * 1024;

/** A script that exits if there is no tar. */
const needTar = `command -v tar >/dev/null || { echo "the image has no tar, which alone reaches this mount: use files.write() or files.read()" >&2; exit 1; }`;
