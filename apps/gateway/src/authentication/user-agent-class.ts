import type { ClientContext } from '@orgn/contracts';

/** In this order: SDKs name the runtime that they run on as well. */
const classes: readonly [ClientContext['userAgent'], RegExp][] = [
  ['sdk', /^(async)?(openai|anthropic|ai-sdk|langchain|litellm|llama|instructor)\b|\bai-sdk\b/i],
  ['cli', /^(curl|wget|httpie|xh|insomnia|postman\w*)\b|powershell/i],
  ['browser', /^mozilla\//i],
];

/** What kind of program a user agent names. The text itself is a caller's and goes no further. */
export function userAgentClass(userAgent: string | undefined): ClientContext['userAgent'] {
  if (!userAgent) return 'unknown';
  const known = classes.find(([, pattern]) => pattern.test(userAgent))?.[0];
  // `name/1.2`, as HTTP libraries and programs call themselves.
  return known ?? (/^[\w.-]+\/[\w.-]+/.test(userAgent) || userAgent === 'node' ? 'service' : 'unknown');
}
