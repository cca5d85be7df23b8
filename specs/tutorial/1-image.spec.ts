/*
 * Docker from the beginning, part 1: the image.
 *
 * An image is what containers are made from: the files of a small system, and how to start something in it. It is
 * read-only in use. Whatever a container does, the next one from the same image finds it as it was.
 */
import { withContainer } from '../../src/pool/start-container';
import type { Image } from '../../src/image/image';
import { parseReference } from '../../src/image/reference/reference';
import { resolveImage } from '../../src/image/sources/resolve';

describe('The name of an image', () => {
  it('is repository/image:tag, split by "/" and ":"', () => {
    const { repository, name, tag } = parseReference('alicek106/ubuntu:20.04');

    expect({ repository, name, tag }).toEqual({ repository: 'alicek106', name: 'ubuntu', tag: '20.04' });
  });

  it('may lack the repository: an official image of Docker Hub', () => {
    const { repository, name, tag } = parseReference('ubuntu:20.04');

    expect({ repository, name, tag }).toEqual({ repository: '', name: 'ubuntu', tag: '20.04' });
  });

  it('may lack the tag, and then means "latest"', () => {
    expect(parseReference('ubuntu').tag).toBe('latest');
    expect(parseReference('alicek106/ubuntu').toString()).toBe('alicek106/ubuntu:latest');
  });

  it('may start with the registry that has the image, and its port', () => {
    const { registry, port, repository, name, tag } = parseReference(
      'registry.example:5000/team/ubuntu:20.04',
    );

    expect({ registry, port, repository, name, tag }).toEqual({
      registry: 'registry.example',
      port: 5000,
      repository: 'team',
      name: 'ubuntu',
      tag: '20.04',
    });
  });

  it('prints again as it was read', () => {
    for (const text of ['ubuntu:20.04', 'alicek106/ubuntu:20.04', 'localhost:5000/ubuntu:20.04']) {
      expect(String(parseReference(text))).toBe(text);
    }
  });

  it.each([
    ['', 'it is empty'],
    ['ubuntu 20.04', 'there is white space inside it'],
    ['Ubuntu:20.04', 'a name can\'t have upper-case letters. Did you mean "ubuntu:20.04"?'],
    ['ubuntu:', 'there is a colon and no tag after it. Did you mean "ubuntu"?'],
    [':20.04', 'there is no name before the tag'],
    ['ubuntu::20.04', 'there are two colons in a row. Did you mean "ubuntu:20.04"?'],
    ['/ubuntu:20.04', 'it starts with a slash. Did you mean "ubuntu:20.04"?'],
    ['alicek106//ubuntu', 'a part between two slashes is empty. Did you mean "alicek106/ubuntu"?'],
    ['alicek106/', 'it ends with a slash, where the name should be'],
    ['https://hub.example/ubuntu', 'it is not an address, so "https://" does not belong to it'],
  ])('is refused if it is malformed, with what is wrong: %j', (text, problem) => {
    expect(() => parseReference(text)).toThrow(problem);
  });
});

describe('An image', () => {
  let image: Image;

  beforeAll(async () => {
    image = await resolveImage();
  });

  it('is ubuntu:20.04, or says what it stands in for', () => {
    expect(image.standsInFor ?? image.reference).toBe('ubuntu:20.04');
  });

  it('is known by the digest of its config, and made of layers that have digests too', () => {
    const digest = /^sha256:[0-9a-f]{64}$/;

    expect(image.id).toMatch(digest);
    expect(image.layers.length).toBeGreaterThan(0);
    for (const layer of image.layers) expect(layer).toMatch(digest);
  });

  it('says what a container runs by default: a shell', () => {
    expect([...image.config.entrypoint, ...image.config.cmd].join(' ')).toMatch(/\b(ba)?sh$/);
  });
});

describe('An image in use', () => {
  it('is read-only: what one container writes, the next from the same image does not have', async () => {
    await withContainer(async (first) => {
      await first.sh`echo mine > /etc/motd && rm /etc/os-release && mkdir /opt/new`;

      await withContainer(async (second) => {
        const { stdout } = await second.sh`cat /etc/motd; ls /etc/os-release /opt`;
        expect(stdout).not.toContain('mine');
        expect(stdout).toContain('/etc/os-release');
        expect(stdout).not.toContain('new');
      });
    });
  });

  it('is the very same image afterwards, down to the last byte', async () => {
    const image = await resolveImage();

    await withContainer(async (box) => {
      await box.sh`rm -rf /usr/share/doc /etc/motd; echo changed > /etc/hostname; echo new > /new`;
    });

    const report = await image.verify({ depth: 'content' });
    expect(report).toMatchObject({ unchanged: true, differences: [] });
  });

  it('gives a new container the same files as before', async () => {
    const image = await resolveImage();
    const before = await image.fingerprint();

    await withContainer(async (box) => {
      await box.sh`echo changed >> /etc/passwd; chmod 777 /etc`;
    });

    expect(await image.fingerprint()).toBe(before);
  });
});
