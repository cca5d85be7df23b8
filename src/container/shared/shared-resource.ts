/** A hold on something in the engine that exists as long as anything holds it. */
export interface Hold {
  /** The engine's id. */
  readonly id: string;
  /** Releases it. The last release removes it from the engine. */
  release(): Promise<void>;
}

/** What containers of this process share under a name. */
export interface SharedResources {
  /** Returns whether something holds the name. */
  has(name: string): boolean;
  /** Holds what is shared under a name. The first hold makes it. */
  hold(name: string): Promise<Hold>;
}

interface Shared {
  created: Promise<string>;
  holders: number;
}

/**
 * Creates a register of what containers of this process share. Each process has its own, so that containers of two Jest
 * workers with the same name never meet.
 *
 * @param create makes one, and returns the engine's id
 * @param remove removes one by the engine's id
 */
export function createSharedResources(
  create: (name: string) => Promise<string>,
  remove: (id: string) => Promise<void>,
): SharedResources {
  const shared = new Map<string, Shared>();
  return {
    has: (name) => shared.has(name),
    async hold(name) {
      const one = shared.get(name) ?? { created: create(name), holders: 0 };
      shared.set(name, one);
      one.holders += 1;
      const release = async (): Promise<void> => {
        one.holders -= 1;
        if (one.holders > 0) return;
        shared.delete(name);
        await remove(await one.created);
      };
      try {
        return { id: await one.created, release };
      } catch (error) {
        shared.delete(name);
        throw error;
      }
    },
  };
}
