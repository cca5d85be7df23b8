import { ContainerError, Image, ImageError, startContainer } from '../../src';
import { connectEngine } from '../../src/engine/connect/connection';
import { rejectionOf } from '../../tooling/spec-helpers/rejection';
import { uniqueName } from '../../tooling/engine/private-engines';

describe('An image that changes during a run', () => {
  const repository = `belljar/${uniqueName('moving')}`;
  const reference = `${repository}:latest`;
  const made: string[] = [];
  beforeAll(() => tagNew('first'));
  afterAll(async () => {
    const { docker } = await connectEngine();
    for (const id of made) await docker.getImage(id).remove({ force: true });
  });

  it('is still the same for what was resolved before, when its tag is moved', async () => {
    const { id } = await Image.inspect(reference);
    await using before = await startContainer(reference, { network: 'none' });
    await tagNew('second');

    expect(before.image.id).toBe(id);
    expect(await before.files.read('/comment')).toBe('first');
    expect((await Image.inspect(reference)).id).not.toBe(id);
  });

  it('that is removed leaves running containers as they are, and the next start says what is missing', async () => {
    const { docker } = await connectEngine();
    await using running = await startContainer(reference, { network: 'none' });
    await docker.getImage(reference).remove({ force: true });

    await expect(running.$`echo here`).toPrint('here');
    const error = await rejectionOf(startContainer(reference, { network: 'none' }), ImageError);

    expect(error).toMatchObject({
      code: 'IMAGE_NOT_FOUND',
      message: expect.stringContaining(reference) as string,
    });
  });

  /** Points the tag to an image of its own. */
  async function tagNew(comment: string): Promise<void> {
    await using box = await startContainer({ network: 'none' });
    await box.files.write('/comment', comment);
    const { Id } = (await box.docker.commit({ repo: repository, tag: 'latest' })) as { Id: string };
    made.push(Id);
  }
});

describe('Two containers that want one name', () => {
  it('are not both started: the second fails with the engine’s reason and leaves nothing', async () => {
    const name = uniqueName('name');
    await using first = await startContainer({ network: 'none', customize: (made) => made.withName(name) });

    const error = await rejectionOf(
      startContainer({ network: 'none', customize: (made) => made.withName(name) }),
      ContainerError,
    );

    expect(error).toMatchObject({
      code: 'NAME_TAKEN',
      message: expect.stringMatching(new RegExp(`name "/${name}" is already in use`)) as string,
    });
    await expect(first.$`echo first`).toPrint('first');
  });
});
