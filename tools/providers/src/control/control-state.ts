import { z } from 'zod';
import { faultNamed } from '../attestation/machine.ts';
import { Refusal } from '../http/refusal.ts';

const milliseconds = z.int().min(0).max(3_600_000);
const count = z.int().min(0).max(1_000_000_000);

/** How an answer is written otherwise than usual; what each means stands in the README. */
export const oddities = [
  'bom',
  'donefirst',
  'doneblank',
  'emptydata',
  'emptystream',
  'error200',
  'errorfirst',
  'errorlate',
  'errorsecond',
  'fastapi',
  'headersfirst',
  'interleave',
  'joined',
  'multidata',
  'noblank',
  'nodone',
  'otherencoding',
] as const;
export type Oddity = (typeof oddities)[number];

/** Figures that no request can have, and DeepSeek's way to tell cached ones. */
export const figures = ['absurd', 'cached', 'deepseek', 'fraction', 'negative', 'text', 'zero'] as const;
export type Figures = (typeof figures)[number];

const faultsSchema = z.strictObject({
  /** Answer with this HTTP status and the provider's error body. */
  status: z.int().min(400).max(599).optional(),
  /** Value of retry-after in seconds, beside `status`. */
  retryAfter: count.optional(),
  /** How it is written: as a number, as an HTTP date, or in `retry-after-ms`. */
  retryAfterAs: z.enum(['seconds', 'date', 'ms']).optional(),
  /** Ways to write an answer that clients bear, and errors where an answer should be. */
  odd: z.array(z.enum(oddities)).max(oddities.length).optional(),
  /** Destroy the socket after so many tokens of a stream; a plain answer is cut after its headers. */
  cutAfterChunks: count.optional(),
  /** Never answer (`headers`), or never send a byte of the body. */
  hang: z
    .union([z.enum(['headers', 'body']), z.boolean()])
    .transform((hang) => (typeof hang === 'boolean' ? toHang(hang) : hang))
    .optional(),
  /** Index of the token whose chunk is broken JSON; a plain answer's body is broken instead. */
  malformedChunk: count.optional(),
  /** Type, and where there is one also the code, of the error beside `status`. */
  errorType: z
    .string()
    .regex(/^[a-z_]{1,64}$/)
    .optional(),
  /** Errors quote the beginning of what was asked, as those of many providers do. */
  quotes: z.boolean().optional(),
  /** Seed of random changes to the bytes of an answer; each request takes the next seed. */
  mutate: count.optional(),
});

const paceSchema = z.strictObject({
  /** Wait before the answer's headers. */
  delayMs: milliseconds.optional(),
  /** Wait after each token of a stream. */
  chunkDelayMs: milliseconds.optional(),
  /** Wait between the headers and the first byte of the body. */
  slowFirstByteMs: milliseconds.optional(),
  /** As long as allowed, as it comes, or not told; or figures that nobody can believe. */
  usage: z.enum(['max', 'honest', 'none', ...figures]).optional(),
  /** Write pieces of so many bytes, across the borders of events and characters. */
  chunkBytes: z.int().min(1).max(1_000_000).optional(),
  /** The prompt is said to have so many tokens. */
  promptTokens: count.optional(),
  /** So many tokens of the prompt are said to come from a cache. */
  cachedTokens: count.optional(),
  /** So many tokens at the front of each choice are reasoning. */
  reasoningTokens: count.optional(),
  /** What is wrong with the confidential machine, its maker's statements or its signatures; faults.ts of tools/evidence. */
  attestation: z
    .string()
    .max(64)
    .transform((name, context) => {
      const fault = faultNamed(name);
      if (fault) return fault;
      context.addIssue('Unknown fault');
      return z.NEVER;
    })
    .optional(),
  /** Whose credential Vercel says it used; its own is `system`. */
  credentialType: z.enum(['system', 'byok']).optional(),
});

const stateSchema = z.strictObject({
  ...paceSchema.shape,
  ...faultsSchema.shape,
  /** The faults hit only so many requests; then they are over, and the pace stays. */
  times: z.int().min(1).max(1_000_000_000).optional(),
});

export type ControlState = z.infer<typeof stateSchema>;

/** What happens to one request. */
export interface Behaviour extends Omit<ControlState, 'times' | 'quotes'> {
  /** What its errors quote of the request, undefined for nothing. */
  quotation?: string;
}

/** The control state of one provider. */
export class Control {
  private state: ControlState = {};
  private readonly changed: (state: ControlState) => void;

  /** @param changed hears of each new state */
  constructor(changed: (state: ControlState) => void = () => undefined) {
    this.changed = changed;
  }

  /** Replaces the state; `{}` resets it. Throws a 400 Refusal that names the first faulty field. */
  put(body: Record<string, unknown>): ControlState {
    const parsed = stateSchema.safeParse(body);
    if (!parsed.success) throw toRefusal(parsed.error.issues[0]);
    this.state = parsed.data;
    this.changed(this.state);
    return this.state;
  }

  show(): ControlState {
    return this.state;
  }

  /** The behaviour for the next request; counts it against `times`. */
  take(): Omit<ControlState, 'times'> {
    const { times, ...behaviour } = this.state;
    if (behaviour.mutate !== undefined) this.state = { ...this.state, mutate: behaviour.mutate + 1 };
    if (times === undefined) return behaviour;
    this.state = times > 1 ? { ...this.state, times: times - 1 } : withoutFaults(behaviour);
    return behaviour;
  }
}

function toHang(hang: boolean): 'headers' | undefined {
  return hang ? 'headers' : undefined;
}

function withoutFaults(behaviour: Omit<ControlState, 'times'>): ControlState {
  const isPace = ([name]: [string, unknown]) => Object.hasOwn(paceSchema.shape, name);
  return Object.fromEntries(Object.entries(behaviour).filter(isPace));
}

function toRefusal(issue: z.core.$ZodIssue | undefined): Refusal {
  const name = issue?.code === 'unrecognized_keys' ? issue.keys[0] : issue?.path.join('.');
  return new Refusal(400, `${name}: ${issue?.message}`, { param: name ?? '' });
}
