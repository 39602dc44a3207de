/** Prices of tokens: USD per million as decimal strings with at most 9 decimal places ("0.15"). */
export interface TokenPrices {
  input: string;
  output: string;
  /** Prompt tokens read from a cache; absent: as `input`. */
  cachedInput?: string | undefined;
  /** Prompt tokens written to a cache; absent: as `input`. */
  cacheWrite?: string | undefined;
  /** Output tokens spent on reasoning; absent: as `output`. */
  reasoning?: string | undefined;
}

export interface Price extends TokenPrices {
  /** USD for each image, second of audio and answered request. */
  image?: string | undefined;
  audioSecond?: string | undefined;
  request?: string | undefined;
  /** Token prices for all of a request whose prompt has more than `aboveTokens` tokens. */
  longContext?: (TokenPrices & { aboveTokens: number }) | undefined;
}

const NANO_DIGITS = 9;

/** Every request asks for the same few prices, and parsing them costs more than all the arithmetic. */
const known = new Map<string, bigint>();
const MOST_KNOWN = 10_000;

/**
 * A decimal of USD in integer nano-USD: "0.15" becomes 150000000n.
 * @throws RangeError for anything but a decimal of at most 9 places
 */
export function toNanoUsd(usd: string): bigint {
  const before = known.get(usd);
  if (before !== undefined) return before;
  const match = /^(\d{1,9})(?:\.(\d{1,9}))?$/.exec(usd);
  if (!match) throw new RangeError('a price must be a decimal of at most 9 places');
  const nano = BigInt(`${match[1]}${(match[2] ?? '').padEnd(NANO_DIGITS, '0')}`);
  if (known.size < MOST_KNOWN) known.set(usd, nano);
  return nano;
}

/** Nano-USD as decimal USD with 9 places: 61650 becomes "0.000061650". */
export function formatUsd(nanoUsd: number | bigint): string {
  const isWhole = typeof nanoUsd === 'bigint' || Number.isSafeInteger(nanoUsd);
  if (!isWhole || nanoUsd < 0) throw new RangeError('an amount must be a natural number');
  const digits = String(nanoUsd).padStart(NANO_DIGITS + 1, '0');
  return `${digits.slice(0, -NANO_DIGITS)}.${digits.slice(-NANO_DIGITS)}`;
}

/**
 * Names of the classes that a long prompt would make cheaper. A price list must have none: a bound on tokens is only a
 * bound on money while more tokens never cost less.
 */
export function cheaperWhenLong(price: Price): (keyof TokenPrices)[] {
  const { longContext } = price;
  if (!longContext) return [];
  const classes = ['input', 'output', 'cachedInput', 'cacheWrite', 'reasoning'] as const;
  return classes.filter((name) => toNanoUsd(rateOf(longContext, name)) < toNanoUsd(rateOf(price, name)));
}

/** The price of a class, or of the class that contains it. */
export function rateOf(prices: TokenPrices, name: keyof TokenPrices): string {
  const container = name === 'output' || name === 'reasoning' ? prices.output : prices.input;
  return prices[name] ?? container;
}
