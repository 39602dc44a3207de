import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { DumpReader } from '../dump/dump-reader.ts';
import { DumpWriter } from '../dump/dump-writer.ts';
import type { Manifest, Part } from '../dump/manifest.ts';

/** Writes a dump anew, whole and with good digests, in which the manifest or the text of parts is another one. */
export async function rewrite(
  from: string,
  to: string,
  change: (manifest: Manifest) => void,
  parts: Record<string, (text: string) => string> = {},
): Promise<void> {
  await using reader = await DumpReader.open(from);
  await using writer = await DumpWriter.create(to);
  const manifest = structuredClone(reader.manifest);
  const copy = async (part: Part) => {
    const content = await text(reader.part(part));
    const changed = parts[part.name]?.(content) ?? content;
    if (parts[part.name] && changed === content) throw new Error(`nothing of ${part.name} is changed`);
    return writer.add(part.name, Readable.from([Buffer.from(changed)]));
  };
  for (const schema of manifest.schemas) for (const table of schema.tables) table.data = await copy(table.data);
  if (manifest.usage) manifest.usage.data = await copy(manifest.usage.data);
  change(manifest);
  await writer.finish(manifest);
}
