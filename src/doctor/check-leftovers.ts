import { findLeftovers, type Leftover } from '../container/leftovers';
import { info } from '../engine/info';
import { fine, warning, type DoctorLine } from './report';

/** How many are named; the rest is counted. */
const named = 5;

/** What runs that were killed have left in the engine. */
export async function checkLeftovers(): Promise<DoctorLine> {
  const { isLocal, name } = await info();
  if (!isLocal)
    return fine('leftovers', `not looked for: the runs that use ${name}'s engine may be on other machines`);
  const leftovers = await findLeftovers();
  if (leftovers.length === 0) return fine('leftovers', 'none');
  const names = leftovers.slice(0, named).map(({ kind, name }) => `${kind} ${name}`);
  const more = leftovers.length > named ? [`and ${leftovers.length - named} more`] : [];
  return warning(
    'leftovers',
    `${leftovers.length} of runs that are over: ${[...names, ...more].join(', ')}`,
    ['Remove them:', ...removals(leftovers)].join('\n'),
  );
}

/** One command for each kind, containers first: networks and volumes can't go while they are in use. */
function removals(leftovers: readonly Leftover[]): string[] {
  const commands = {
    container: 'docker rm --force --volumes',
    network: 'docker network rm',
    volume: 'docker volume rm',
  };
  return (['container', 'network', 'volume'] as const).flatMap((kind) => {
    const ids = leftovers.filter((leftover) => leftover.kind === kind).map(({ id }) => id.slice(0, 12));
    return ids.length === 0 ? [] : [`  ${commands[kind]} ${ids.join(' ')}`];
  });
}
