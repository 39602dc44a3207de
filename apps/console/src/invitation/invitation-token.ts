const KEPT = 'orgn invitation';

/** The token in the fragment of an invitation's link, which no server sees; null: there is none. */
export function tokenIn(hash: string): string | null {
  return new URLSearchParams(hash.slice(1)).get('token');
}

/** A token is kept for this tab alone, while the person signs in. */
export const keptToken = {
  read: (): string | null => sessionStorage.getItem(KEPT),
  keep: (token: string): void => sessionStorage.setItem(KEPT, token),
  forget: (): void => sessionStorage.removeItem(KEPT),
};

/**
 * What an invitation is called in addresses, so that who comes by its link is known for it and no log on the way has the token:
 * the token's SHA-256, base64url. Undefined where the browser cannot say, because the page came without TLS.
 */
export async function nameOfToken(token: string): Promise<string | undefined> {
  const { subtle } = globalThis.crypto as { subtle?: SubtleCrypto };
  if (!subtle) return undefined;
  const digest = new Uint8Array(await subtle.digest('SHA-256', new TextEncoder().encode(token)));
  return btoa(String.fromCharCode(...digest))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');
}
