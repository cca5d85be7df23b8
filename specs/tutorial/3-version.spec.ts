import { engine } from '../../src';
import { clientVersion, parseClientVersion } from '../../src/engine/client-version';
import { parseVersion } from '../../src/engine/version';

/**
 * Part 3 of the tutorial: which Docker is this?
 *
 * `docker` is a client: a program that asks. The engine, `dockerd`, is the daemon that does the work. Each has a
 * version of its own, and the two need not be the same.
 */
describe('3. Version', () => {
  it('"docker -v" prints one line: the version, and the build that it was made from', () => {
    const printed = 'Docker version 23.0.6, build ef23cbc';

    const client = parseClientVersion(printed);

    expect(client.version).toBe('23.0.6');
    expect(client.build).toBe('ef23cbc');
  });

  it('a version has three numbers: major, minor and patch', () => {
    expect(parseVersion('23.0.6')).toEqual({ major: 23, minor: 0, patch: 6 });
  });

  it('a distribution may add its own mark, which does not make it another version', () => {
    const debian = parseClientVersion('Docker version 20.10.24+dfsg1, build 297e128');

    expect(debian.version).toBe('20.10.24+dfsg1');
    expect(engine.compareVersions(debian.version, '20.10.24')).toBe(0);
  });

  it('versions are compared number by number: 9 comes before 20, and 20.9 before 20.10', () => {
    const versions = ['23.0.6', '20.10.24', '20.9.0', '9.1.0'];

    versions.sort(engine.compareVersions);

    expect(versions).toEqual(['9.1.0', '20.9.0', '20.10.24', '23.0.6']);
  });

  it('a release candidate comes before its release', () => {
    expect(engine.compareVersions('28.2.0-rc.1', '28.2.0')).toBeLessThan(0);
  });

  it('a version that is new enough passes', () => {
    expect(() => engine.requireVersion('23.0.6', '20.10')).not.toThrow();
  });

  it('a version that is too old is refused, and the message says what is needed', () => {
    expect(() => engine.requireVersion('19.03.15', '20.10')).toThrow(
      'Docker 19.03.15 is too old: 20.10 or newer is needed. Install a newer version.',
    );
  });

  it('what is not a version is refused, and the message shows what one looks like', () => {
    expect(() => parseVersion('latest')).toThrow(
      '"latest" is not a version: a version looks like 23.0.6, 20.10.24+dfsg1 or 28.2.0-rc.1.',
    );
  });

  it('the engine of this machine is asked over its API, and is new enough for belljar', async () => {
    const { version, os } = await engine.version();

    expect(() => engine.requireVersion(version, '20.10', 'The engine')).not.toThrow();
    expect(os).toBe('linux');
  });

  it('the client of this machine is asked by "docker -v", if there is one: belljar needs none', async () => {
    const client = await clientVersion();

    // Whatever is found, it is a real version; `undefined` is a machine without the `docker` program.
    expect(client === undefined || parseVersion(client.version).major > 0).toBe(true);
  });
});
