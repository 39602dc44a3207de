import OpenAI from 'openai';
import { apiKey, model, prompts, runCases, toolResult, Usage, weather } from './cases.mjs';

const chatFigures = ['prompt_tokens', 'completion_tokens'];
const responseFigures = ['input_tokens', 'output_tokens'];
const chatTools = [
  { type: 'function', function: { name: weather.name, description: weather.description, parameters: weather.schema } },
];
const responseTools = [
  { type: 'function', name: weather.name, description: weather.description, parameters: weather.schema, strict: true },
];
const hasResponses = 'responses' in new OpenAI({ apiKey });
const clientOf = (url) => new OpenAI({ baseURL: `${url}/v1`, apiKey });

await runCases({
  async answer(url) {
    const [client, usage] = [clientOf(url), new Usage()];
    const messages = [{ role: 'user', content: prompts.answer }];
    const chat = await client.chat.completions.create({ model, messages });
    usage.add(chat.usage, chatFigures);
    if (!hasResponses) return { text: chat.choices[0].message.content, usage };
    const response = await client.responses.create({ model, input: prompts.answer });
    usage.add(response.usage, responseFigures);
    return { text: bothHave('lighthouse one', chat.choices[0].message.content, response.output_text), usage };
  },

  async tools(url) {
    const [client, usage] = [clientOf(url), new Usage()];
    const chat = await chatLoop(client, usage);
    if (!hasResponses) return { ...chat, usage };
    const responses = await responseLoop(client, usage);
    if (String(responses.calls) !== String(chat.calls)) throw new Error(`responses called with ${responses.calls}`);
    return { text: responses.text, calls: responses.calls, usage };
  },

  async stream(url) {
    const [client, usage] = [clientOf(url), new Usage()];
    const calls = await streamedCall(client, usage);
    const text = await streamedText(client, usage);
    return { ...text, calls, usage };
  },
});

/** The documented loop: the message goes back as it was received. */
async function chatLoop(client, usage) {
  const messages = [];
  const calls = [];
  let text = '';
  for (const content of [prompts.firstTurn, prompts.secondTurn]) {
    messages.push({ role: 'user', content });
    for (;;) {
      const chat = await client.chat.completions.create({ model, messages, tools: chatTools });
      usage.add(chat.usage, chatFigures);
      const { message } = chat.choices[0];
      messages.push(message);
      if (!message.tool_calls?.length) {
        text = message.content;
        break;
      }
      for (const call of message.tool_calls) {
        const { city } = JSON.parse(call.function.arguments);
        calls.push(city);
        messages.push({ role: 'tool', tool_call_id: call.id, content: toolResult(city) });
      }
    }
  }
  return { text, calls };
}

async function responseLoop(client, usage) {
  const input = [];
  const calls = [];
  let text = '';
  for (const content of [prompts.firstTurn, prompts.secondTurn]) {
    input.push({ role: 'user', content });
    for (;;) {
      const response = await client.responses.create({
        model,
        input,
        tools: responseTools,
        store: false,
        include: ['reasoning.encrypted_content'],
      });
      usage.add(response.usage, responseFigures);
      input.push(...response.output);
      const wanted = response.output.filter(({ type }) => type === 'function_call');
      if (wanted.length === 0) {
        text = response.output_text;
        break;
      }
      for (const call of wanted) {
        const { city } = JSON.parse(call.arguments);
        calls.push(city);
        input.push({ type: 'function_call_output', call_id: call.call_id, output: toolResult(city) });
      }
    }
  }
  return { text, calls };
}

/** A call gathered by the SDK out of a stream, sent back as gathered. */
async function streamedCall(client, usage) {
  const messages = [{ role: 'user', content: prompts.firstTurn }];
  const calls = [];
  const chats = (client.chat.completions.stream ? client.chat : client.beta.chat).completions;
  for (;;) {
    const stream = chats.stream({ model, messages, tools: chatTools, stream_options: { include_usage: true } });
    const message = await stream.finalMessage();
    usage.add(await stream.totalUsage(), chatFigures);
    messages.push(message);
    if (!message.tool_calls?.length) return calls;
    for (const call of message.tool_calls) {
      const { city } = JSON.parse(call.function.arguments);
      calls.push(city);
      messages.push({ role: 'tool', tool_call_id: call.id, content: toolResult(city) });
    }
  }
}

async function streamedText(client, usage) {
  const messages = [{ role: 'user', content: prompts.stream }];
  const stream = await client.chat.completions.create({
    model,
    messages,
    stream: true,
    stream_options: { include_usage: true },
  });
  let [text, deltas] = ['', 0];
  for await (const chunk of stream) {
    const piece = chunk.choices[0]?.delta?.content;
    if (piece) [text, deltas] = [text + piece, deltas + 1];
    if (chunk.usage) usage.add(chunk.usage, chatFigures);
  }
  if (!client.responses?.stream) return { text, deltas };
  const helper = client.responses.stream({ model, input: prompts.stream });
  let seen = 0;
  helper.on('response.output_text.delta', () => (seen += 1));
  const response = await helper.finalResponse();
  usage.add(response.usage, responseFigures);
  return { text: bothHave('lighthouse two', text, outputText(response)), deltas: Math.min(deltas, seen) };
}

/** Earlier majors have no `output_text` on what the helper gathers. */
function outputText({ output }) {
  const parts = output.flatMap((item) => (item.type === 'message' ? item.content : []));
  return parts.map((part) => part.text ?? '').join('');
}

function bothHave(words, one, other) {
  if (!one.includes(words)) throw new Error(`chat said ${one}`);
  return other;
}
