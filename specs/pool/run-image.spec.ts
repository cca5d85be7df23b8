import { randomBytes, randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import {
  CommandError,
  ContainerError,
  InvalidOptionError,
  runImage,
  type Image,
  type RunImageOptions,
} from '../../src';
import { connectEngine } from '../../src/engine/connect/connection';
import { imageWithConfig } from '../../tooling/images/image-with-config';
import { removeImage } from '../../tooling/images/make-image';
import { rejectionOf } from '../../tooling/spec-helpers/rejection';

/** Only the containers of this file have it. */
const labels = { 'belljar.spec': randomUUID() };

let image: Image;

beforeAll(async () => {
  image = await imageWithConfig({
    Entrypoint: ['/bin/sh', '-c', 'echo "tool $*"; echo "in $(pwd) as $(id -un)" >&2; cat; exit 0', 'tool'],
    Cmd: ['--help'],
    WorkingDir: '/var',
  });
});

afterAll(async () => {
  const { docker } = await connectEngine();
  await removeImage(docker, image.reference);
});

afterEach(async () => {
  const { docker } = await connectEngine();
  const filters = { label: [`belljar.spec=${labels['belljar.spec']}`] };
  expect(await docker.listContainers({ all: true, filters })).toEqual([]);
});

const shell = (script: string, options: RunImageOptions = {}) =>
  runImage(image, [script], { entrypoint: ['/bin/sh', '-c'], labels, ...options });

describe('runImage()', () => {
  it('runs the entrypoint with the arguments, and returns exit code, standard output and error', async () => {
    const result = await runImage(image, ['two words', '$x'], { labels });

    expect(result).toMatchObject({
      exitCode: 0,
      stdout: 'tool two words $x',
      stderr: 'in /var as root',
      failed: false,
    });
    expect(result.escapedCommand).toContain("tool 'two words' '$x'");
  });

  it("has the image's own arguments if there are none", async () => {
    expect((await runImage(image, [], { labels })).stdout).toBe('tool --help');
    expect((await runImage(image, undefined, { labels })).stdout).toBe('tool --help');
  });

  it.each<[string, RunImageOptions['input']]>([
    ['a string', 'typed\n'],
    ['bytes', Buffer.from('typed\n')],
    ['a stream', Readable.from(['ty', 'ped\n'])],
  ])('passes on input from %s, and then the end of file', async (_, input) => {
    expect((await runImage(image, ['x'], { labels, input })).stdout).toBe('tool x\ntyped');
  });

  it('passes on every byte of a large input and output', async () => {
    const input = randomBytes(3_000_000);

    const { stdout } = await runImage(image, ['-c', 'cat'], {
      labels,
      input,
      entrypoint: ['/bin/sh'],
      encoding: 'buffer',
    });

    expect(Buffer.compare(Buffer.from(stdout), input)).toBe(0);
  });

  it('takes it as no error if the program does not read its input', async () => {
    expect(await shell('exit 0', { input: randomBytes(1_000_000) })).toMatchObject({ exitCode: 0 });
  });

  it('sets variables, the user, the directory and files, and needs no network', async () => {
    const { stdout } = await shell('echo $WORD; id -un; pwd; cat /etc/app.conf; ls /sys/class/net', {
      env: { WORD: 'two words' },
      user: 'nobody',
      cwd: '/tmp',
      files: [{ target: '/etc/app.conf', content: 'debug\n' }],
      network: 'none',
    });

    expect(stdout).toBe('two words\nnobody\n/tmp\ndebug\nlo');
  });

  it('fails as a command fails, with the output and the exit code', async () => {
    const error = await rejectionOf(shell('echo out; echo no key >&2; exit 3'), CommandError);

    expect(error).toMatchObject({ code: 'EXIT_CODE', exitCode: 3, stdout: 'out', stderr: 'no key' });
    expect(error.message).toMatch(/^Command failed with exit code 3: \/bin\/sh -c .*no key/s);
    expect(await shell(`sh -c 'kill -9 $$'; exit $?`, { reject: false })).toMatchObject({
      exitCode: 137,
      signal: 'SIGKILL',
    });
  });

  it('kills a program whose time is over, or that is canceled, or that prints too much', async () => {
    const wait = 'echo begun; exec sleep 1000';

    expect(await shell(wait, { timeout: 1500, reject: false })).toMatchObject({
      timedOut: true,
      stdout: 'begun',
    });
    expect(
      await rejectionOf(shell(wait, { cancelSignal: AbortSignal.timeout(2000) }), CommandError),
    ).toMatchObject({
      code: 'CANCELED',
    });
    expect(await shell('yes', { maxBuffer: 1000, reject: false })).toMatchObject({ isMaxBuffer: true });
  });

  it('misses nothing of a program that ends at once', async () => {
    const runs = Array.from({ length: 5 }, () => shell('echo out; echo err >&2'));

    for (const result of await Promise.all(runs))
      expect(result).toMatchObject({ stdout: 'out', stderr: 'err' });
  });

  it('says that the image has no such program, and leaves no container', async () => {
    const error = await rejectionOf(
      runImage(image, ['x'], { entrypoint: ['/none'], labels, input: 'typed' }),
      ContainerError,
    );

    expect(error.code).toBe('CONTAINER_NOT_STARTED');
    expect(error.message).toContain('/none');
  });

  it('refuses what has no meaning for a program that runs once', async () => {
    const given = async (options: object): Promise<string> =>
      (await rejectionOf(runImage(image, [], options), InvalidOptionError)).message;

    expect(await given({ ports: [80] })).toContain('ports is not an option');
    expect(await given({ workdir: '/tmp' })).toContain('workdir is not an option');
    expect(await given({ inptu: 'typed' })).toContain('Did you mean input');
    await expect(runImage(image, 'ls' as never)).rejects.toThrow('args must be an array of strings');
  });
});
