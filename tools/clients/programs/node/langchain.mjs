import { ChatAnthropic } from '@langchain/anthropic';
import { HumanMessage, ToolMessage } from '@langchain/core/messages';
import { tool } from '@langchain/core/tools';
import { ChatOpenAI } from '@langchain/openai';
import { z } from 'zod';
import { apiKey, model, prompts, runCases, toolResult, weather, withEach } from './cases.mjs';

const figures = ['input_tokens', 'output_tokens'];
const modelsAt = (url) => ({
  chat: new ChatOpenAI({ model, apiKey, configuration: { baseURL: `${url}/v1` } }),
  responses: new ChatOpenAI({
    model,
    apiKey,
    configuration: { baseURL: `${url}/v1` },
    useResponsesApi: true,
    zdrEnabled: true,
  }),
  messages: new ChatAnthropic({ model, apiKey, anthropicApiUrl: url, maxTokens: 1000 }),
});

await runCases({
  answer: (url) =>
    withEach(modelsAt(url), async (chat, usage) => {
      const message = await chat.invoke(prompts.answer);
      usage.add(message.usage_metadata, figures);
      return { text: message.text };
    }),

  tools: (url) =>
    withEach(modelsAt(url), (chat, usage) => toolLoop((bound, messages) => bound.invoke(messages), chat, usage)),

  stream: (url) =>
    withEach(modelsAt(url), async (chat, usage) => {
      const { calls } = await toolLoop(gathered, chat, usage, [prompts.firstTurn]);
      let [whole, deltas] = [undefined, 0];
      for await (const chunk of await chat.stream(prompts.stream)) {
        whole = whole ? whole.concat(chunk) : chunk;
        deltas += chunk.text ? 1 : 0;
      }
      usage.add(whole.usage_metadata, figures);
      return { text: whole.text, deltas, calls };
    }),
});

async function gathered(bound, messages) {
  let whole;
  for await (const chunk of await bound.stream(messages)) whole = whole ? whole.concat(chunk) : chunk;
  return whole;
}

async function toolLoop(ask, chat, usage, turns = [prompts.firstTurn, prompts.secondTurn]) {
  const calls = [];
  const lookUp = tool(({ city }) => toolResult(city), { ...weather, schema: z.object({ city: z.string() }) });
  const bound = chat.bindTools([lookUp]);
  const messages = [];
  for (const content of turns) {
    messages.push(new HumanMessage(content));
    for (;;) {
      const message = await ask(bound, messages);
      usage.add(message.usage_metadata, figures);
      messages.push(message);
      if (!message.tool_calls?.length) break;
      for (const { id, args } of message.tool_calls) {
        calls.push(args.city);
        messages.push(new ToolMessage({ tool_call_id: id, content: toolResult(args.city) }));
      }
    }
  }
  return { text: messages.at(-1).text, calls };
}
