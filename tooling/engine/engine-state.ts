import { connectEngine } from '../../src/engine/connect/connection';
import { statusOf } from '../../src/support/errors';

/** Tells if the engine still has a container. */
export async function containerExists(id: string): Promise<boolean> {
  const { docker } = await connectEngine();
  try {
    await docker.getContainer(id).inspect();
    return true;
  } catch (error) {
    if (statusOf(error) === 404) return false;
    throw error;
  }
}

/** The ids of all containers, running or not, that have a label. */
export async function containersLabelled(label: string): Promise<string[]> {
  const { docker } = await connectEngine();
  const found = await docker.listContainers({ all: true, filters: { label: [label] } });
  return found.map(({ Id }) => Id);
}

/** The names of all networks that have a label. */
export async function networksLabelled(label: string): Promise<string[]> {
  const { docker } = await connectEngine();
  const found = await docker.listNetworks({ filters: { label: [label] } });
  return found.map(({ Name }) => Name);
}
