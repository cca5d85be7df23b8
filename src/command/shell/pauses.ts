import type { Socket } from 'node:net';
import type { StartedContainer } from '../../container/started-container';
import { connectEngine } from '../../engine/connect/connection';
import { inContainer } from '../../container/container-state';
import { PauseAwareContainer } from '../../container/pause-aware-container';

/** Whether a container is paused, by the events so far. */
export interface PauseWatch {
  readonly paused: boolean;
}

/**
 * Follows the engine's events of pausing (Engine API, "Monitor events"). The engine refuses an exec in a paused
 * container, but a persistent shell would only be silent.
 */
export async function watchPauses(container: StartedContainer): Promise<PauseWatch> {
  const watch = { paused: false };
  const { docker } = await connectEngine();
  const filters = { container: [container.id], event: ['pause', 'unpause'] };
  const events = await inContainer(container, () =>
    docker.getEvents({ filters, abortSignal: container.removal }),
  );
  // The response of an HTTP request; dockerode's types say less.
  const { socket } = events as unknown as { socket: Socket };
  socket.unref();
  hearAtOnce(container, watch);
  const close = (): void => void socket.destroy();
  container.removal.addEventListener('abort', close, { once: true });
  if (container.removal.aborted) close();
  let text = '';
  events.setEncoding('utf8');
  events.on('data', (piece: string) => {
    const lines = (text + piece).split('\n');
    text = lines.pop() ?? '';
    for (const line of lines) watch.paused = pausedAfter(line) ?? watch.paused;
  });
  // If the engine goes away, every command fails and says so.
  events.on('error', close);
  events.on('close', () => container.removal.removeEventListener('abort', close));
  return watch;
}

/** A pause through the container's own object is known before the engine's event of it, which may come late. */
function hearAtOnce({ docker }: StartedContainer, watch: { paused: boolean }): void {
  PauseAwareContainer.onPause(docker, () => {
    const before = watch.paused;
    watch.paused = true;
    return () => {
      watch.paused = before;
    };
  });
}

function pausedAfter(line: string): boolean | undefined {
  if (line.trim() === '') return undefined;
  const { Action } = JSON.parse(line) as { Action?: string };
  return Action === 'pause';
}
