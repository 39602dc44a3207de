import type { KeyId, KeyView } from '@orgn/contracts';

/** The bus carries messages of up to 1 MiB, and a single key may name 256 models. */
const MAX_PAGE_BYTES = 512 * 1024;

/**
 * The page that keys fill: at most `limit`, fewer when they are large, at least one when there is one.
 * @param keys one more than `limit` when there are more
 */
export function toPage(keys: readonly KeyView[], limit: number): { keys: KeyView[]; next: KeyId | null } {
  const page: KeyView[] = [];
  let bytes = 0;
  for (const key of keys.slice(0, limit)) {
    bytes += Buffer.byteLength(JSON.stringify(key));
    if (page.length > 0 && bytes > MAX_PAGE_BYTES) break;
    page.push(key);
  }
  return { keys: page, next: page.length < keys.length ? (page.at(-1)?.id ?? null) : null };
}
