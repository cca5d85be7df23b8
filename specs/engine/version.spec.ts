import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { clientVersion, parseClientVersion } from '../../src/engine/client-version';
import { engineVersion } from '../../src/engine/engine-version';
import { EngineError } from '../../src/engine/errors';
import { compareVersions, parseVersion, requireVersion } from '../../src/engine/version';
import { rejectionOf } from '../../tooling/spec-helpers/rejection';
import { temporaryDirectory } from '../../tooling/machine/temporary-directory';
import { engineErrorThrownBy } from '../../tooling/spec-helpers/thrown';

describe('what "docker -v" prints', () => {
  it.each([
    ['Docker version 23.0.6, build ef23cbc', { program: 'docker', version: '23.0.6', build: 'ef23cbc' }],
    [
      'Docker version 20.10.24+dfsg1, build 297e128\n',
      { program: 'docker', version: '20.10.24+dfsg1', build: '297e128' },
    ],
    [
      'Docker version 28.0.0-rc.1, build 1234abc',
      { program: 'docker', version: '28.0.0-rc.1', build: '1234abc' },
    ],
    [
      'Docker version 18.09.1-ce, build 4c52b90',
      { program: 'docker', version: '18.09.1-ce', build: '4c52b90' },
    ],
    [
      'Docker version 20.10.12, build 20.10.12-0ubuntu4',
      { program: 'docker', version: '20.10.12', build: '20.10.12-0ubuntu4' },
    ],
    ['podman version 4.3.1', { program: 'podman', version: '4.3.1' }],
  ])('is taken apart: %s', (output, parts) => {
    expect(parseClientVersion(output)).toEqual(parts);
  });

  it.each([
    ['', 'This is not the output of "docker -v": ""'],
    ['Docker version', 'This is not the output of "docker -v"'],
    ['Docker version 23.0.6, build', 'This is not the output of "docker -v"'],
    ['Docker version 23.0.6 build ef23cbc', 'This is not the output of "docker -v"'],
    ['bash: docker: command not found', 'This is not the output of "docker -v"'],
    ['Docker version dev, build HEAD', '"dev" is not a version'],
    ['x'.repeat(5000), 'xxx…"'],
  ])('is refused if it is something else: %.40s', (output, problem) => {
    const error = engineErrorThrownBy(() => parseClientVersion(output));

    expect(error).toMatchObject({ code: 'VERSION_MALFORMED' });
    expect(error.message).toContain(problem);
    expect(error.message.length).toBeLessThan(400);
  });
});

describe('the docker client of this machine', () => {
  const { PATH } = process.env;

  afterEach(() => {
    process.env.PATH = PATH;
  });

  it.each([
    [
      'is asked',
      'echo Docker version 23.0.6, build ef23cbc',
      { program: 'docker', version: '23.0.6', build: 'ef23cbc' },
    ],
    [
      'may be Podman under its name',
      'echo "Emulate Docker CLI using podman." >&2; echo podman version 4.3.1',
      { program: 'podman', version: '4.3.1' },
    ],
  ])('%s', async (_, script, parts) => {
    await using directory = await temporaryDirectory();
    await installDocker(directory.path, script);

    expect(await clientVersion()).toEqual(parts);
  });

  it('may be missing', async () => {
    await using directory = await temporaryDirectory();
    process.env.PATH = directory.path;

    expect(await clientVersion()).toBeUndefined();
  });

  it.each([
    ['fails', 'echo broken >&2; exit 3', 'CLIENT_FAILED', 'broken'],
    ['prints something else', 'echo hello', 'VERSION_MALFORMED', '"hello"'],
  ])('that %s is an error of its own', async (_, script, code, problem) => {
    await using directory = await temporaryDirectory();
    await installDocker(directory.path, script);

    const error = await rejectionOf(clientVersion(), EngineError);

    expect(error).toMatchObject({ code });
    expect(error.message).toContain(problem);
  });

  /** A `docker` of our own, alone on PATH. */
  async function installDocker(directory: string, script: string): Promise<void> {
    await writeFile(join(directory, 'docker'), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
    process.env.PATH = directory;
  }
});

describe('a version', () => {
  it.each([
    ['23.0.6', { major: 23, minor: 0, patch: 6 }],
    ['20.10', { major: 20, minor: 10, patch: 0 }],
    ['v24.0.7', { major: 24, minor: 0, patch: 7 }],
    ['20.10.24+dfsg1', { major: 20, minor: 10, patch: 24 }],
    ['28.2.0-rc.1', { major: 28, minor: 2, patch: 0, prerelease: 'rc.1' }],
    ['18.09.1-ce', { major: 18, minor: 9, patch: 1 }],
    ['18.06.0-ce-rc2', { major: 18, minor: 6, patch: 0, prerelease: 'rc2' }],
  ])('is taken apart: %s', (text, parts) => {
    expect(parseVersion(text)).toEqual(parts);
  });

  it.each([
    ['', 'An empty string is not a version'],
    ['23', 'no minor number'],
    ['23.0.6.1', 'more than three numbers'],
    [' 23.0.6', 'spaces around it'],
    ['dev', 'is not a version: a version looks like'],
    ['23.x', 'is not a version: a version looks like'],
    ['-1.0', 'is not a version: a version looks like'],
    ['23.0.6; rm', 'is not a version: a version looks like'],
  ])('is refused if it is malformed: %j', (text, problem) => {
    const error = engineErrorThrownBy(() => parseVersion(text));

    expect(error).toMatchObject({ code: 'VERSION_MALFORMED' });
    expect(error.message).toContain(problem);
    expect(error.message.length).toBeLessThan(400);
  });

  it('is compared by its numbers, not by its text', () => {
    const sorted = [
      '23.0.6',
      '9.1.0',
      '20.10.24+dfsg1',
      '28.2.0',
      '28.2.0-rc.2',
      '28.2.0-rc.10',
      '28.2.0-beta.1',
    ];

    sorted.sort(compareVersions);

    expect(sorted).toEqual([
      '9.1.0',
      '20.10.24+dfsg1',
      '23.0.6',
      '28.2.0-beta.1',
      '28.2.0-rc.2',
      '28.2.0-rc.10',
      '28.2.0',
    ]);
  });

  it('equals itself whatever a distribution adds', () => {
    expect(compareVersions('20.10.24+dfsg1', '20.10.24')).toBe(0);
  });

  it('is ordered as its three numbers are, for any numbers', () => {
    const number = fc.nat({ max: 99 });
    const triple = fc.tuple(number, number, number);
    fc.assert(
      fc.property(triple, triple, (first, second) => {
        const different = [0, 1, 2].find((index) => first[index] !== second[index]) ?? 0;
        const expected = Math.sign((first[different] ?? 0) - (second[different] ?? 0));
        expect(Math.sign(compareVersions(first.join('.'), second.join('.')))).toBe(expected);
      }),
    );
  });

  it.each(['20.10', '20.10.0', '20.10.24', '20.10.24+dfsg1', '23.0.6', '100.0'])(
    '%s is new enough for 20.10',
    (version) => {
      expect(() => requireVersion(version, '20.10')).not.toThrow();
    },
  );

  it.each(['19.03.15', '20.9.9', '20.10.0-rc.1', '9.99'])('%s is too old for 20.10', (version) => {
    const error = engineErrorThrownBy(() => requireVersion(version, '20.10', 'The client'));

    expect(error).toMatchObject({
      code: 'VERSION_TOO_OLD',
      message: `The client ${version} is too old: 20.10 or newer is needed. Install a newer version.`,
    });
  });
});

describe('the engine in use', () => {
  it('tells its version, its API and its kernel', async () => {
    const version = await engineVersion();

    expect(compareVersions(version.version, '20.10')).toBeGreaterThanOrEqual(0);
    expect(compareVersions(version.apiVersion, version.minimumApiVersion)).toBeGreaterThanOrEqual(0);
    expect(version).toMatchObject({ os: 'linux', kernel: expect.stringMatching(/^\d+\.\d+/) as string });
  });
});
