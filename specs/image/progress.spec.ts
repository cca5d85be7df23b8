import type { EngineMessage } from '../../src/image/sources/messages';
import { followProgress, type PullProgress } from '../../src/image/sources/progress';
import { drawBar, progressPrinter } from '../../src/image/sources/progress-printer';
import { keepOutput } from '../../tooling/spec-helpers/keep-output';

const half: PullProgress = {
  reference: 'ubuntu:20.04',
  state: 'pulling',
  layers: { done: 1, total: 4 },
  bytes: { done: 13_500_000, total: 27_000_000 },
  elapsedMs: 4200,
};

describe('the progress of a pull', () => {
  it("is summed up over the engine's messages", () => {
    const messages: EngineMessage[] = [
      { status: 'Pulling from library/ubuntu', id: '20.04' },
      { status: 'Already exists', id: 'a' },
      { status: 'Pulling fs layer', id: 'b' },
      { status: 'Pulling fs layer', id: 'c' },
      { status: 'Downloading', id: 'b', progressDetail: { current: 50, total: 100 } },
      { status: 'Downloading', id: 'c', progressDetail: { current: 10, total: 300 } },
    ];
    const follow = followProgress('ubuntu:20.04');

    const seen = messages.map((message) => follow(message)).at(-1);

    expect(seen).toMatchObject({
      layers: { done: 1, total: 3 },
      bytes: { done: 60, total: 400 },
      state: 'pulling',
    });
  });

  it('counts a layer as downloaded while it is unpacked, and as done once it is', () => {
    const follow = followProgress('ubuntu:20.04');
    follow({ status: 'Downloading', id: 'b', progressDetail: { current: 50, total: 100 } });

    expect(follow({ status: 'Download complete', id: 'b' }).bytes).toEqual({ done: 100, total: 100 });
    expect(
      follow({ status: 'Extracting', id: 'b', progressDetail: { current: 5, total: 100 } }),
    ).toMatchObject({
      bytes: { done: 100, total: 100 },
      layers: { done: 0, total: 1 },
    });
    expect(follow({ status: 'Pull complete', id: 'b' }).layers).toEqual({ done: 1, total: 1 });
  });

  it('says what the engine waits for', () => {
    expect(followProgress('ubuntu:20.04')({ status: 'Retrying in 5 seconds', id: 'b' }).waiting).toBe(
      'Retrying in 5 seconds',
    );
  });
});

describe('the bar of a pull', () => {
  it('shows the share, the bytes, the layers and the time', () => {
    expect(drawBar(half, 100, false)).toBe(
      'ubuntu:20.04  [===============               ]  13.5 MB / 27.0 MB  1/4 layers  4 s',
    );
  });

  it('is green if colors are wanted', () => {
    expect(drawBar(half, 100, true)).toContain('\u001b[32m===============\u001b[39m');
  });

  it('leaves out what does not fit, and never wraps', () => {
    expect(drawBar(half, 62, false)).toBe('ubuntu:20.04  [====     ]  13.5 MB / 27.0 MB  1/4 layers  4 s');
    expect(drawBar(half, 50, false)).toBe('ubuntu:20.04  [=======       ]  13.5 MB / 27.0 MB');
    expect(drawBar(half, 30, false)).toBe('ubuntu:20.04  50 %');
    expect(drawBar(half, 10, false)).toBe('50 %');
    for (let columns = 1; columns < 120; columns++)
      expect(drawBar(half, columns, false).length).toBeLessThanOrEqual(Math.max(columns - 1, 1));
  });

  it('is full only at the end', () => {
    const last = { ...half, bytes: { done: 27_000_000, total: 27_000_000 } };

    expect(drawBar(last, 30, false)).toBe('ubuntu:20.04  99 %');
    expect(drawBar({ ...last, state: 'done' }, 30, false)).toBe('ubuntu:20.04  100 %');
  });
});

describe('what is printed', () => {
  const terminal = { isTTY: true, columns: 80 };

  it('on a terminal is one line that is written again and again', () => {
    const output = keepOutput();
    const printer = progressPrinter('auto', { ...output, ...terminal }, { NO_COLOR: '1' });

    printer.update({ ...half, state: 'started', elapsedMs: 0 });
    printer.update(half);
    printer.update({ ...half, elapsedMs: half.elapsedMs + 1 });
    printer.end();

    const lines = output.text().split('\r\u001b[2K');
    expect(lines).toHaveLength(3);
    expect(lines.at(-1)).toBe(`${drawBar(half, 80, false)}\n`);
    expect(output.text()).not.toContain('\u001b[32m');
  });

  it.each([
    ['without a terminal', {}, {}],
    ['in CI', terminal, { CI: 'true' }],
    ['on a dumb terminal', terminal, { TERM: 'dumb' }],
  ])('%s is a few lines', (_, kind, env) => {
    const output = keepOutput();
    const printer = progressPrinter('auto', { ...output, ...kind }, env);

    printer.update({ ...half, state: 'started', bytes: { done: 0, total: 0 }, elapsedMs: 0 });
    for (let done = 0; done <= 27; done++) {
      printer.update({
        ...half,
        bytes: { done: done * 1_000_000, total: 27_000_000 },
        elapsedMs: done * 100,
      });
    }
    printer.update({ ...half, state: 'done', bytes: { done: 27_000_000, total: 27_000_000 } });
    printer.end();

    expect(output.text().split('\n')).toEqual([
      'belljar: pulling ubuntu:20.04',
      'belljar: pulling ubuntu:20.04: 25 %, 7.0 MB of 27.0 MB, 1/4 layers',
      'belljar: pulling ubuntu:20.04: 51 %, 14.0 MB of 27.0 MB, 1/4 layers',
      'belljar: pulling ubuntu:20.04: 77 %, 21.0 MB of 27.0 MB, 1/4 layers',
      'belljar: pulled ubuntu:20.04: 27.0 MB in 4.2 s',
      '',
    ]);
  });

  it('in lines comes every ten seconds if nothing moves', () => {
    const output = keepOutput();
    const printer = progressPrinter('lines', output);

    for (let second = 0; second <= 25; second++) {
      printer.update({
        ...half,
        bytes: { done: 1_000_000, total: 27_000_000 },
        elapsedMs: second * 1000,
        waiting: 'Retrying in 5 seconds',
      });
    }

    const line = 'belljar: pulling ubuntu:20.04: 3 %, 1.0 MB of 27.0 MB, 1/4 layers. Retrying in 5 seconds';
    expect(output.text()).toBe(`${line}\n${line}\n`);
  });

  it('is nothing if silence is asked for', () => {
    const output = keepOutput();
    const printer = progressPrinter('silent', { ...output, ...terminal });

    printer.update(half);
    printer.end();

    expect(output.text()).toBe('');
  });
});
