import { shellWord } from '../ui/shell-word.ts';

/** What a program needs to call the gateway. */
export interface Call {
  /** With `/v1`: `https://api.example.com/v1`. */
  baseUrl: string;
  key: string;
  model: string;
  prompt: string;
}

export const forms = ['curl', 'python', 'typescript', 'claude', 'codex', 'env'] as const;
export type Form = (typeof forms)[number];

export const formNames: Record<Form, string> = {
  curl: 'curl',
  python: 'Python',
  typescript: 'TypeScript',
  claude: 'Claude Code',
  codex: 'Codex',
  env: '.env',
};

/** Base of what speaks Anthropic's protocol: its SDKs put `/v1` themselves. */
const withoutVersion = (baseUrl: string) => baseUrl.replace(/\/v1\/?$/, '');

/** The model that is called where a key may call any. */
const USUAL_MODEL = 'near_qwen3_30b';

/** A model that a key held to these may call. */
export function modelFor(models: readonly string[] | null): string {
  return models === null || models.includes(USUAL_MODEL) ? USUAL_MODEL : (models[0] ?? USUAL_MODEL);
}

const writers: Record<Form, (call: Call) => string> = {
  curl: ({ baseUrl, key, model, prompt }) => `curl ${baseUrl}/chat/completions \\
  -H "Authorization: Bearer ${key}" \\
  -H "Content-Type: application/json" \\
  -d ${shellWord(JSON.stringify({ model, messages: [{ role: 'user', content: prompt }] }))}`,
  python: ({ baseUrl, key, model, prompt }) => `from openai import OpenAI

client = OpenAI(base_url=${JSON.stringify(baseUrl)}, api_key=${JSON.stringify(key)})
answer = client.chat.completions.create(
    model=${JSON.stringify(model)},
    messages=[{"role": "user", "content": ${JSON.stringify(prompt)}}],
)
print(answer.choices[0].message.content)`,
  typescript: ({ baseUrl, key, model, prompt }) => `import OpenAI from 'openai';

const client = new OpenAI({ baseURL: ${JSON.stringify(baseUrl)}, apiKey: ${JSON.stringify(key)} });
const answer = await client.chat.completions.create({
  model: ${JSON.stringify(model)},
  messages: [{ role: 'user', content: ${JSON.stringify(prompt)} }],
});
console.log(answer.choices[0].message.content);`,
  claude: ({ baseUrl, key, model, prompt }) => `export ANTHROPIC_BASE_URL=${withoutVersion(baseUrl)}
export ANTHROPIC_AUTH_TOKEN=${key}
export ANTHROPIC_MODEL=${model}
claude -p ${shellWord(prompt)}`,
  codex: ({ baseUrl, key, model, prompt }) => `export ORGN_API_KEY=${key}
codex exec ${shellWord(prompt)} -m ${model} \\
  -c model_provider=orgn \\
  -c 'model_providers.orgn={name="ORGN", base_url="${baseUrl}", env_key="ORGN_API_KEY", wire_api="responses"}'`,
  env: ({ baseUrl, key }) => `OPENAI_BASE_URL=${baseUrl}
OPENAI_API_KEY=${key}`,
};

/** The same call in one of the forms. */
export function snippet(form: Form, call: Call): string {
  return writers[form](call);
}
