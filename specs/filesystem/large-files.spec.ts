import { useContainer } from '../../src';
import { FileError } from '../../src/filesystem/errors';
import { createFiles } from '../../src/filesystem/files';
import { noView } from '../../src/filesystem/host-view/root-view';
import { rejectionOf } from '../../tooling/spec-helpers/rejection';

describe('A file that is too large for Node.js', () => {
  const box = useContainer({ scope: 'file', network: 'none' });

  beforeAll(
    () => box.sh`truncate -s 600M /opt/text; truncate -s 2500M /opt/bytes; truncate -s 40M /opt/fits`,
  );

  it('is refused with the limit and what to do, as text', async () => {
    const error = await rejectionOf(box.files.read('/opt/text'), FileError);

    expect(error.message).toBe(
      "EFBIG: file too large, open '/opt/text' (files.read() returns at most 536.9 MB as text: files.copyOut() " +
        'copies the file to the host, and a command such as head or grep reads a part of it)',
    );
  });

  it('is refused as bytes from 2 GB on', async () => {
    const error = await rejectionOf(box.files.read('/opt/bytes', { encoding: 'buffer' }), FileError);

    expect(error.message).toMatch(/^EFBIG: .*at most 2\.1 GB as bytes/);
  });

  it('is refused by commands inside, too', async () => {
    const inside = createFiles(box, box, noView);

    await expect(inside.read('/opt/text')).rejects.toMatchObject({ code: 'EFBIG', path: '/opt/text' });
  }, 30_000);

  it('is not one that only takes long', async () => {
    const inside = createFiles(box, box, noView);

    expect((await inside.read('/opt/fits', { encoding: 'buffer' })).length).toBe(40 * 2 ** 20);
  });
});
