import { connect, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { connectEngine } from '../../src/engine/connect/connection';
import { socketPathOf } from '../../src/engine/connect/endpoint';
import { pollOrUndefined } from '../../src/support/poll';
import { temporaryDirectory } from '../machine/temporary-directory';

/**
 * How a proxy passes on what the engine sends. `cut` and `garbage` are for the next output of a command; `early`
 * answers the start of an exec before the engine is told, as the engine answers it before it has started anything.
 */
type Manner = 'faithful' | 'byte by byte' | 'silent' | 'cut' | 'garbage' | 'early';

/** A socket of an engine's, with the real engine behind it. */
export interface EngineProxy extends AsyncDisposable {
  /** As `DOCKER_HOST` has it. */
  host: string;
  manner: Manner;
  /** The number of pieces of answers that it has passed on. */
  passedOn: number;
}

/**
 * By this word the proxy knows a command's output; a command has to put it together, for the engine tells commands too.
 */
const spokenWord = 'SPOKEN';

export async function proxyEngine(): Promise<EngineProxy> {
  const engine = socketPathOf((await connectEngine()).endpoint.host) ?? '';
  const directory = await temporaryDirectory();
  const path = join(directory.path, 'engine.sock');
  const open = new Set<Socket>();
  const proxy: EngineProxy = {
    host: `unix://${path}`,
    manner: 'faithful',
    passedOn: 0,
    [Symbol.asyncDispose]: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      for (const socket of open) socket.destroy();
      await closed;
      await directory[Symbol.asyncDispose]();
    },
  };
  // A client that ends its half may still be sent output.
  const server = createServer({ allowHalfOpen: true }, (client) => {
    const behind = connect({ path: engine, allowHalfOpen: true });
    for (const [socket, other] of [
      [client, behind],
      [behind, client],
    ] as const) {
      open.add(socket);
      socket.on('error', () => other.destroy()).on('close', () => open.delete(socket));
    }
    client.on('close', () => behind.destroy());
    void ask(client, behind, proxy);
    void passOn(behind, client, proxy);
  });
  await new Promise<void>((resolve) => server.listen(path, resolve));
  return proxy;
}

async function ask(client: Socket, engine: Socket, proxy: EngineProxy): Promise<void> {
  try {
    // Once the client has sent everything, it still waits for the answer.
    for await (const chunk of client.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
      if (proxy.manner === 'early' && /^POST \S*\/exec\/\w+\/start /.test(chunk.toString('latin1')))
        await answerEarly(client, engine, proxy);
      engine.write(chunk);
    }
    engine.end();
  } catch {
    engine.destroy();
  }
}

/** The engine's own answer is left out. The engine gets the request after another request, if there is one. */
async function answerEarly(client: Socket, engine: Socket, proxy: EngineProxy): Promise<void> {
  const before = proxy.passedOn;
  answeredEarly.add(engine);
  client.write('HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n');
  await pollOrUndefined(() => proxy.passedOn > before, {
    for: 'another answer',
    timeout: 500,
    interval: 5,
  });
}

const answeredEarly = new WeakSet<Socket>();

async function passOn(from: Socket, to: Socket, proxy: EngineProxy): Promise<void> {
  try {
    for await (const whole of from as AsyncIterable<Buffer>) {
      proxy.passedOn += 1;
      const chunk = answeredEarly.delete(from) ? withoutHead(whole) : whole;
      for (const piece of spoil(chunk, proxy)) {
        if (piece === 'end') {
          to.destroy();
          return;
        }
        to.write(piece);
        // Its reader is in this process: it takes the piece before the next is written.
        if (proxy.manner === 'byte by byte') await new Promise((resolve) => setImmediate(resolve));
      }
    }
    if (proxy.manner !== 'silent') to.end();
  } catch {
    to.destroy();
  }
}

function withoutHead(answer: Buffer): Buffer {
  return answer.subarray(answer.indexOf('\r\n\r\n') + 4);
}

function spoil(chunk: Buffer, proxy: EngineProxy): (Buffer | 'end')[] {
  const { manner } = proxy;
  const at = chunk.indexOf(spokenWord);
  if (manner === 'silent') return [];
  if (manner === 'byte by byte') return [...chunk].map((byte) => Buffer.from([byte]));
  if (at === -1 || manner === 'faithful' || manner === 'early') return [chunk];
  proxy.manner = 'faithful';
  // In the middle of the word, which is in the middle of its frame.
  return manner === 'cut' ? [chunk.subarray(0, at + 3), 'end'] : [Buffer.from('<html>Bad gateway</html>')];
}
