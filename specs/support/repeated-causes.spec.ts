import { inspect } from 'node:util';
import { startContainers } from '../../src';
import { BelljarError } from '../../src/support/errors';
import { buildForFaults } from '../../tooling/faults/build';
import { startJest } from '../../tooling/faults/jest-project';
import { rejectionOf } from '../../tooling/spec-helpers/rejection';

jest.setTimeout(60_000);

function count(text: string, part: string): number {
  return text.split(part).length - 1;
}

describe('an error whose message has the messages of its causes', () => {
  it('is printed by Node.js with each message once, and with the stack frames of each cause', async () => {
    const error = await rejectionOf(
      startContainers({ server: { command: ['/no-such-server'] } }),
      BelljarError,
    );

    const printed = inspect(error, { depth: 5 });

    expect(count(printed, 'exec: "/no-such-server"')).toBe(1);
    expect(count(printed, 'The engine did not start')).toBe(1);
    expect(count(printed, '[cause]: ')).toBe(2);
    expect(printed).toContain('docker-modem/lib/modem.js');
    expect(printed).toContain('statusCode: 400');
  });

  it('keeps its causes as they are', async () => {
    const error = await rejectionOf(
      startContainers({ server: { command: ['/no-such-server'] } }),
      BelljarError,
    );
    inspect(error);

    expect(error.cause).toMatchObject({ code: 'CONTAINER_NOT_STARTED' });
    expect((error.cause as Error).message).toContain('exec: "/no-such-server"');
    expect((error.cause as Error).stack).toContain('exec: "/no-such-server"');
  });

  it('is printed by Jest with each message once: of tests, of hooks, and of set-ups of images', async () => {
    using build = buildForFaults();
    const jest = startJest(build, ['causes', '--maxWorkers=1']);
    await jest.ended;
    const printed = jest.output();

    expect(count(printed, '●')).toBe(4);
    expect(count(printed, 'exec: "/no-such-server"')).toBe(3);
    expect(count(printed, 'cat: /no-such-file: No such file or directory')).toBe(1);
    expect(count(printed, 'Cause:')).toBe(3 * 2 + 1);
    // The line in the set-up, which only the cause knows.
    expect(printed).toContain('causes.spec.js:20:5');
  });
});

describe('an error whose message lacks the message of its cause', () => {
  it('is printed with both messages', () => {
    const cause = new Error('the disk is full', { cause: new TypeError('no blocks') });
    const printed = inspect(new BelljarError('NO_FILE', 'There is no file.', { cause }));

    expect(printed).toContain('BelljarError: There is no file.');
    expect(printed).toContain('[cause]: Error: the disk is full');
    expect(printed).toContain('[cause]: TypeError: no blocks');
    expect(printed).toContain("code: 'NO_FILE'");
  });

  it('is printed as far as the depth goes that was asked for', () => {
    const error = new BelljarError('NO_FILE', 'There is no file.');

    expect(inspect({ a: { error } }, { depth: 0 })).toBe('{ a: [Object] }');
    expect(inspect({ a: { error } }, { depth: 1 })).toBe('{ a: { error: [BelljarError] } }');
  });
});

describe('an error of several errors', () => {
  it('is printed with each message once', () => {
    const cause = new AggregateError([new Error('no socket'), new Error('no daemon')]);
    const printed = inspect(new BelljarError('NO_ENGINE', 'Tried:\n  no socket\n  no other', { cause }), {
      depth: 5,
    });

    expect(count(printed, 'no socket')).toBe(1);
    expect(count(printed, 'no daemon')).toBe(1);
  });
});
