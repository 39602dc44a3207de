/** Bytes of English text per token, roughly; used only where no provider figure exists. */
const BYTES_PER_TOKEN = 4;

/** How many tokens this many bytes are likely to be: for answers that broke off before the provider counted. */
export function tokensOfLength(bytes: number): number {
  return Math.ceil(bytes / BYTES_PER_TOKEN);
}
