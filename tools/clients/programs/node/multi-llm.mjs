import { igniteEngine, loadModels, Message, Plugin } from 'multi-llm-ts';
import { apiKey, model, prompts, runCases, toolResult, weather, withEach } from './cases.mjs';

const figures = ['prompt_tokens', 'completion_tokens'];
const enginesAt = (url) => ({
  openai: { name: 'openai', config: { apiKey, baseURL: `${url}/v1` } },
  anthropic: { name: 'anthropic', config: { apiKey, baseURL: url } },
});

class Weather extends Plugin {
  calls = [];
  isEnabled = () => true;
  getName = () => weather.name;
  getDescription = () => weather.description;
  getParameters = () => [{ name: 'city', type: 'string', description: 'The city.', required: true }];
  getRunningDescription = () => 'looking';

  async execute(_context, { city }) {
    this.calls.push(city);
    return { weather: toolResult(city) };
  }
}

await runCases({
  answer: (url) =>
    withEach(enginesAt(url), async (kind, usage) => {
      const { engine, chosen } = await open(kind);
      const answer = await engine.complete(chosen, [new Message('user', prompts.answer)], { usage: true });
      usage.add(answer.usage, figures);
      return { text: answer.content };
    }),

  tools: (url) =>
    withEach(enginesAt(url), async (kind, usage) => {
      const { engine, chosen, plugin } = await open(kind);
      const thread = [];
      for (const content of [prompts.firstTurn, prompts.secondTurn]) {
        thread.push(new Message('user', content));
        const answer = await engine.complete(chosen, thread, { usage: true });
        usage.add(answer.usage, figures);
        thread.push(new Message('assistant', answer.content, undefined, answer.toolCalls?.map(kept)));
      }
      return { text: thread.at(-1).content, calls: plugin.calls };
    }),

  stream: (url) =>
    withEach(enginesAt(url), async (kind, usage) => {
      const { engine, chosen, plugin } = await open(kind);
      await gather(engine.generate(chosen, [new Message('user', prompts.firstTurn)], { usage: true }), usage);
      const said = await gather(engine.generate(chosen, [new Message('user', prompts.stream)], { usage: true }), usage);
      return { ...said, calls: plugin.calls };
    }),
});

/** A call as its history has it; what it answers with has no id. */
function kept({ name, params, result }, at) {
  return { id: `call_${at}`, function: name, args: params, result };
}

async function open({ name, config }) {
  const models = await loadModels(name, config);
  const chosen = models?.chat.find(({ id }) => id === model);
  if (!chosen) throw new Error(`the model is not among the ${models?.chat.length} it listed`);
  chosen.capabilities.tools = true;
  const engine = igniteEngine(name, config);
  const plugin = new Weather();
  engine.addPlugin(plugin);
  return { engine, chosen, plugin };
}

async function gather(chunks, usage) {
  let [text, deltas, counted] = ['', 0, undefined];
  for await (const chunk of chunks) {
    if (chunk.type === 'content' && chunk.text) [text, deltas] = [text + chunk.text, deltas + 1];
    if (chunk.type === 'usage') counted = chunk.usage;
  }
  // Each is of all rounds so far.
  usage.add(counted, figures);
  return { text, deltas };
}
