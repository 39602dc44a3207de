import { pick } from '../text/random.ts';
import type { Random } from '../text/random.ts';

// What breaks readers that were written for well-behaved providers.
const intruders = [
  'data: [DONE]\n\n',
  'data: {"error":{"message":"it broke","type":"server_error"}}\n\n',
  'data: {"choices":[],"usage":{"prompt_tokens":-5,"completion_tokens":1e99}}\n\n',
  '"usage":{"prompt_tokens":999999999999999,"completion_tokens":999999999999999},',
  '"usage":null,',
  '"choices":null,',
  '"model":{"a":[1,2]},',
  'event: error\ndata: x\ndata: y\n\n',
  ': comment\n\n',
  'data: null\n\n',
  'data: 7\n\n',
  '\r\n\r\n',
  '\n\n',
  '[[[[[[[[',
  '}}}}',
  '"',
  '\\u0000',
  '\u0000',
  '1e400',
].map((text) => Buffer.from(text));
const notUtf8 = Buffer.from([0xff, 0xc3, 0x28, 0xed, 0xa0, 0x80]);

/** Bytes as a faulty provider might have sent them: one or two changes, chosen by `random`. */
export function mutate(bytes: Buffer, random: Random): Buffer {
  let mutated = bytes;
  for (let times = 1 + pick(random, 2); times > 0; times -= 1) mutated = mutateOnce(mutated, random);
  return mutated;
}

function mutateOnce(bytes: Buffer, random: Random): Buffer {
  const start = pick(random, bytes.length + 1);
  const end = Math.min(bytes.length, start + 1 + pick(random, 40));
  const [before, middle, after] = [bytes.subarray(0, start), bytes.subarray(start, end), bytes.subarray(end)];
  switch (pick(random, 7)) {
    case 0:
      return Buffer.concat([before, after]);
    case 1:
      return Buffer.concat([before, middle, middle, after]);
    case 2:
      return Buffer.concat([before, Buffer.from(middle.map((byte) => byte ^ (1 << pick(random, 8)))), after]);
    case 3:
      return Buffer.concat([before, notUtf8, after]);
    case 4:
      return before;
    default:
      return Buffer.concat([before, intruders[pick(random, intruders.length)] ?? notUtf8, middle, after]);
  }
}
