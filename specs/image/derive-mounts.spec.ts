import { randomUUID } from 'node:crypto';
import { ImageError, type Box, type Image } from '../../src';
import { connectEngine } from '../../src/engine/connect/connection';
import { imageWithConfig } from '../../tooling/images/image-with-config';
import { removeImage } from '../../tooling/images/make-image';
import { rejectionOf } from '../../tooling/spec-helpers/rejection';

let base: Awaited<ReturnType<typeof imageWithConfig>>;
const made: Image[] = [];

const derive = (setUp: (box: Box) => unknown) => base.derive(setUp, { key: randomUUID() });

beforeAll(async () => {
  base = await imageWithConfig({ Volumes: { '/data': {}, '/etc/apt': {} } });
});

afterAll(async () => {
  const { docker } = await connectEngine();
  for (const { reference } of [...made, base]) await removeImage(docker, reference);
});

describe('A set-up that writes where no image holds it', () => {
  it.each<[string, (box: Box) => unknown, string]>([
    [
      'a volume of the base',
      (box) => box.files.write('/data/rows', '1'),
      '/data is a volume of belljar-specs/',
    ],
    [
      'a volume that has files of the base',
      (box) => box.files.append('/etc/apt/sources.list', '# more\n'),
      '/etc/apt is a volume of belljar-specs/',
    ],
    ['the mode of a volume', (box) => box.$`chmod 700 /data`, '/data is a volume of belljar-specs/'],
    [
      'a file that the engine makes',
      (box) => box.sh`echo 10.0.0.1 database >> /etc/hosts`,
      '/etc/hosts is made by the engine for each container',
    ],
    [
      'shared memory',
      (box) => box.files.write('/dev/shm/table', '1'),
      '/dev/shm/table is in shared memory, which each container has of its own',
    ],
  ])('makes no image, and the error names the place: %s', async (_, setUp, loss) => {
    const error = await rejectionOf(derive(setUp), ImageError);

    expect(error.code).toBe('CHANGES_NOT_KEPT');
    expect(error.message).toContain(`\n  ${loss}`);
    expect(error.message).toContain("by the option 'files'");
  });

  it('makes an image if it has undone that', async () => {
    const image = await derive(async (box) => {
      await box.$`touch /data/temporary /kept`;
      await box.$`rm /data/temporary`;
    });

    made.push(image);
    expect(image.reference).toMatch(/^belljar\/derived:/);
  });

  it('makes an image if a program that still runs uses shared memory', async () => {
    const image = await derive((box) =>
      box.spawn('/bin/sh', ['-c', 'exec 3> /dev/shm/lock; sleep 1000'], {}).then(async () => {
        await box.waitForCommand('test', ['-e', '/dev/shm/lock']);
      }),
    );

    made.push(image);
    expect(image.reference).toMatch(/^belljar\/derived:/);
  });
});
