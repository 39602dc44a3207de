/** USD per million tokens as decimal strings with at most 9 decimal places ("0.15"). */
export interface Price {
  input: string;
  output: string;
}

export interface TokenCounts {
  promptTokens: number;
  completionTokens: number;
}

const NANO_DIGITS = 9;
const TOKENS_PER_PRICE = 1_000_000n;

/**
 * What a request costs, in integer nano-USD (1e-9 USD). Exact integer arithmetic, rounded half up once at the end.
 * @throws RangeError when a price is not a decimal of at most 9 places, a count is not a natural number, or the cost
 *   does not fit a safe integer (about 9 million USD)
 */
export function costNanoUsd(tokens: TokenCounts, price: Price): number {
  const total =
    BigInt(natural(tokens.promptTokens)) * toNano(price.input) +
    BigInt(natural(tokens.completionTokens)) * toNano(price.output);
  const cost = Number((total + TOKENS_PER_PRICE / 2n) / TOKENS_PER_PRICE);
  if (!Number.isSafeInteger(cost)) throw new RangeError('the cost does not fit a safe integer');
  return cost;
}

/** Nano-USD as decimal USD with 9 places: 61650 becomes "0.000061650". */
export function formatUsd(nanoUsd: number): string {
  const digits = String(natural(nanoUsd)).padStart(NANO_DIGITS + 1, '0');
  return `${digits.slice(0, -NANO_DIGITS)}.${digits.slice(-NANO_DIGITS)}`;
}

/** Nano-USD per million tokens. */
function toNano(usd: string): bigint {
  const match = /^(\d{1,9})(?:\.(\d{1,9}))?$/.exec(usd);
  if (!match) throw new RangeError('a price must be a decimal of at most 9 places');
  return BigInt(`${match[1]}${(match[2] ?? '').padEnd(NANO_DIGITS, '0')}`);
}

function natural(value: number): number {
  if (!Number.isSafeInteger(value) || value < 0) throw new RangeError('a count must be a natural number');
  return value;
}
