import { built } from './built.mjs';

/** How a gateway reads a body: strictly, by the schema, and cut to what is passed on. */
export async function openRequestReader() {
  const { chatEndpoint } = await built('gateway', 'inference/endpoints/chat.endpoint');
  const policy = { isStrict: false, cachesPrompts: () => true, tokenizerOf: () => undefined };
  return (body) => chatEndpoint.read(body, 'application/json', policy).body;
}

/** How a router reads it again: @returns what the provider is sent, and how its answers are read */
export async function openOrderReader() {
  const { chat } = await built('inference-router', 'endpoints/chat.endpoint');
  const changes = { upstreamModel: 'canned', mostTokens: 16_384, forceUsage: true };
  return async (body) => {
    const facts = chat.read({ body, contentType: 'application/json' });
    const request = chat.toRequest(facts, {});
    const { pieces } = await request.toUpstream(changes, {});
    return { body: Buffer.concat(pieces), isStream: request.isStream, form: request.answer };
  };
}
