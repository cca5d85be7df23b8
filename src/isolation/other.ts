import { statusOf } from '../support/errors';
import { engineOf, inspect, type InspectResult, type Subject } from './subject';

/** Inspects another container by its id or name. Returns undefined if the container is gone. */
export async function inspectOther(subject: Subject, idOrName: string): Promise<InspectResult | undefined> {
  try {
    return await inspect({ docker: engineOf(subject).getContainer(idOrName) });
  } catch (error) {
    if (statusOf(error) === 404) return undefined;
    throw error;
  }
}
