import { createAnthropic } from '@ai-sdk/anthropic';
import { createOpenAI } from '@ai-sdk/openai';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import * as ai7 from 'ai';
import * as ai5 from 'ai-5';
import * as ai6 from 'ai-6';
import { createAnthropic as createAnthropic2 } from 'ai-sdk-anthropic-2';
import { createAnthropic as createAnthropic3 } from 'ai-sdk-anthropic-3';
import { createOpenAI as createOpenAI2 } from 'ai-sdk-openai-2';
import { createOpenAI as createOpenAI3 } from 'ai-sdk-openai-3';
import { Stack } from './stack.ts';

// The AI SDK parses every answer and every event by schemas of its own, more strictly than any other client. Three lines of
// it are in use; each speaks Anthropic's dialect, the responses endpoint (its default for OpenAI) and chat.

const model = 'near_qwen3_30b';
const stack = new Stack();
const said = /\w+ \w+/;
const ask = '[[call:get_weather {"city":"Bern"}]] What is the weather?';

/** What the three lines have in common of what is used here. */
interface Line {
  generateText(options: object): Promise<Said>;
  streamText(options: object): Streamed;
  tool(options: object): unknown;
  jsonSchema(schema: object): unknown;
  stepCountIs?(steps: number): unknown;
  isStepCount?(steps: number): unknown;
}
interface Said {
  text: string;
  reasoningText?: string;
  steps: unknown[];
  usage: { inputTokens?: number; outputTokens?: number };
}
interface Streamed {
  text: PromiseLike<string>;
  usage: PromiseLike<Said['usage']>;
  reasoningText: PromiseLike<string | undefined>;
}
interface Makers {
  anthropic: (settings: object) => (id: string) => unknown;
  openai: (settings: object) => ((id: string) => unknown) & { chat: (id: string) => unknown };
}
const lines: [string, Line, Makers][] = [
  ['5', ai5 as unknown as Line, { anthropic: createAnthropic2, openai: createOpenAI2 }],
  ['6', ai6 as unknown as Line, { anthropic: createAnthropic3, openai: createOpenAI3 }],
  ['7', ai7 as unknown as Line, { anthropic: createAnthropic, openai: createOpenAI }],
];

beforeAll(async () => {
  await stack.start();
  await stack.control('near', { reasoningTokens: 3 });
});
afterAll(() => stack.remove());

const models = ({ anthropic, openai }: Makers): Record<string, unknown> => {
  const settings = { baseURL: `${stack.file.api}/v1`, apiKey: stack.file.demo.key };
  return {
    messages: anthropic(settings)(model),
    responses: openai(settings)(model),
    chat: openai(settings).chat(model),
  };
};
/** Thinking is shown to those who ask for it; the responses endpoint keeps nothing, so its items must come along. */
const providerOptions = {
  anthropic: { thinking: { type: 'enabled', budgetTokens: 1_024 } },
  openai: { store: false, reasoningSummary: 'auto', forceReasoning: true },
};

describe.each(lines)('AI SDK %s', (_version, sdk, makers) => {
  const stopAfter = (steps: number) => (sdk.stepCountIs ?? sdk.isStepCount)?.(steps);

  test.each(['messages', 'responses', 'chat'])('reads whole answers of %s', async (dialect) => {
    const answer = await sdk.generateText({ model: models(makers)[dialect], prompt: 'Hello', maxRetries: 0 });
    expect(answer.text).toMatch(said);
    expect(answer.usage.inputTokens).toBeGreaterThan(0);
    expect(answer.usage.outputTokens).toBeGreaterThan(0);
  });

  test.each(['messages', 'responses', 'chat'])('reads streams of %s', async (dialect) => {
    const answer = sdk.streamText({
      model: models(makers)[dialect],
      prompt: 'Hello',
      maxRetries: 0,
      providerOptions,
      onError: () => undefined,
    });
    expect(await answer.text).toMatch(said);
    expect((await answer.usage).inputTokens).toBeGreaterThan(0);
    if (dialect !== 'chat') expect(await answer.reasoningText).toMatch(/\w/);
  });

  test.each(['messages', 'responses', 'chat'])(
    'runs tools over %s, and sends back what it was given',
    async (dialect) => {
      const cities: string[] = [];
      const answer = await sdk.generateText({
        model: models(makers)[dialect],
        messages: [{ role: 'user', content: ask }],
        maxRetries: 0,
        stopWhen: stopAfter(3),
        providerOptions,
        tools: {
          get_weather: sdk.tool({
            description: 'The weather of a city',
            inputSchema: sdk.jsonSchema({
              type: 'object',
              properties: { city: { type: 'string' } },
              required: ['city'],
            }),
            execute: ({ city }: { city: string }) => {
              cities.push(city);
              return 'sunny';
            },
          }),
        },
      });
      expect(cities).toEqual(['Bern']);
      expect(answer.steps).toHaveLength(2);
      expect(answer.text).toMatch(said);
    },
  );
});
