import { model, type Capability, type Execution, type Modality, type ModelType } from '@orgn/contracts';
import { tokenizerOf } from '@orgn/dialects';
import { cheaperWhenLong, dearestNanoUsd } from '@orgn/pricing';
import { z } from 'zod';
import { providerNames, type ProviderName } from '../providers/provider.ts';
import { most } from './largest-request.ts';

/** Where each provider's models execute. The id's prefix says the same, so that a caller reads it off the model. */
const executionOf: Record<ProviderName, Execution> = { near: 'tee', phala: 'tee', vercel: 'zdr', local: 'operator' };

/**
 * What a model is taken to be capable of while its entry does not say: all that its endpoints know, so that the
 * provider decides. Legacy completions exist where an OpenAI-compatible engine answers, which Vercel is not.
 */
const usualCapabilities: Record<ModelType, Capability[]> = {
  chat: ['chat', 'completions', 'tools', 'json_schema', 'vision', 'audio', 'files', 'reasoning'],
  embedding: ['embeddings'],
  rerank: ['rerank'],
  transcription: ['transcription'],
};
const endpointOf: Record<ModelType, Capability> = {
  chat: 'chat',
  embedding: 'embeddings',
  rerank: 'rerank',
  transcription: 'transcription',
};
const inputOf: Partial<Record<Capability, Modality>> = { vision: 'image', audio: 'audio', files: 'file' };

type Fault = (path: PropertyKey[], message: string) => void;

const written = model
  .extend({
    // `openai` names the protocol of an operator's own endpoint, `local` names the endpoint: both mean the same.
    provider: z.enum([...providerNames, 'openai']).transform((name) => (name === 'openai' ? 'local' : name)),
    /** The provider's own name of the model. */
    upstream: z.string().min(1),
    displayName: model.shape.displayName.optional(),
    ownedBy: model.shape.ownedBy.optional(),
    capabilities: model.shape.capabilities.min(1).optional(),
    inputModalities: model.shape.inputModalities.min(1).optional(),
    outputModalities: model.shape.outputModalities.min(1).optional(),
    isSample: model.shape.isSample.default(false),
  })
  .strict();
type Written = z.output<typeof written>;

/** One entry of the models file: checked, and with what it left out filled in. */
export const catalogueEntry = written
  .superRefine((value, context) => {
    const complain: Fault = (path, message) => context.addIssue({ code: 'custom', path, message });
    checkPlace(value, complain);
    checkAbilities(value, complain);
    checkPrice(value, complain);
  })
  .transform(complete);

/** A model with what only routers know: how its provider calls it. */
export type CatalogueEntry = z.output<typeof catalogueEntry>;

function checkPlace(value: Written, complain: Fault): void {
  if (!value.id.startsWith(`${value.provider}_`))
    complain(['id'], `must start with "${value.provider}_", the prefix of its provider`);
  if (value.execution !== executionOf[value.provider])
    complain(['execution'], `must be "${executionOf[value.provider]}" for ${value.provider}`);
}

function checkAbilities(value: Written, complain: Fault): void {
  // A form has no place for the flag that binds Vercel to zero retention.
  if (value.provider === 'vercel' && value.type === 'transcription')
    complain(['type'], 'must not be transcription for vercel, which cannot be bound to zero retention there');
  if (value.defaultOutput > value.maxOutput) complain(['defaultOutput'], 'must not exceed maxOutput');
  if (value.capabilities && !value.capabilities.includes(endpointOf[value.type]))
    complain(['capabilities'], `must include "${endpointOf[value.type]}" for type ${value.type}`);
}

function checkPrice({ price, laterPrices = [] }: Written, complain: Fault): void {
  checkOne(price, complain);
  for (const { validFrom: _, ...later } of laterPrices) checkOne(later, complain);
  if (new Set(laterPrices.map(({ validFrom }) => Date.parse(validFrom))).size < laterPrices.length)
    complain(['laterPrices'], 'must each begin at a time of its own');
}

function checkOne(price: Written['price'], complain: Fault): void {
  for (const name of cheaperWhenLong(price))
    complain(['price', 'longContext'], `must not be cheaper than the usual price of ${name}`);
  if (!canCharge(price)) complain(['price'], 'is so high that the cost of a large request could not be written down');
}

/** Whether the largest request that is believed has a cost that fits a number. */
function canCharge(price: Written['price']): boolean {
  const { tokens, audioSeconds, searchUnits, images } = most;
  try {
    return (
      dearestNanoUsd(
        { promptTokens: tokens, completionTokens: tokens, audioSeconds, images, requests: searchUnits },
        price,
      ) > -1
    );
  } catch {
    return false;
  }
}

function complete(value: Written) {
  const capabilities = value.capabilities ?? usualCapabilitiesOf(value);
  return {
    ...value,
    tokenizer: value.tokenizer ?? tokenizerOf(value.upstream, value.id),
    displayName: value.displayName ?? value.id,
    ownedBy: value.ownedBy ?? value.provider,
    capabilities,
    inputModalities: value.inputModalities ?? inputsOf(value),
    outputModalities: value.outputModalities ?? [
      value.type === 'embedding' ? ('embedding' as const) : ('text' as const),
    ],
  };
}

function usualCapabilitiesOf({ type, provider }: Written): Capability[] {
  const usual = usualCapabilities[type];
  return provider === 'vercel' ? usual.filter((name) => name !== 'completions') : usual;
}

/** Modalities are only shown, so nothing is claimed here that the entry does not state. */
function inputsOf({ type, capabilities = [] }: Written): Modality[] {
  if (type === 'transcription') return ['audio'];
  return ['text', ...capabilities.flatMap((name) => inputOf[name] ?? [])];
}
