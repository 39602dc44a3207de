import { hiddenRemovals, splice, type AnswerParts, type Edit } from '@orgn/dialects';
import { kinds } from '../providers/provider-kinds.ts';
import type { ProviderName, RoutingWord } from '../providers/provider.ts';
import type { AnswerEstimate, AnswerForm } from './endpoint.ts';

/** A provider's answer in one piece, and all that has to be known of it: plain data. */
export interface WholeAnswer {
  /** Its bytes, in the form that was asked for. */
  body: Buffer;
  /** Undefined when they are not what they should be. */
  parts: AnswerParts | undefined;
  estimate: AnswerEstimate;
  /** What the provider says of its routing. */
  routing: RoutingWord | undefined;
  /** What it tells its customer and not ours. */
  hidden: readonly Edit[];
}

/** Whose answer it is, and whether the caller wants it as it is. */
export interface AnswerOrigin {
  provider: ProviderName;
  isRaw: boolean;
}

/**
 * Reads a whole answer. Pure, so that it does not matter in which thread.
 * @throws ServiceError `provider_unavailable` when it cannot become what was asked for
 */
export function readWhole(form: AnswerForm, sent: Buffer, { provider, isRaw }: AnswerOrigin): WholeAnswer {
  const parts = form.read(sent);
  if (!isGood(parts)) return { body: sent, parts, estimate: { completionTokens: 0 }, routing: undefined, hidden: [] };
  const known = { routing: kinds[provider].readRouting?.(sent), estimate: form.estimate(sent, parts) };
  // What is translated, or wanted as it is, is written anew or not at all.
  if (isRaw || form.translation) return { ...known, body: sent, parts, hidden: [] };
  const edits = form.edits?.(sent) ?? [];
  const body = splice(sent, edits);
  return { ...known, body, parts: edits.length > 0 ? form.read(body) : parts, hidden: hiddenRemovals(body) };
}

/** An answer that is what it should be. */
const isGood = (parts: AnswerParts | undefined): parts is AnswerParts =>
  parts !== undefined && !parts.hasError && parts.hasChoices;
