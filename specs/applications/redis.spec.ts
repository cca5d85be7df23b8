import { connect } from 'node:net';
import { useContainer } from '../../src';
import { poll } from '../../src/support/poll';
import { imageWith } from '../../tooling/images/image-with';

/** The first test on a machine may have to install it. */
jest.setTimeout(180_000);

describe('Redis, a store of data', () => {
  const box = useContainer({
    scope: 'file',
    image: imageWith('redis-server'),
    command: ['redis-server', '--dir', '/var/lib/redis', '--appendonly', 'yes', '--protected-mode', 'no'],
    ports: [6379],
  });

  beforeAll(untilReady);

  async function untilReady(): Promise<void> {
    const ping = async (): Promise<boolean> =>
      (await box.run('redis-cli', ['ping'], { reject: false })).stdout === 'PONG';
    await poll(ping, { for: 'Redis to answer', timeout: 10_000 });
  }

  it('gives back what it was given, in whatever language', async () => {
    await box.$`redis-cli set greeting ${'안녕 – "hello"'}`;

    await expect(box.$`redis-cli --raw get greeting`).toPrint('안녕 – "hello"');
  });

  it('still has it after a restart', async () => {
    await box.$`redis-cli set kept yes`;

    await box.restart();
    await untilReady();

    await expect(box.$`redis-cli get kept`).toPrint(/^yes$/);
  });

  it('gives it to the host as well, through the published port', async () => {
    await box.$`redis-cli set answer 42`;

    const { all } = await ask(box.testcontainer.getHost(), box.port(6379), 'GET answer\r\nQUIT\r\n');

    expect(all).toBe('$2\r\n42\r\n+OK\r\n');
  });

  it('keeps its data where it was told to, and writes nowhere else', async () => {
    await box.$`redis-cli set more data`;

    await expect(box).toHaveChangedOnly(['/var/lib/redis/**']);
    await expect(box.image).toBeUnchanged();
  });

  it('prints its log where the container’s log is', async () => {
    expect(await box.logs()).toContain('Ready to accept connections');
  });
});

/** Sends a text, and gives all that comes back until the other side closes. */
async function ask(host: string, port: number, text: string): Promise<{ all: string }> {
  const socket = connect(port, host);
  socket.end(text);
  let all = '';
  for await (const chunk of socket) all += String(chunk);
  return { all };
}
