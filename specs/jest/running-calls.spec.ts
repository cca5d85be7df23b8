import { buildForFaults } from '../../tooling/faults/build';
import { outputOfJest } from '../../tooling/faults/jest-project';

jest.setTimeout(60_000);

const build = buildForFaults();

afterAll(() => build[Symbol.dispose]());

describe("A test that runs out of Jest's time", () => {
  let printed: string;

  beforeAll(async () => {
    printed = await outputOfJest(build, ['waiting']);
  });

  const messageOf = (title: string): string => printed.split(`● ${title}\n`)[1]?.split('\n  ● ')[0] ?? '';

  it('names the command that was running, for how long, the line of the test, and the last output', () => {
    expect(messageOf('an installer › hangs')).toMatch(
      new RegExp(
        [
          'belljar: when the time was over, this call had been running for 1\\.\\d s \\(waiting.spec.js:7:17\\):',
          'box.sh`echo first; echo second; sleep 60`',
          'output:',
          'first',
          'second',
        ].join('\\s+'),
      ),
    );
  });

  it('names a wait for a process, with what the process has printed', () => {
    expect(messageOf('an installer › hangs in a wait for a process')).toMatch(
      /process\.waitForOutput\(\/ready\/, \{ timeout: 60000 \}\)\s+output:\s+starting/,
    );
  });

  it('names a wait for a terminal, with the screen', () => {
    expect(messageOf('an installer › hangs in a terminal')).toMatch(
      /terminal\.waitFor\(\/never\/, \{ timeout: 60000 \}\)\s+screen:\s+\S+ echo a\$\(\(1\+1\)\)\s+a2/,
    );
  });

  it('names what a hook of its block waited for', () => {
    expect(messageOf('a block › has a hook that hangs')).toMatch(
      /\(waiting.spec.js:\d+:\d+\):\s+box\.\$`sleep \$\{60\}`/,
    );
  });

  it('names a start', () => {
    expect(messageOf('hangs in a start')).toMatch(
      /for 0\.\d s \(waiting.spec.js:\d+:\d+\):\s+the start of startContainer\(\)/,
    );
  });

  it('names nothing if it does not wait for belljar', () => {
    expect(messageOf('an installer › does not hang in belljar')).toContain('Exceeded timeout');
    expect(messageOf('an installer › does not hang in belljar')).not.toContain('when the time was over');
  });
});

describe('A call that a test does not await', () => {
  it('fails with the call and its line when the container is removed', async () => {
    const printed = await outputOfJest(build, ['unawaited']);

    expect(printed).toMatch(
      /ContainerError: Container [0-9a-f]{12} was removed while box\.run\('sleep', \[ '60' \]\) was running, which was called at unawaited\.spec\.js:7:12\. Await the call/,
    );
    expect(printed).toMatch(/> +7 \| +void box\.run\('sleep', \['60'\]\);/);
  });
});
