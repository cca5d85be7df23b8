import { useContainer } from '../../src';
import { isolationResult } from '../../src/matchers/support/isolation-result';
import { matcherContext } from '../../tooling/spec-helpers/matcher-context';

/** What Jest hands to reporters with a failure. */
interface Result {
  name: string;
  pass: boolean;
  message: string;
  actual: unknown;
  expected: unknown;
}

describe('A failed matcher', () => {
  const box = useContainer({ scope: 'file', env: { API_TOKEN: 'hush-hush' } });

  it('hands over how a command ended', async () => {
    const result = await box.run('sh', ['-c', 'exit 3'], { reject: false });

    expect(await resultOf(() => expect(result).toSucceed())).toMatchObject({
      name: 'toSucceed',
      pass: false,
      actual: 3,
      expected: 0,
    });
    expect(await resultOf(() => expect(result).not.toExitWith(3))).toMatchObject({
      name: 'toExitWith',
      pass: true,
      actual: 3,
      expected: 3,
    });
    const killed = await box.run('sleep', ['600'], { timeout: 100, reject: false });
    expect(await resultOf(() => expect(killed).toExitWith(0))).toMatchObject({
      actual: 'TIMED_OUT',
      expected: 0,
    });
  });

  it('hands over what a command printed', async () => {
    const printed = box.run('echo', ['to be']);

    expect(await resultOf(() => expect(printed).toPrint('not to be'))).toMatchObject({
      name: 'toPrint',
      actual: 'to be',
      expected: 'not to be',
    });
    expect(await resultOf(async () => expect(await printed).toPrintError(/be$/))).toMatchObject({
      name: 'toPrintError',
      actual: '',
      expected: '/be$/',
    });
    expect(
      await resultOf(async () => expect(await printed).toPrint(expect.stringMatching('x') as never)),
    ).toMatchObject({
      expected: 'StringMatching /x/',
    });
  });

  it('hands over what a file is like, its whole content too', async () => {
    const content = Array.from({ length: 100 }, (_, line) => `line ${line}\n`).join('');
    await box.files.write('/tmp/file', content, { mode: 0o600 });

    expect(
      await resultOf(() => expect(box).toHaveFile('/tmp/file', { mode: 0o644, content: `${content}end\n` })),
    ).toMatchObject({
      name: 'toHaveFile',
      actual: { type: 'file', mode: '0600 -rw-------', content },
      expected: { type: 'file', mode: '0644 -rw-r--r--', content: `${content}end\n` },
    });
    expect(await resultOf(() => expect(box).toHaveDirectory('/tmp/file'))).toMatchObject({
      actual: { type: 'file' },
      expected: { type: 'directory' },
    });
    expect(await resultOf(() => expect(box).toHaveSymlink('/tmp/none', 'x'))).toMatchObject({
      actual: { type: 'nothing' },
      expected: { type: 'symlink' },
    });
  });

  it('hands over which paths have changed', async () => {
    const changes = await box.changesDuring(() => box.$`touch /opt/new /opt/other`);

    expect(await resultOf(() => expect(changes).toHaveChangedOnly(['/opt/new']))).toMatchObject({
      name: 'toHaveChangedOnly',
      actual: ['/opt/new', '/opt/other'],
      expected: ['/opt/new'],
    });
    expect(
      await resultOf(() => expect(changes).toHaveChanged('/opt/new', { kind: 'deleted' })),
    ).toMatchObject({
      actual: [{ path: '/opt/new', kind: 'added' }],
      expected: { path: '/opt/new', kind: 'deleted' },
    });
    expect(await resultOf(() => expect(changes).toHaveChanged('/opt/none'))).toMatchObject({
      actual: [],
      expected: { path: '/opt/none' },
    });
    const { actual, expected } = await resultOf(() => expect(box).toBeUnchanged({ under: '/opt' }));
    expect({ actual, expected }).toEqual({ actual: ['/opt/new', '/opt/other'], expected: [] });
  });

  it('hands over what is open, what a terminal shows, and which ports are listened on', async () => {
    const evidence = [
      { check: 'capabilities', status: 'open', expected: 'none', found: 'SYS_ADMIN', how: '' },
    ] as const;
    const judged = { matcher: 'toBeIsolatedFromHost', subject: 'a', from: 'b' };
    const report = { isolated: false, evidence: [...evidence] };
    expect(isolationResult(matcherContext(), { ...judged, report }).compared()).toEqual({
      actual: ['capabilities: SYS_ADMIN'],
      expected: [],
    });

    await using terminal = await box.terminal({ command: ['sh', '-c', 'echo $API_TOKEN; exec cat'] });
    await terminal.waitFor('hush');
    const shown = await resultOf(() => expect(terminal).toShow('never', { timeout: 1 }));
    expect(shown).toMatchObject({ name: 'toShow', expected: 'never' });
    expect(shown.actual).toMatch(/^\[redacted?\]?$/);

    expect(await resultOf(() => expect(box).toListenOn(80, { timeout: 1 }))).toMatchObject({
      actual: [],
      expected: 80,
    });
  });

  it('hands over neither secrets nor what a terminal obeys, nor more than anyone reads', async () => {
    const hostile = '\u001b[2J hush-hush \u202e';
    const { actual, expected } = await resultOf(() =>
      expect(box.run('echo', [hostile])).toPrint(`${hostile}!`),
    );

    expect(actual).toBe('\\u001b[2J [redacted] \\u202e');
    expect(expected).toBe('\\u001b[2J [redacted] \\u202e!');

    const long = await resultOf(() =>
      expect(box.sh`head -c 100000 /dev/zero | tr '\0' x; echo end`).toPrint('y'),
    );
    expect(long.actual).toMatch(/^x{10000}\n… 80003 more characters …\nx{9997}end$/);
  });

  it('hands over plain data, which goes from a worker to the main process', async () => {
    const results = [
      await resultOf(() => expect(box.run('true')).toPrint(/x/)),
      await resultOf(() => expect(box).toHaveFile('/etc/passwd', { size: expect.any(String) as never })),
      await resultOf(() => expect(box.image).not.toBeUnchanged()),
    ];

    for (const { actual, expected } of results) {
      expect(JSON.parse(JSON.stringify({ actual, expected }))).toEqual({ actual, expected });
    }
  });
});

async function resultOf(assert: () => Promise<void>): Promise<Result> {
  try {
    await assert();
  } catch (error) {
    return (error as { matcherResult: Result }).matcherResult;
  }
  throw new Error('Expected the assertion to fail.');
}
