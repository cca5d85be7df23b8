import { statusOf } from '../support/errors';
import { engineOf, inspect, type InspectResult, type Subject } from './subject';

/** What the engine says of another container, by id or name; undefined where it is gone. */
export async function inspectOther(subject: Subject, idOrName: string): Promise<InspectResult | undefined> {
  try {
    return await inspect({ docker: engineOf(subject).getContainer(idOrName) });
  } catch (error) {
    if (statusOf(error) === 404) return undefined;
    throw error;
  }
}
