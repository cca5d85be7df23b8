import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { ImageError } from '../../src/image/errors';
import { parseReference } from '../../src/image/reference/reference';
import { registryCredentials } from '../../src/image/sources/registry-auth';
import { rejectionOf } from '../../tooling/spec-helpers/rejection';
import { withEnvironment } from '../../tooling/machine/environment';

const reference = parseReference('registry.example:5000/team/tool');
const auth = Buffer.from('ann:se:cret').toString('base64');

describe('the credentials for a registry', () => {
  let directory: string;

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'belljar-specs-'));
  });

  afterEach(() => rm(directory, { recursive: true }));

  const settings = (config: object) => writeFile(join(directory, 'config.json'), JSON.stringify(config));

  it("are in Docker's config.json, where docker login puts them", async () => {
    await settings({
      auths: { 'registry.example:5000': { auth }, 'https://index.docker.io/v1/': { identitytoken: 'token' } },
    });

    expect(await registryCredentials(reference, { DOCKER_CONFIG: directory })).toEqual({
      username: 'ann',
      password: 'se:cret',
      serveraddress: 'registry.example:5000',
    });
    expect(await registryCredentials(parseReference('ubuntu'), { DOCKER_CONFIG: directory })).toMatchObject({
      identitytoken: 'token',
    });
  });

  it('are empty if there is no login', async () => {
    await settings({ auths: { 'other.example': { auth } } });

    expect(await registryCredentials(reference, { DOCKER_CONFIG: directory })).toBeUndefined();
    expect(await registryCredentials(reference, { DOCKER_CONFIG: join(directory, 'none') })).toBeUndefined();
  });

  it('come from the helper program that the settings name for the registry', async () => {
    const script =
      '#!/bin/sh\nread -r server; printf \'{"ServerURL":"%s","Username":"helped","Secret":"%s"}\' "$server" "$1"\n';
    await writeFile(join(directory, 'docker-credential-specs'), script, { mode: 0o755 });
    await settings({
      credHelpers: { 'registry.example:5000': 'specs' },
      auths: { 'registry.example:5000': { auth } },
    });
    const path = `${directory}${delimiter}${process.env.PATH ?? ''}`;

    const found = await withEnvironment({ PATH: path }, () =>
      registryCredentials(reference, { DOCKER_CONFIG: directory }),
    );

    expect(found).toEqual({ username: 'helped', password: 'get', serveraddress: 'registry.example:5000' });
  });

  it('that can not be read are an error, and not none', async () => {
    await settings({ credsStore: 'no-such-helper' });
    const missing = registryCredentials(reference, { DOCKER_CONFIG: directory });
    expect((await rejectionOf(missing, ImageError)).message).toContain('docker-credential-no-such-helper');

    await writeFile(join(directory, 'config.json'), '{ not json');
    const malformed = registryCredentials(reference, { DOCKER_CONFIG: directory });
    expect(await rejectionOf(malformed, ImageError)).toMatchObject({ code: 'CREDENTIALS_UNREADABLE' });
  });
});
