import fc from 'fast-check';
import { frameReader, type OutputStream } from '../../src/command/frames';

interface Frame {
  stream: OutputStream;
  content: string;
}

const frames: fc.Arbitrary<Frame[]> = fc.array(
  fc.record({ stream: fc.constantFrom<OutputStream>('stdout', 'stderr'), content: fc.string() }),
);

describe("The engine's multiplexed stream", () => {
  it('comes apart into stdout and stderr, wherever its chunks are cut', () => {
    fc.assert(
      fc.property(frames, fc.integer({ min: 1, max: 20 }), (sent, chunkLength) => {
        const received = { stdout: '', stderr: '' };
        const read = frameReader((stream, bytes) => (received[stream] += bytes.toString('latin1')));

        for (const chunk of chunksOf(encode(sent), chunkLength)) read(chunk);

        expect(received).toEqual({ stdout: contentOf(sent, 'stdout'), stderr: contentOf(sent, 'stderr') });
      }),
    );
  });
});

function encode(sent: readonly Frame[]): Buffer {
  return Buffer.concat(
    sent.flatMap(({ stream, content }) => {
      const bytes = Buffer.from(content);
      const header = Buffer.from([stream === 'stderr' ? 2 : 1, 0, 0, 0, 0, 0, 0, 0]);
      header.writeUInt32BE(bytes.length, 4);
      return [header, bytes];
    }),
  );
}

function* chunksOf(bytes: Buffer, length: number): Generator<Buffer> {
  for (let at = 0; at < bytes.length; at += length) yield bytes.subarray(at, at + length);
}

function contentOf(sent: readonly Frame[], wanted: OutputStream): string {
  const parts = sent.filter(({ stream }) => stream === wanted).map(({ content }) => Buffer.from(content));
  return Buffer.concat(parts).toString('latin1');
}
