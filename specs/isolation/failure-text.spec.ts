import type { IsolationReport } from '../../src/isolation/evidence';
import { conclude } from '../../src/isolation/evidence';
import { formatEvidence, summarize } from '../../src/isolation/format';
import { toBeIsolatedFrom } from '../../src/matchers/to-be-isolated-from';
import { toBeIsolatedFromHost } from '../../src/matchers/to-be-isolated-from-host';
import { matcherContext } from '../../tooling/spec-helpers/matcher-context';
import { startLoose } from '../../tooling/containers/loose-container';

const report: IsolationReport = conclude([
  {
    check: 'bind mounts',
    status: 'open',
    expected: 'none',
    found: '/srv on /a\n/tmp on /b',
    how: 'the engine: Mounts',
  },
  {
    check: 'behavior',
    status: 'unknown',
    expected: 'to look',
    found: 'no shell \u001b[31m',
    how: 'commands',
  },
  {
    check: 'networks',
    status: 'noted',
    expected: 'those asked for',
    found: 'bridge\nother',
    how: 'the engine',
  },
  { check: 'privileged', status: 'sealed', expected: 'no', found: 'no', how: 'the engine' },
  { check: 'devices', status: 'sealed', expected: 'none', found: 'none', how: 'the engine' },
]);

describe('a report for people', () => {
  it('has what is open first and in full, then what is noted, then the names of what is sealed', () => {
    expect(`\n${formatEvidence(report)}\n`).toBe(`
✕ bind mounts
    expected none
    found    /srv on /a
             /tmp on /b
    seen in  the engine: Mounts

? behavior
    expected to look
    unknown  no shell \\u001b[31m
    seen in  commands

Noted, not a breach:
    networks: bridge, other

Sealed:
    privileged, devices
`);
  });

  it('is counted in one line', () => {
    expect(summarize(report)).toBe('1 open and 1 that could not be checked, of 5 checks');
  });

  it('without any evidence proves nothing', () => {
    expect(conclude([])).toEqual({ isolated: false, evidence: [] });
  });
});

describe('the matchers', () => {
  it('toBeIsolatedFromHost passes for a usual container, and says with .not what it checked', async () => {
    await using container = await startLoose({ NetworkMode: 'none' });

    const { pass, message } = await toBeIsolatedFromHost.call(matcherContext({ isNot: true }), container);

    expect(pass).toBe(true);
    expect(message()).toContain(`Expected: container ${container.name} not to be isolated from the host`);
    expect(message()).toMatch(/^Received: none open, of \d+ checks$/m);
    expect(message()).toContain('Sealed:');
  });

  it('toBeIsolatedFromHost fails with what was expected, found, and where it was seen', async () => {
    await using container = await startLoose({ NetworkMode: 'none', UTSMode: 'host' });

    const { pass, message } = await toBeIsolatedFromHost.call(matcherContext(), container);

    expect(pass).toBe(false);
    expect(message()).toContain('expect(received).toBeIsolatedFromHost()');
    expect(message()).toContain(`Expected: container ${container.name} to be isolated from the host`);
    expect(message()).toMatch(/^Received: 2 open, of \d+ checks$/m);
    expect(message()).toContain(
      [
        '✕ uts mode',
        "    expected a host name of the container's own, not the host's",
        '    found    host',
      ].join('\n'),
    );
  });

  it('toBeIsolatedFrom names both containers', async () => {
    await using one = await startLoose({ NetworkMode: 'none' });
    await using other = await startLoose({ NetworkMode: 'none', PidMode: `container:${one.id}` });

    const { pass, message } = await toBeIsolatedFrom.call(matcherContext(), one, other);

    expect(pass).toBe(false);
    expect(message()).toContain(
      `Expected: container ${one.name} to be isolated from container ${other.name}`,
    );
    expect(message()).toContain(`a process of ${one.name} is visible in ${other.name}`);
  });
});
