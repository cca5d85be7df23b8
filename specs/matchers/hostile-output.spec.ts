import { randomBytes } from 'node:crypto';
import { formatChanges, SpawnError, startContainer, TerminalError, type Box } from '../../src';
import { createBoxDescription } from '../../src/report/box-description';
import { connectEngine } from '../../src/engine/connect/connection';
import { messageOf } from '../../src/support/errors';
import { rejectionOf } from '../../tooling/spec-helpers/rejection';
import { typed } from '../../tooling/spec-helpers/run-cli';

/** Clear the screen, ring, set the title, C1's way to begin a sequence, and text that runs the other way. */
const flood = '\u001b[2J\u0007\u001b]0;owned\u0007\u009b31m\u0085\u202eevil\u2066\u200f\u2028\b\r';

/** All of that, and whatever else a terminal or a reader takes for something other than text. */
// eslint-disable-next-line no-control-regex -- control characters are what this is about
const unsafe = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/u;

describe('What comes from a hostile container', () => {
  let box: Box;

  beforeAll(async () => {
    box = await startContainer({ command: ['/bin/sh', '-c', 'printf "%s\\n" "$0"; exec sleep 1000', flood] });
    await box.files.write('/etc/group', `${await box.files.read('/etc/group')}g\u001b[31m:x:4242:\n`);
    await box.files.write(`/tmp/name${flood}`, `content ${flood}\nof a file\n`);
    await box.files.write('/tmp/plain', `content ${flood}\nof a file\n`);
    await box.$`chgrp 4242 /tmp/plain`;
    await box.spawn('/bin/sh', ['-c', 'sleep 1000; true', flood]);
  });

  afterAll(() => box.remove());

  const shout = (): ReturnType<Box['run']> =>
    box.run('/bin/sh', ['-c', `printf '%s\\n' "$1" "$1" >&2; printf '%s\\n' "$1"; exit 3`, 'sh', flood], {
      reject: false,
    });

  it('is harmless in the error of a command', async () => {
    const messages = await messagesOf([
      box.run('/bin/sh', ['-c', 'echo "$1"; exit 3', 'sh', flood]),
      box.run(`/no/${flood}`),
      box.run('true', [], { cwd: `/no/${flood}` }),
      box.run('true', [], { user: `no${flood}` }),
      box.files.read(`/no/${flood}`),
    ]);

    expect(messages).toContain('\\u001b[2J');
    expect(messages).not.toMatch(unsafe);
  });

  it('is harmless in the error of a long-running process, and of a terminal', async () => {
    await using server = await box.spawn('/bin/sh', ['-c', `printf '%s\\n' "$1"; exec cat`, 'sh', flood]);
    await using terminal = await box.terminal({
      command: ['/bin/sh', '-c', `printf '%s' "$1"; exec cat`, 'sh', flood],
    });

    const [spawned, shown] = await Promise.all([
      rejectionOf(server.waitForOutput('never', { timeout: 300 }), SpawnError),
      rejectionOf(terminal.waitFor('never', { timeout: 300 }), TerminalError),
    ]);

    expect(`${spawned.message}\n${shown.message}`).not.toMatch(unsafe);
  });

  it('is harmless in the failures of matchers', async () => {
    const result = await shout();
    const changes = await box.changes({ under: '/tmp', content: true });
    const messages = await messagesOf([
      expect(Promise.resolve(result)).toSucceed(),
      expect(Promise.resolve(result)).toExitWith(0),
      expect(Promise.resolve(result)).toPrint('never'),
      expect(Promise.resolve(result)).toPrintError(`${flood}never`),
      expect(box).toHaveFile('/tmp/plain', { content: 'otherwise', owner: 'nobody', group: 'nobody' }),
      expect(box).toHaveFile('/tmp/plain', { content: 'otherwise\nof a file\n' }),
      expect(box).toHaveFile('/tmp/nam', { mode: 0o755 }),
      expect(box).toHaveChangedOnly(['/opt/**']),
      expect(changes).toHaveChanged(`/tmp/other${flood}`),
      expect(box).toListenOn(1, { timeout: 50 }),
    ]);

    // Jest's own colors stay.
    // eslint-disable-next-line no-control-regex -- colors begin with a control character
    expect(messages.replaceAll(/\u001b\[\d*m/g, '')).not.toMatch(unsafe);
    expect(formatChanges(changes)).not.toMatch(unsafe);
  });

  it('is harmless in a report', async () => {
    await shout();

    const { text } = await createBoxDescription(box, { alive: true });

    expect(text).toMatch(/^Log of process 1:\n {2}\\u001b\[2J/m);
    expect(text).toContain(' /tmp/name\\u001b[2J');
    expect(text).not.toMatch(unsafe);
  });

  it('is harmless in what the belljar program prints of the engine', async () => {
    const { docker } = await connectEngine();
    const labels = { belljar: '1', 'belljar.run': flood, 'belljar.pid': flood };
    const name = `belljar-spec-${randomBytes(6).toString('hex')}`;
    await docker.createVolume({ Name: name, Labels: labels });

    const printed = [(await typed('ps')).printed, (await typed('ps', '--json')).printed];

    await docker.getVolume(name).remove();
    for (const text of printed) {
      expect(text).toContain(name);
      expect(text).not.toMatch(unsafe);
    }
  });
});

/** Returns the messages of promises that all reject. */
async function messagesOf(failing: readonly Promise<unknown>[]): Promise<string> {
  const outcomes = await Promise.allSettled(failing);
  return outcomes
    .map((outcome) => (outcome.status === 'rejected' ? messageOf(outcome.reason) : fail()))
    .join('\n');
}

function fail(): never {
  throw new Error('It was expected to fail.');
}
