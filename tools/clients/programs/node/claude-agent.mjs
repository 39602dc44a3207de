import { createSdkMcpServer, query, tool } from '@anthropic-ai/claude-agent-sdk';
import { z } from 'zod';
import { apiKey, model, prompts, runCases, toolResult, Usage, weather } from './cases.mjs';

const figures = ['inputTokens', 'outputTokens'];
const toolName = `mcp__guide__${weather.name}`;
/** The model looks the tool up first, as the SDK has it do, and calls it by the name that the SDK gives it. */
const search = `[[call:ToolSearch {"query":"select:${toolName}"}]]`;
const scripted = (prompt) => prompt.replace(weather.name, toolName);

await runCases({
  answer: (url) => ask(url, prompts.answer),

  async tools(url) {
    const calls = [];
    const first = await ask(url, `${search} ${scripted(prompts.firstTurn)}`, { calls });
    const second = await ask(url, scripted(prompts.secondTurn), { calls, resume: first.session });
    return { ...second, calls };
  },

  async stream(url) {
    const calls = [];
    const first = await ask(url, `${search} ${scripted(prompts.firstTurn)}`, { calls });
    const said = await ask(url, prompts.stream, { resume: first.session, includePartialMessages: true });
    return { ...said, calls };
  },
});

async function ask(url, prompt, { calls = [], ...options } = {}) {
  const lookUp = tool(weather.name, weather.description, { city: z.string() }, async ({ city }) => {
    calls.push(city);
    return { content: [{ type: 'text', text: toolResult(city) }] };
  });
  const guide = createSdkMcpServer({ name: 'guide', version: '1.0.0', tools: [lookUp] });
  const { PATH, HOME } = process.env;
  const env = { ...process.env, PATH, HOME, ANTHROPIC_BASE_URL: url, ANTHROPIC_AUTH_TOKEN: apiKey };
  env.ANTHROPIC_DEFAULT_HAIKU_MODEL = model;
  const all = { model, env, mcpServers: { guide }, allowedTools: [toolName], ...options };
  let [deltas, result] = [0, undefined];
  for await (const message of query({ prompt, options: all })) {
    if (message.type === 'stream_event' && message.event.delta?.type === 'text_delta') deltas += 1;
    if (message.type === 'result') result = message;
  }
  if (result.is_error) throw new Error(result.result);
  const total = new Usage();
  for (const counted of Object.values(result.modelUsage)) total.add(counted, figures);
  return { text: result.result, session: result.session_id, usage: total, deltas };
}
