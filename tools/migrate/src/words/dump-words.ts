import { Readable } from 'node:stream';
import { createInterface } from 'node:readline';
import type { ClientBase } from 'pg';
import { z } from 'zod';
import type { Deployment } from '../deployment/deployment.ts';
import { DumpError } from '../dump/dump-error.ts';
import type { DumpReader } from '../dump/dump-reader.ts';
import type { DumpWriter } from '../dump/dump-writer.ts';
import type { Manifest } from '../dump/manifest.ts';
import { UnsettledWords } from './unsettled-words.ts';

const PART = 'usage-words.jsonl.gz';
const line = z.strictObject({ subject: z.string().max(256), payload: z.string() });

/** Adds the words that are not settled to a dump. @returns null where NATS could not be asked */
export async function dumpWords(writer: DumpWriter, { bus }: Deployment): Promise<Manifest['usage']> {
  const opened = bus && (await UnsettledWords.open(bus).catch(() => undefined));
  if (!opened) return null;
  await using unsettled = opened;
  let words = 0;
  async function* lines(): AsyncGenerator<Buffer> {
    for await (const message of unsettled.read()) {
      words += countWords(message.payload);
      yield Buffer.from(`${JSON.stringify(message)}\n`);
    }
  }
  const data = await writer.add(PART, Readable.from(lines(), { objectMode: false }));
  return { words, data };
}

/** Leaves the words of a dump for usage-metering to settle. @returns how many there are */
export async function returnWords(client: ClientBase, dump: DumpReader): Promise<number> {
  const { usage } = dump.manifest;
  if (!usage) return 0;
  let words = 0;
  for await (const text of createInterface({ input: dump.part(usage.data), crlfDelay: Infinity })) {
    const { subject, payload } = parseLine(text);
    words += countWords(payload);
    await client.query('INSERT INTO usage_metering.returned_words (subject, payload) VALUES ($1, $2)', [
      subject,
      payload,
    ]);
  }
  if (words !== usage.words)
    throw new DumpError('dump_damaged', 'The dump has another number of usage words than it says.');
  return words;
}

function parseLine(text: string): z.output<typeof line> {
  const parsed = line.safeParse(parseJson(text));
  if (!parsed.success) throw new DumpError('dump_damaged', 'A usage word in the dump cannot be read.');
  return parsed.data;
}

function countWords(payload: string): number {
  const body = parseJson(payload);
  return Array.isArray(body) ? body.length : 1;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
