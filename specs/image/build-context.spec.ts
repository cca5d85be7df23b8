import { chmod, mkdir, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { packContext } from '../../src/image/sources/build-context';
import { contextOfClient, entriesOf } from '../../tooling/images/docker-context';
import { temporaryDirectory } from '../../tooling/machine/temporary-directory';

const files = [
  'Dockerfile',
  'docker/other.Dockerfile',
  'src/main.c',
  'src/main.o',
  'src/deep/keep.o',
  'src/deep/drop.o',
  'build/out/tool',
  'build/out/tool.log',
  'node_modules/a/index.js',
  '.hidden',
  'Ünï cödé.txt',
];

async function makeContext(directory: string, ignore: string | undefined): Promise<void> {
  for (const file of files) {
    await mkdir(dirname(join(directory, file)), { recursive: true });
    await writeFile(join(directory, file), `content of ${file}\n`);
  }
  for (const empty of ['empty', 'logs/empty', 'src/empty', 'private'])
    await mkdir(join(directory, empty), { recursive: true });
  await chmod(join(directory, 'private'), 0o700);
  await chmod(join(directory, 'src/main.c'), 0o666);
  await chmod(join(directory, 'build/out/tool'), 0o4777);
  await symlink('main.c', join(directory, 'src/link'));
  await symlink('/no/where', join(directory, 'src/dangling'));
  if (ignore !== undefined) await writeFile(join(directory, '.dockerignore'), ignore);
}

describe('The context of a build', () => {
  it.each<[string, string | undefined]>([
    ['no .dockerignore', undefined],
    ['an empty .dockerignore', ''],
    ['names and globs', 'node_modules\n**/*.log\n*.md\n'],
    ['comments, blank lines and slashes', '# a comment\n\n/build/\nsrc/deep/\n'],
    ['exceptions', '**/*.o\n!src/deep/keep.o\n'],
    ['an exception in an ignored directory', 'src\n!src/deep/keep.o\nbuild\n!build/out\n'],
    ['an exception for every directory', 'src\n!**/keep.o\n'],
    ['everything but a part', '*\n!src\nsrc/deep\n'],
    ['everything', '**\n'],
    ['the Dockerfile and itself', 'Dockerfile\n.dockerignore\ndocker\n'],
    ['empty directories', 'logs\nsrc/empty\n'],
    ['other case', 'SRC\nNODE_MODULES\n'],
  ])("is what Docker's own client sends, with %s", async (_, ignore) => {
    await using directory = await temporaryDirectory();
    await makeContext(directory.path, ignore);

    const ours = await entriesOf(await packContext(directory.path, 'Dockerfile'));
    const theirs = await contextOfClient(directory.path, 'Dockerfile');

    theirs.delete('.');
    expect(Object.fromEntries(ours)).toEqual(Object.fromEntries(theirs));
  });

  it('leaves out what the Dockerfile’s own ignore file names, instead of .dockerignore, as for BuildKit', async () => {
    await using directory = await temporaryDirectory();
    await makeContext(directory.path, 'src\n');
    await writeFile(join(directory.path, 'docker/other.Dockerfile.dockerignore'), 'build\n');

    const own = await entriesOf(await packContext(directory.path, 'docker/other.Dockerfile'));
    const common = await entriesOf(await packContext(directory.path, 'Dockerfile'));

    expect([own.has('src/main.c'), own.has('build/out/tool')]).toEqual([true, false]);
    expect([common.has('src/main.c'), common.has('build/out/tool')]).toEqual([false, true]);
  });

  it('has another Dockerfile, even if it is ignored', async () => {
    await using directory = await temporaryDirectory();
    await makeContext(directory.path, 'docker\n');
    const dockerfile = 'docker/other.Dockerfile';

    const ours = await entriesOf(await packContext(directory.path, dockerfile));

    expect(ours.get(dockerfile)?.content).toBe(`content of ${dockerfile}\n`);
    expect(ours).toEqual(await contextOfClient(directory.path, dockerfile));
  });
});
