import fc from 'fast-check';
import { frameReader, type OutputStream } from '../../src/engine/framed-stream';

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
        const reader = frameReader((stream, bytes) => (received[stream] += bytes.toString('latin1')));

        for (const chunk of chunksOf(encode(sent), chunkLength)) reader.read(chunk);

        expect(received).toEqual({ stdout: contentOf(sent, 'stdout'), stderr: contentOf(sent, 'stderr') });
        expect(reader.isWhole()).toBe(true);
      }),
    );
  });

  it('is known not to be whole wherever it ends within a frame', () => {
    const bytes = encode([{ stream: 'stderr', content: 'héllo' }]);

    const wholeAfter = Array.from({ length: bytes.length + 1 }, (_, length) => {
      const reader = frameReader(() => undefined);
      reader.read(bytes.subarray(0, length));
      return reader.isWhole();
    });

    expect(wholeAfter.flatMap((whole, length) => (whole ? [length] : []))).toEqual([0, bytes.length]);
  });

  it.each([
    ['an HTML page', Buffer.from('<html><body>')],
    ['a stream that there is not', Buffer.from([3, 0, 0, 0, 0, 0, 0, 1, 65])],
    ['bytes where zeros belong', Buffer.from([1, 0, 1, 0, 0, 0, 0, 1, 65])],
  ])('is refused if it is %s', (_, bytes) => {
    const reader = frameReader(() => undefined);

    expect(() => reader.read(bytes)).toThrow(
      /not a command's output: a frame began with the bytes [0-9a-f]{16}/,
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
