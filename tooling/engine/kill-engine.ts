import type { Box } from '../../src';
import { identify, isAlive } from '../../src/support/process-identity';
import { poll } from '../../src/support/poll';

/** Tells if a command runs in a container, by the engine's account. */
export async function runs(box: Box, command: string): Promise<boolean> {
  const { Processes } = (await box.docker.top()) as { Processes: string[][] };
  return Processes.some((fields) => fields.at(-1) === command);
}

/** Kills an engine's daemon and waits until it is dead. */
export async function killEngine(pid: number): Promise<void> {
  const daemon = identify(pid);
  if (daemon === undefined) throw new Error('The engine is not running.');
  process.kill(pid, 'SIGKILL');
  await poll(() => !isAlive(daemon), { for: 'the engine to be dead', timeout: 5000 });
}
