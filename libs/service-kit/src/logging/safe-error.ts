import { ServiceError } from '@orgn/contracts';

/** What may be written down about an error. */
export interface SafeError {
  name: string;
  message?: string;
  code?: string;
  at?: string[];
  cause?: SafeError;
}

/**
 * Reduces an error to parts that cannot carry content: its class, a code, stack frames, and the message only when we
 * wrote it ourselves. Foreign messages quote their input (`JSON.parse`, SQL drivers), so they never leave this function.
 */
export function toSafeError(error: unknown): SafeError {
  // `instanceof` fails for errors from another realm, which test runners make of Node's own errors.
  if (!Error.isError(error)) return { name: typeof error };
  const safe: SafeError = { name: error.name };
  if (error instanceof ServiceError) safe.message = error.message;
  const code = (error as { code?: unknown }).code;
  if (typeof code === 'string' && /^[A-Za-z0-9_.-]{1,64}$/.test(code)) safe.code = code;
  const frames = stackFrames(error.stack);
  if (frames.length > 0) safe.at = frames;
  if (error.cause !== undefined) safe.cause = toSafeError(error.cause);
  return safe;
}

function stackFrames(stack: string | undefined): string[] {
  return (stack ?? '')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => /^at .*(:\d+:\d+\)?|<anonymous>\)?|native\)?)$/.test(line))
    .slice(0, 8);
}
