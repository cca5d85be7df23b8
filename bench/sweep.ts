import type Docker from 'dockerode';
import { statusOf } from '../src/support/errors';

const label = 'belljar-bench';

/** The label of the other contenders' containers. belljar labels its own. */
export function labelsOf(runId: string): Record<string, string> {
  return { [label]: runId };
}

/**
 * Removes every container of this run. A killed child may have asked for one that the engine is still making, so it
 * looks until it finds none.
 *
 * @returns how many there were
 */
export async function sweep(docker: Docker, runId: string): Promise<number> {
  let removed = 0;
  for (
    let left = await leftContainers(docker, runId);
    left.length > 0;
    left = await leftContainers(docker, runId)
  ) {
    await Promise.all(left.map((id) => remove(docker, id)));
    removed += left.length;
  }
  return removed;
}

/** The containers of this run that are in the engine, belljar's and the others'. */
async function leftContainers(docker: Docker, runId: string): Promise<string[]> {
  const lists = await Promise.all(
    [`${label}=${runId}`, `belljar.run=${runId}`].map((wanted) =>
      docker.listContainers({ all: true, filters: { label: [wanted] } }),
    ),
  );
  return lists.flat().map(({ Id }) => Id);
}

async function remove(docker: Docker, id: string): Promise<void> {
  try {
    await docker.getContainer(id).remove({ force: true, v: true });
  } catch (error) {
    // 404: gone. 409: another program removes it, and the next round sees it if it is not gone then.
    if (statusOf(error) !== 404 && statusOf(error) !== 409) throw error;
  }
}
