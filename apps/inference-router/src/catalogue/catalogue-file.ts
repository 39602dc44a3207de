import { createHash } from 'node:crypto';
import { model, type Execution } from '@orgn/contracts';
import { parseDocument } from 'yaml';
import { z } from 'zod';
import { providerNames, type ProviderName } from '../providers/provider.ts';

/** Where each provider's models execute. The id's prefix says the same, so that a caller reads it off the model. */
const executionOf: Record<ProviderName, Execution> = { near: 'tee', phala: 'tee', vercel: 'zdr', local: 'operator' };

const entry = model
  .extend({
    // `openai` names the protocol of an operator's own endpoint, `local` names the endpoint: both mean the same.
    provider: z.enum([...providerNames, 'openai']).transform((name) => (name === 'openai' ? 'local' : name)),
    /** The provider's own name of the model. */
    upstream: z.string().min(1),
  })
  .strict()
  .superRefine((value, context) => {
    const complain = (path: string, message: string) => context.addIssue({ code: 'custom', path: [path], message });
    if (!value.id.startsWith(`${value.provider}_`))
      complain('id', `must start with "${value.provider}_", the prefix of its provider`);
    if (value.execution !== executionOf[value.provider])
      complain('execution', `must be "${executionOf[value.provider]}" for ${value.provider}`);
    if (value.defaultOutput > value.maxOutput) complain('defaultOutput', 'must not exceed maxOutput');
  });

/** A model with what only routers know: how its provider calls it. */
export type CatalogueEntry = z.output<typeof entry>;

export interface CatalogueContent {
  version: string;
  entries: CatalogueEntry[];
}

/** A models file that cannot be used, with every fault by entry and field. */
export class CatalogueError extends Error {
  constructor(faults: readonly string[]) {
    super(`The models file is not usable:\n${faults.map((fault) => `  - ${fault}`).join('\n')}`);
    this.name = 'CatalogueError';
  }
}

/**
 * Reads a catalogue. It names models and provider names only: URLs and credentials are bound together in the
 * environment, so that an edit of this file cannot send a key elsewhere.
 * @throws CatalogueError
 */
export function parseCatalogue(text: string): CatalogueContent {
  const document = parseDocument(text);
  if (document.errors.length > 0)
    throw new CatalogueError(document.errors.map((error) => `line ${error.linePos?.[0].line ?? '?'}: ${error.code}`));
  const parsed = z.array(entry).min(1).safeParse(document.toJS());
  if (!parsed.success)
    throw new CatalogueError(parsed.error.issues.map((issue) => `${issue.path.join('.') || 'file'}: ${issue.message}`));
  const ids = parsed.data.map(({ id }) => id);
  const twice = ids.filter((id, index) => ids.indexOf(id) !== index);
  if (twice.length > 0) throw new CatalogueError(twice.map((id) => `${id} is listed twice`));
  return { version: createHash('sha256').update(text).digest('hex').slice(0, 16), entries: parsed.data };
}
