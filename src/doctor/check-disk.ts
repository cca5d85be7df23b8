import { statfs } from 'node:fs/promises';
import { info } from '../engine/info';
import { formatBytes } from '../support/size';
import { fine, problem, warning, type DoctorLine } from './report';

/** Below this no image can be unpacked, in bytes. */
const tooLittle = 500e6;

/** Below this an image of some size is a worry, in bytes. */
const little = 3e9;

/** The space left where the engine keeps its images and containers. */
export async function checkDisk(): Promise<DoctorLine> {
  const { isLocal, rootDirectory } = await info();
  if (!isLocal) return fine('disk space', `${rootDirectory} is on the engine's machine, not looked at`);
  const { bavail, bsize } = await statfs(rootDirectory);
  return judgeDisk(rootDirectory, bavail * bsize);
}

/** @param free in bytes */
export function judgeDisk(directory: string, free: number): DoctorLine {
  const found = `${formatBytes(free)} free in ${directory}`;
  if (free >= little) return fine('disk space', found);
  const advice =
    'Free some: "docker system df" shows what images and containers take, "docker image prune" removes unused images.';
  return free < tooLittle ? problem('disk space', found, advice) : warning('disk space', found, advice);
}
