import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { FrameBatch } from './frame-batch.ts';
import { FrameReader } from './frame-reader.ts';
import { frameTypes, MAX_PAYLOAD_BYTES, type FrameName, type FrameType, type Side } from './frame-types.ts';

type Frame = readonly [FrameName, number, string];

const names = Object.keys(frameTypes) as FrameName[];
const typeOf = (name: FrameName): FrameType => frameTypes[name];
const fromOf = (side: Side) => names.filter((name) => typeOf(name).from !== (side === 'router' ? 'gateway' : 'router'));
const frame = fc
  .tuple(
    fc.constantFrom(...fromOf('router')),
    fc.integer({ min: 1, max: 0xffff_ffff }),
    fc.oneof(fc.uint8Array({ maxLength: 40 }), fc.uint8Array({ minLength: 500, maxLength: 600 })),
  )
  .map(([name, request, payload]): Frame => [
    name,
    typeOf(name).of === 'connection' ? 0 : request,
    Buffer.from(payload).toString('latin1'),
  ]);

function toBytes(frames: readonly Frame[]): Buffer {
  const batch = new FrameBatch();
  for (const [name, request, payload] of frames) batch.add(name, request, Buffer.from(payload, 'latin1'));
  return batch.take();
}

function read(chunks: readonly Buffer[], from: Side = 'router'): Frame[] {
  const frames: Frame[] = [];
  const reader = new FrameReader(from, (name, request, payload) => {
    frames.push([name, request, payload.toString('latin1')]);
  });
  for (const chunk of chunks) reader.read(chunk);
  return frames;
}

/** A head as any side could write it. */
function head(length: number, code: number, request: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeUIntBE(length, 0, 3);
  bytes.writeUInt8(code, 3);
  bytes.writeUInt32BE(request, 4);
  return bytes;
}

describe('frames', () => {
  test('are the same however their bytes are cut', () => {
    fc.assert(
      fc.property(fc.array(frame, { maxLength: 12 }), fc.array(fc.integer({ min: 1, max: 700 })), (frames, cuts) => {
        const bytes = toBytes(frames);
        const chunks: Buffer[] = [];
        let at = 0;
        for (const cut of cuts) chunks.push(bytes.subarray(at, (at += cut)));
        chunks.push(bytes.subarray(at));
        expect(read(chunks)).toEqual(frames);
      }),
    );
  });

  test('are the same cut at every byte', () => {
    const frames: Frame[] = [
      ['greeting', 0, 'x'.repeat(30)],
      ['data', 7, 'abc'],
      ['heartbeat', 0, ''],
      ['end', 7, '\0'],
    ];
    const bytes = toBytes(frames);
    for (let at = 0; at <= bytes.length; at += 1) {
      expect(read([bytes.subarray(0, at), bytes.subarray(at)])).toEqual(frames);
    }
    expect(read(Array.from(bytes, (_, at) => bytes.subarray(at, at + 1)))).toEqual(frames);
  });

  test('of the largest size are read; one byte more is refused before anything of it is kept', () => {
    const largest: Frame = ['data', 1, 'y'.repeat(MAX_PAYLOAD_BYTES)];
    expect(read([toBytes([largest])])).toEqual([largest]);
    expect(() => read([head(MAX_PAYLOAD_BYTES + 1, frameTypes.data.code, 1)])).toThrow('longer than');
    expect(() => read([head(MAX_PAYLOAD_BYTES + 1, 5, 1).subarray(0, 4), Buffer.alloc(4)])).toThrow('longer than');
  });

  test.each([
    ['of a type that does not exist', head(0, 99, 1), 'no frame of this type'],
    ['of the connection with the number of a request', head(0, frameTypes.heartbeat.code, 1), 'cannot come there'],
    ['of a request without its number', head(0, frameTypes.data.code, 0), 'cannot come there'],
    ['that only the other side sends', head(0, frameTypes.request.code, 1), 'cannot come there'],
  ])('%s are refused', (_, bytes, words) => {
    expect(() => read([bytes])).toThrow(words);
  });
});
