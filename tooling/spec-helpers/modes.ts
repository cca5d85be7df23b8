import { modeVariable } from '../modes/mode';

type DeclareTest = (title: string, test: () => Promise<void>, timeout?: number) => void;
type DeclareGroup = (title: string, group: () => void) => void;

const isRoot = process.getuid?.() === 0;

/** Whether belljar sees the engine's processes, as it does unless the engine is elsewhere. */
export const seesEngine = process.env[modeVariable] !== 'elsewhere';

/** Whether the engine is Podman. */
export const onPodman = process.env[modeVariable] === 'podman';

/** Specs that have a meaning only for root. For other users they are skipped, and their titles say why. */
export const [itAsRoot, describeAsRoot] = onlyIf(isRoot, 'this user is not root');

/** Specs that have a meaning only for a user who may not read everything. */
export const [itAsUser] = onlyIf(!isRoot, 'root may read everything');

/** Specs that have a meaning only if belljar sees the engine's processes. Elsewhere they are skipped aloud. */
export const [itBesideEngine, describeBesideEngine] = onlyIf(
  seesEngine,
  "the engine's processes can not be seen",
);

/** Specs that have a meaning only where belljar can't see the engine's processes. */
export const [itElsewhere] = onlyIf(!seesEngine, 'the engine is on this machine');

/** Specs of what Docker alone can do, or tells. On Podman they are skipped aloud. */
export const [itOnDocker] = onlyIf(!onPodman, 'Podman can not do it, or does not tell');

/** Specs that have a meaning only for root beside the engine, who can read the data of containers. */
export const [itAsRootBesideEngine, describeAsRootBesideEngine] = onlyIf(
  isRoot && seesEngine,
  isRoot ? "the engine's processes can not be seen" : 'this user is not root',
);

function onlyIf(has: boolean, reason: string): [it: DeclareTest, describe: DeclareGroup] {
  if (has) return [it, describe];
  const aloud = (title: string): string => `${title} (skipped: ${reason})`;
  return [
    (title, test, timeout) => skipTest(aloud(title), test, timeout),
    (title, group) => skipGroup(aloud(title), group),
  ];
}

const { skip: skipTest } = it;
const { skip: skipGroup } = describe;
