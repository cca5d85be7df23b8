import { statfs } from 'node:fs/promises';
import { info } from '../engine/info';
import { formatBytes } from '../support/size';
import { fine, problem, warning, type DoctorLine } from './report';

/** In bytes: with less, no image can be unpacked. */
const tooLittle = 500e6;

/** In bytes: with less, a large image may not fit. */
const little = 3e9;

/** Checks the free space in the engine's directory of images and containers. */
export async function checkDisk(): Promise<DoctorLine> {
  const { isLocal, rootDirectory } = await info();
  if (!isLocal)
    return fine('disk space', `${rootDirectory} is on the engine's machine, so it was not checked`);
  const { bavail, bsize } = await statfs(rootDirectory);
  return judgeDisk(rootDirectory, bavail * bsize);
}

/** @param free in bytes */
export function judgeDisk(directory: string, free: number): DoctorLine {
  const found = `${formatBytes(free)} free in ${directory}`;
  if (free >= little) return fine('disk space', found);
  const advice =
    'Free some space. "docker system df" shows what images and containers take. "docker image prune" removes ' +
    'unused images.';
  return free < tooLittle ? problem('disk space', found, advice) : warning('disk space', found, advice);
}
