import { writeFile } from 'node:fs/promises';
import type { Command } from './options.ts';

/** Reads a receipt's bundle from a gateway. @throws Error when it answers anything else */
export async function fetchBundle(
  { url, requestId, out }: Extract<Command, { name: 'fetch' }>,
  apiKey: string | undefined,
): Promise<string | undefined> {
  if (!apiKey) throw new Error('Set ORGN_API_KEY to a key of the team that made the request.');
  const address = `${url.replace(/\/+$/, '')}/v1/receipts/${encodeURIComponent(requestId)}/bundle`;
  const response = await fetch(address, { headers: { authorization: `Bearer ${apiKey}` } });
  if (!response.ok) throw new Error(`The gateway answered ${response.status}.`);
  const text = await response.text();
  if (out === undefined) return text;
  await writeFile(out, text);
  return undefined;
}
