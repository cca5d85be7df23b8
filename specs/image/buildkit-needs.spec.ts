import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Image, ImageError } from '../../src';
import { connectEngine } from '../../src/engine/connect/connection';
import { refuseBuildKit } from '../../src/image/sources/buildkit-needs';
import { removeImage } from '../../tooling/images/make-image';
import { temporaryDirectory } from '../../tooling/machine/temporary-directory';
import { rejectionOf } from '../../tooling/spec-helpers/rejection';

/** Returns the lines and instructions that are refused. */
function refused(text: string, choice: Parameters<typeof refuseBuildKit>[2] = {}): string[] {
  try {
    refuseBuildKit('Dockerfile', text, choice);
    return [];
  } catch (error) {
    return [...(error as Error).message.matchAll(/^ {2}(line .*)$/gm)].map(([, line = '']) => line);
  }
}

describe('A Dockerfile that only BuildKit can build is refused', () => {
  it.each<[string, string, string[]]>([
    ['a here-document', 'FROM x\n\nRUN <<EOF\nRUN --mount=x\nEOF\nRUN true', ['line 3: RUN <<EOF']],
    ['a here-document with tabs', 'FROM x\nCOPY <<-"A" /x\n\thi\n\tA\n', ['line 2: COPY <<A']],
    ['a cache', 'FROM x\nrun --mount=type=cache,target=/x true', ['line 2: RUN --mount']],
    ['two flags', 'FROM x\nCOPY --link --chmod=755 a b', ['line 2: COPY --link', 'line 2: COPY --chmod']],
    ['a trigger', 'FROM x\nONBUILD COPY --parents a b', ['line 2: COPY --parents']],
    ['a checksum', 'FROM x\nADD --checksum=sha256:0 a b', ['line 2: ADD --checksum']],
    ['a platform', 'ARG TARGETOS TARGETARCH=arm64\nFROM x', ['line 1: ARG TARGETOS']],
    ['another frontend', '# syntax=my/frontend:1\nFROM x', ['line 1: # syntax=my/frontend:1']],
    [
      'experiments',
      '#syntax=docker/dockerfile:1-labs\nFROM x',
      ['line 1: # syntax=docker/dockerfile:1-labs'],
    ],
    [
      'a later line',
      '# escape=`\nFROM x\nRUN a `\n# no\n b\nRUN --network=none c',
      ['line 6: RUN --network'],
    ],
  ])('for %s', (_, text, lines) => {
    expect(refused(text)).toEqual(lines);
  });

  it.each<[string, string, Parameters<typeof refuseBuildKit>[2]]>([
    ["Docker's own frontend", '# syntax=docker/dockerfile:1.7\nFROM x\nRUN true', {}],
    ['what the classic builder knows', 'FROM --platform=linux/amd64 x\nCOPY --from=y --chown=1 a b', {}],
    ['a flag of the program', 'FROM x\nRUN mount --mount=x\nRUN tool \\\n  --link', {}],
    ['the shell’s own signs', 'FROM x\nRUN echo $((1 <<2)); cat <<< "EOF"\nRUN echo "a <<EOF b"', {}],
    ['a value that is given', 'FROM x\nARG TARGETARCH', { buildArgs: { TARGETARCH: 'amd64' } }],
    ['a stage that is not built', 'FROM x AS a\nFROM a AS b\nRUN --mount=x y', { target: 'A' }],
    ['a comment', 'FROM x\n# RUN --mount=x y\n', {}],
  ])('but not for %s', (_, text, choice) => {
    expect(refused(text, choice)).toEqual([]);
  });

  it('before the build, by an error that says what works instead', async () => {
    await using context = await temporaryDirectory();
    const path = join(context.path, 'Dockerfile');
    await writeFile(path, 'FROM no-such-image\nRUN --mount=type=cache,target=/x true\n');

    const error = await rejectionOf(Image.build(context.path), ImageError);

    expect(error.code).toBe('BUILDKIT_NEEDED');
    expect(error.message).toBe(
      [
        `${path} needs BuildKit, and belljar builds with the engine's classic builder:`,
        '  line 2: RUN --mount',
        '    instead: copy what the step needs; for a secret, do the step in the set-up of image.derive()',
        'Or build the image by "docker buildx build --load --tag NAME DIRECTORY", and use it by that name.',
      ].join('\n'),
    );
  });

  it('and what is not refused is built', async () => {
    await using context = await temporaryDirectory();
    const { reference } = await Image.resolve();
    const text = `# syntax=docker/dockerfile:1\nFROM ${reference}\nARG TARGETARCH\nLABEL arch=$TARGETARCH\n`;
    await writeFile(join(context.path, 'Dockerfile'), text);

    const image = await Image.build(context.path, { buildArgs: { TARGETARCH: 'amd64' } });

    await removeImage((await connectEngine()).docker, image.reference);
    expect(image.config.labels).toMatchObject({ arch: 'amd64' });
  });
});
