import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import zlib from 'node:zlib';
import { pack } from 'tar-stream';
import { readSavedImage } from '../../src/image/verify/saved-image';
import { checkSaved } from '../../src/image/verify/content';

/** What stands for a layer here: its bytes are never looked into, only hashed. */
const layers = [Buffer.from('the first layer '.repeat(10_000)), Buffer.from('the second layer')];
const diffIds = layers.map((layer) => `sha256:${sha256(layer)}`);
const config = JSON.stringify({
  os: 'linux',
  architecture: 'amd64',
  rootfs: { type: 'layers', diff_ids: diffIds },
});
const configId = `sha256:${sha256(config)}`;

interface Entry {
  name: string;
  content?: Buffer | string;
  link?: string;
}

describe('an image saved by Docker before 25', () => {
  const manifest = JSON.stringify([
    { Config: `${sha256(config)}.json`, RepoTags: null, Layers: ['one/layer.tar', 'two/layer.tar'] },
  ]);
  const whole: Entry[] = [
    { name: 'one/layer.tar', content: layers[0] },
    { name: 'two/layer.tar', content: layers[1] },
    { name: `${sha256(config)}.json`, content: config },
    { name: 'manifest.json', content: manifest },
  ];

  it('is whole if everything hashes to its name', async () => {
    expect(await check(whole, configId)).toMatchObject({
      differences: [],
      evidence: [expect.stringContaining('2 layers')],
    });
  });

  it('may have a layer as a link to another image that has it too', async () => {
    const linked = whole.map((entry) =>
      entry.name === 'two/layer.tar' ? { name: entry.name, link: '../three/layer.tar' } : entry,
    );

    expect(await check([...linked, { name: 'three/layer.tar', content: layers[1] }], configId)).toMatchObject(
      { differences: [] },
    );
  });

  it.each([
    [
      'a changed byte in a layer',
      change('one/layer.tar', 'The first layer'),
      'layer-content',
      /^Layer 1 of 2 is sha256:/,
    ],
    ['a missing layer', remove('two/layer.tar'), 'layer-content', /^Layer 2 of 2 is nothing, not sha256:/],
    [
      'a changed config',
      change(`${sha256(config)}.json`, config.replace('amd64', 'arm64')),
      'config-content',
      /^The config is sha256:/,
    ],
    ['no manifest', remove('manifest.json'), 'unreadable', /has no manifest/],
    ['no config', remove(`${sha256(config)}.json`), 'unreadable', /has no manifest that leads to a config/],
    ['a manifest that is no JSON', change('manifest.json', '[{'), 'unreadable', /has no manifest/],
  ])('is not whole with %s', async (_, damage, kind, message) => {
    const { differences, evidence } = await check(damage(whole), configId);

    expect(differences).toHaveLength(1);
    expect(differences[0]).toMatchObject({ kind, message: expect.stringMatching(message) as string });
    expect(evidence).toEqual([]);
  });

  it('is not whole if its config lists other layers than the engine did', async () => {
    const other = `sha256:${'0'.repeat(64)}`;
    const saved = await readSavedImage(archiveOf(whole));

    const { differences } = checkSaved(saved, { id: configId, layers: [diffIds[0] ?? '', other] });

    expect(differences.map(({ kind }) => kind)).toEqual(['layers', 'layer-content']);
  });
});

describe('an image saved as an OCI layout, as Docker does since 25 and containerd does', () => {
  const compressed = layers.map((layer) => gzipSync(layer));
  const { entries, manifestId, indexId } = ociLayout(compressed);

  it.each([
    ["its config's digest", configId],
    ["its manifest's digest", manifestId],
    ["its index's digest", indexId],
  ])('is whole if the engine knows it by %s', async (_, id) => {
    expect(await check(entries, id)).toMatchObject({ differences: [] });
  });

  it('is not whole if the engine knows it by another', async () => {
    expect(await check(entries, `sha256:${'0'.repeat(64)}`)).toMatchObject({
      differences: [{ kind: 'config-content' }],
    });
  });

  it('is not whole if a compressed layer is another than its name says, and says what it is', async () => {
    const [first] = compressed;
    const name = `blobs/sha256/${sha256(first ?? '')}`;
    const other = gzipSync('another layer');

    const { differences } = await check(change(name, other)(entries), configId);

    expect(differences).toMatchObject([
      { kind: 'blob-content', found: sha256(other) },
      { kind: 'layer-content', expected: diffIds[0], found: `sha256:${sha256('another layer')}` },
    ]);
  });

  it('can not be read if a compressed layer is damaged inside', async () => {
    const [first = Buffer.alloc(0)] = compressed;
    const damaged = Buffer.concat([first.subarray(0, 40), Buffer.from('damage'), first.subarray(46)]);

    const reading = readSavedImage(archiveOf(change(`blobs/sha256/${sha256(first)}`, damaged)(entries)));

    await expect(reading).rejects.toThrow(/^blobs\/sha256\/[0-9a-f]{64} can't be decompressed: /);
  });

  it('is not called whole if this Node.js can not decompress a layer', async () => {
    const frame = Buffer.from('fd377a585a000000ff12d941', 'hex');
    const unknown = ociLayout([frame, ...compressed.slice(1)]);

    const { differences } = await check(unknown.entries, configId);

    expect(differences).toMatchObject([
      { kind: 'unchecked', message: expect.stringContaining('xz') as string },
    ]);
  });

  it('is checked inside if a layer is compressed with zstd, or said not to be', async () => {
    const { zstdCompressSync } = zlib as { zstdCompressSync?: (bytes: Buffer) => Buffer };
    const frame = zstdCompressSync?.(layers[0] ?? Buffer.alloc(0)) ?? Buffer.from('28b52ffd00', 'hex');
    const { entries: zstd } = ociLayout([frame, ...compressed.slice(1)]);

    const { differences } = await check(zstd, configId);

    expect(differences.map(({ kind }) => kind)).toEqual(zstdCompressSync === undefined ? ['unchecked'] : []);
  });
});

describe('what is not a saved image', () => {
  it('is refused if it ends too early', async () => {
    const chunks: Buffer[] = [];
    for await (const chunk of archiveOf([{ name: 'layer.tar', content: layers[0] }]))
      chunks.push(chunk as Buffer);
    const start = Buffer.concat(chunks).subarray(0, 5000);

    await expect(readSavedImage(Readable.from([start]))).rejects.toThrow('Unexpected end of data');
  });

  it('passes on how its stream fails', async () => {
    const failing = Readable.from(failAfter(Buffer.alloc(10)));

    await expect(readSavedImage(failing)).rejects.toThrow('the engine went away');
  });
});

function sha256(bytes: Buffer | string): string {
  return createHash('sha256').update(bytes).digest('hex');
}

function archiveOf(entries: Entry[]): Readable {
  const archive = pack();
  for (const { name, content, link } of entries) {
    if (link !== undefined) archive.entry({ name, type: 'symlink', linkname: link });
    else archive.entry({ name }, Buffer.from(content ?? ''));
  }
  archive.finalize();
  return Readable.from(archive);
}

async function check(entries: Entry[], id: string) {
  return checkSaved(await readSavedImage(archiveOf(entries)), { id, layers: diffIds });
}

function change(name: string, content: Buffer | string) {
  return (entries: Entry[]): Entry[] =>
    entries.map((entry) => (entry.name === name ? { name, content } : entry));
}

function remove(name: string) {
  return (entries: Entry[]): Entry[] => entries.filter((entry) => entry.name !== name);
}

/** With an index inside the index, as containerd saves an image of several platforms, and an attestation beside it. */
function ociLayout(blobs: Buffer[]): { entries: Entry[]; manifestId: string; indexId: string } {
  const digestOf = (bytes: Buffer | string): string => `sha256:${sha256(bytes)}`;
  const manifest = JSON.stringify({
    config: { digest: configId },
    layers: blobs.map((blob) => ({ digest: digestOf(blob) })),
  });
  const attestation = JSON.stringify({ config: { digest: digestOf('none') }, layers: [] });
  const index = JSON.stringify({
    manifests: [
      { digest: digestOf(attestation), platform: { os: 'unknown', architecture: 'unknown' } },
      { digest: digestOf(manifest), platform: { os: 'linux', architecture: 'amd64' } },
    ],
  });
  const top = JSON.stringify({ manifests: [{ digest: digestOf(index) }] });
  const named = [...blobs, config, manifest, attestation, index].map((content) => ({
    name: `blobs/sha256/${sha256(content)}`,
    content,
  }));
  return {
    entries: [
      ...named,
      { name: 'index.json', content: top },
      { name: 'oci-layout', content: '{"imageLayoutVersion":"1.0.0"}' },
    ],
    manifestId: digestOf(manifest),
    indexId: digestOf(index),
  };
}

function* failAfter(bytes: Buffer): Generator<Buffer> {
  yield bytes;
  throw new Error('the engine went away');
}
