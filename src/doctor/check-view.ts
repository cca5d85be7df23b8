import { info } from '../engine/info';
import { fine, type DoctorLine } from './report';

/**
 * Reports what belljar sees of the engine's containers from here, and how it works where it sees less. Nothing of this
 * is a problem: each way has the same results, at another cost.
 */
export async function checkView(): Promise<DoctorLine[]> {
  const { isLocal } = await info();
  const isRoot = process.getuid?.() === 0;
  return [
    fine('processes', isLocal ? processesSeen : processesHidden),
    fine('files', isLocal && isRoot ? filesSeen : filesHidden(isLocal)),
    fine('isolation', isLocal ? isolationSeen : isolationHidden),
  ];
}

const processesSeen = 'those of containers are seen from here, so signals and time limits need no shell';
const processesHidden =
  "those of containers can't be seen from here: signals and time limits of programs that belljar starts by an exec " +
  'need a /bin/sh in the image';

const filesSeen = 'those of containers are read from here, so files and changes need no command';

function filesHidden(isLocal: boolean): string {
  const whoCan = isLocal ? 'root reads them directly' : "root on the engine's machine reads them directly";
  return (
    "those of containers can't be read from here, which costs some milliseconds: belljar reads files by commands in " +
    `the container, and changes by a container of its own; ${whoCan}`
  );
}

const isolationSeen = "the kernel of this machine shows the container's process 1";
const isolationHidden =
  'the kernel is asked by a command in the container, and the evidence names the views that are missing';
