import { hexId } from './ids.ts';
import type { Answer, Usage } from './answer.ts';

/** What Vercel says about how it served a request: the `gateway` block of provider_metadata. */
export function gatewayMetadata(answer: Answer): object {
  const cost = String(costUsd(answer));
  return {
    routing: routingOf(answer),
    cost,
    marketCost: cost,
    generationId: answer.id,
    billableWebSearchCalls: 0,
  };
}

/** Notional cost in US dollars: 3 a million prompt tokens and 15 a million completion tokens. */
export function costUsd(usage: Usage): number {
  return (usage.promptTokens * 3 + usage.completionTokens * 15) / 1e6;
}

function routingOf(answer: Answer): object {
  const modelId = answer.request.model;
  const [provider = 'openai', apiModelId = modelId] = modelId.split('/');
  const internalModelId = `${provider}:${apiModelId}`;
  const attempts = [attemptOf(answer, provider, apiModelId)];
  return {
    originalModelId: modelId,
    resolvedProvider: provider,
    resolvedProviderApiModelId: apiModelId,
    internalResolvedModelId: internalModelId,
    fallbacksAvailable: ['bedrock'],
    internalReasoning: `Selected ${provider} as preferred provider for ${apiModelId}. 1 fallback(s) available: bedrock`,
    planningReasoning: planningReasoning(provider, answer.request.zeroDataRetention),
    canonicalSlug: modelId,
    finalProvider: provider,
    attempts,
    modelAttemptCount: 1,
    modelAttempts: [
      {
        modelId: internalModelId,
        canonicalSlug: modelId,
        success: true,
        providerAttemptCount: 1,
        providerAttempts: attempts,
      },
    ],
    totalProviderAttemptCount: 1,
  };
}

function planningReasoning(provider: string, zeroDataRetention: boolean): string {
  return zeroDataRetention
    ? `ZDR requested: 3 attempts → 2 ZDR attempts. ZDR execution order: ${provider}(system) → bedrock(system)`
    : `System credentials planned for: ${provider}, bedrock. Total execution order: ${provider}(system) → bedrock(system)`;
}

function attemptOf(answer: Answer, provider: string, apiModelId: string): object {
  return {
    provider,
    internalModelId: `${provider}:${apiModelId}`,
    providerApiModelId: apiModelId,
    credentialType: answer.credentialType,
    success: true,
    startTime: answer.createdAt,
    endTime: answer.createdAt + 1,
    statusCode: 200,
    providerResponseId: `msg_${hexId()}`,
  };
}
