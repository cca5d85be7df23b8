/*
 * A process of its own that starts and stops a private engine when it is told to: the specs put it into another
 * network, make it another user, or kill it. See private-engines.ts.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { StartPrivateEngineOptions } from '../../src/engine/private/options';
import { startPrivateEngine, type PrivateEngine } from '../../src/engine/private/private-engine';
import { codeOf, messageOf } from '../../src/support/errors';

/** A request to the driver. */
export type Order =
  | { do: 'start'; options: StartPrivateEngineOptions }
  | { do: 'stop' }
  | { do: 'become'; user: number }
  | { do: 'serve'; text: string };

/** The driver's answer. */
export type Answer = { done: unknown } | { failed: { code: string | undefined; message: string } };

let engine: PrivateEngine | undefined;

process.on('message', (order: Order) => {
  obey(order).then(
    // Messages between processes are JSON, which has no undefined.
    (done) => process.send?.({ done: done ?? null } satisfies Answer),
    (error: unknown) =>
      process.send?.({ failed: { code: codeOf(error), message: messageOf(error) } } satisfies Answer),
  );
});

async function obey(order: Order): Promise<unknown> {
  switch (order.do) {
    case 'start': {
      engine = await startPrivateEngine({ ...order.options, use: false });
      const { name, endpoint, socket, pid, dataRoot, subnet } = engine;
      return { name, endpoint, socket, pid, dataRoot, subnet };
    }
    case 'stop':
      return engine?.stop();
    case 'become':
      return process.setuid?.(order.user);
    case 'serve':
      return serve(order.text);
  }
}

/** Answers every request on every address with one string. Returns the port. */
function serve(text: string): Promise<number> {
  const server = createServer((_, response) => response.end(text));
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '0.0.0.0', () => resolve((server.address() as AddressInfo).port));
  });
}
