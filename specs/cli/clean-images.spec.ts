import { randomBytes } from 'node:crypto';
import type { Entry } from '../../src/cli/ps';
import { connectEngine } from '../../src/engine/connect/connection';
import type { EngineConnection } from '../../src/engine/connect/probe';
import { startPrivateEngine, type PrivateEngine } from '../../src/engine/private/private-engine';
import { imageIfThere } from '../../src/image/image';
import { makeImage } from '../../tooling/images/make-image';
import { typed } from '../../tooling/spec-helpers/run-cli';
import { describeAsRoot } from '../../tooling/spec-helpers/modes';

/** An engine of our own: all that belljar has derived and built is to be removed. */
let engine: PrivateEngine;
let docker: EngineConnection['docker'];

const ours = ['belljar/derived:one', 'belljar/built:two'];
const others = ['tool:1', 'somebody/image:1', 'belljar/derived:without-label'];

describeAsRoot('belljar clean', () => {
  beforeAll(async () => {
    engine = await startPrivateEngine({ name: `images-${randomBytes(4).toString('hex')}`, keepData: false });
    ({ docker } = await connectEngine());
  });

  afterAll(() => engine.stop());

  beforeEach(async () => {
    const [derived = '', built = ''] = ours;
    const [tool = '', builtOnOurs = '', withoutLabel = ''] = others;
    await makeImage(docker, tool);
    await makeImage(docker, withoutLabel);
    await makeImage(docker, derived, {}, ['LABEL belljar.derived=tool:1']);
    await makeImage(docker, built, {}, ['LABEL belljar.built=Dockerfile']);
    await makeImage(docker, builtOnOurs, {}, ['LABEL belljar.derived=tool:1']);
  });

  it('leaves images alone, unless it is told otherwise', async () => {
    const { printed } = await typed('clean');

    expect(printed).toBe('Nothing was removed.');
    expect(await present(ours)).toEqual(ours);
  });

  it('lists with --images --dry-run the images that belljar derived and built, and from what', async () => {
    const { code, printed } = await typed('clean', '--images', '--dry-run');

    expect(printed).toMatch(/^Would remove:\nKIND +ID +AGE +SIZE +FROM +NAME\n/);
    expect(printed).toMatch(/^image +[0-9a-f]{12} +\d+ s +\d+(\.\d)? k?B +tool:1 +belljar\/derived:one$/m);
    expect(printed).toMatch(/^image .* Dockerfile +belljar\/built:two$/m);
    for (const name of others) expect(printed).not.toMatch(new RegExp(` ${name}$`, 'm'));
    expect(await present(ours)).toEqual(ours);
    expect(code).toBe(0);
  });

  it('removes them with --images, and no image of anybody else', async () => {
    const { code, printed } = await typed('clean', '--images', '--json');

    const { removed } = JSON.parse(printed) as { removed: Entry[] };
    expect(removed.map(({ kind, name }) => [kind, name]).sort()).toEqual(
      ours.map((name) => ['image', name]).sort(),
    );
    expect(await present(ours)).toEqual([]);
    expect(await present(others)).toEqual(others);
    expect(code).toBe(0);
  });

  it('says which it could not remove because a container uses it, and removes the rest', async () => {
    const [derived = ''] = ours;
    const container = await docker.createContainer({ Image: derived, Cmd: ['/none'] });

    const { code, complained } = await typed('clean', '--images');

    expect(complained).toContain(`belljar clean: the engine did not remove image ${derived}: `);
    expect(await present(ours)).toEqual([derived]);
    expect(code).toBe(1);
    await container.remove();
  });
});

/** Those of them that the engine has. */
async function present(names: readonly string[]): Promise<string[]> {
  const found = await Promise.all(names.map(imageIfThere));
  return names.filter((_, index) => found[index] !== undefined);
}
