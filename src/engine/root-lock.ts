/** The end of the last request about each container's root directory, by container id. */
const last = new Map<string, Promise<void>>();

/**
 * Waits until no request about a container's root directory is under way, and keeps others waiting.
 *
 * An engine mounts a container's volumes into its root directory while it reads or writes an archive of it. Docker
 * before 24.0 does so where its other requests see the mounts: an export at that moment holds the volumes' files, and
 * an archive may lack them.
 *
 * @returns ends the turn; to be called when the engine has finished with the request
 */
export async function lockRoot(containerId: string): Promise<() => void> {
  const before = last.get(containerId);
  let release = (): void => undefined;
  const turn = new Promise<void>((resolve) => {
    release = () => {
      if (last.get(containerId) === turn) last.delete(containerId);
      resolve();
    };
  });
  last.set(containerId, turn);
  await before;
  return release;
}

/** Makes one request about a container's root directory, while no other is under way. */
export async function withRootLock<Value>(containerId: string, act: () => Promise<Value>): Promise<Value> {
  const release = await lockRoot(containerId);
  try {
    return await act();
  } finally {
    release();
  }
}
