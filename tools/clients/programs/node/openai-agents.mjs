import { Agent, OpenAIChatCompletionsModel, OpenAIResponsesModel, run, setTracingDisabled, tool } from '@openai/agents';
import OpenAI from 'openai';
import { z } from 'zod';
import { apiKey, model, prompts, runCases, toolResult, weather, withEach } from './cases.mjs';

setTracingDisabled(true);
const figures = ['inputTokens', 'outputTokens'];
const kinds = { chat: OpenAIChatCompletionsModel, responses: OpenAIResponsesModel };

await runCases({
  answer: (url) =>
    withEach(agentsAt(url), async (agent, usage) => {
      const result = await run(agent([]), prompts.answer);
      usage.add(result.state.usage, figures);
      return { text: result.finalOutput };
    }),

  tools: (url) =>
    withEach(agentsAt(url), async (agent, usage) => {
      const calls = [];
      const first = await run(agent(calls), prompts.firstTurn);
      const second = await run(agent(calls), [...first.history, { role: 'user', content: prompts.secondTurn }]);
      for (const { state } of [first, second]) usage.add(state.usage, figures);
      return { text: second.finalOutput, calls };
    }),

  stream: (url) =>
    withEach(agentsAt(url), async (agent, usage) => {
      const calls = [];
      const looped = await run(agent(calls), prompts.firstTurn, { stream: true });
      await looped.completed;
      const result = await run(agent([]), prompts.stream, { stream: true });
      let [text, deltas] = ['', 0];
      for await (const piece of result.toTextStream()) [text, deltas] = [text + piece, deltas + 1];
      await result.completed;
      for (const { state } of [looped, result]) usage.add(state.usage, figures);
      return { text, deltas, calls };
    }),
});

/** An agent of each mode, which remembers what its tool was called with. */
function agentsAt(url) {
  const client = new OpenAI({ baseURL: `${url}/v1`, apiKey });
  const agentOf = (Kind) => (calls) =>
    new Agent({
      name: 'Guide',
      model: new Kind(client, model),
      // Nothing is kept here.
      modelSettings: { store: false },
      tools: [tool({ ...weather, parameters: z.object({ city: z.string() }), execute: remember(calls) })],
    });
  return Object.fromEntries(Object.entries(kinds).map(([name, Kind]) => [name, agentOf(Kind)]));
}

function remember(calls) {
  return ({ city }) => {
    calls.push(city);
    return toolResult(city);
  };
}
