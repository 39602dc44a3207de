import { gzipSync } from 'node:zlib';

/** A body that takes long to read, or would: right, nearly right and hostile. */
export interface LargeBody {
  name: string;
  path: string;
  contentType: string;
  /** Further headers. */
  headers?: Record<string, string>;
  bytes: Buffer;
}

const TURN = '"messages":[{"role":"user","content":"Hi"}]';
const boundary = 'large';

/** All of them, each of about `size` bytes. */
export function largeBodies(size: number): LargeBody[] {
  return [...chatBodies(size), ...otherBodies(size), ...forms(size), ...bareBodies(size), ...wrapped(size)];
}

const json = (name: string, path: string, text: string): LargeBody => ({
  name,
  path,
  contentType: 'application/json',
  bytes: Buffer.from(text),
});

/** As many of a thing as fit, but no more than `most`; the last one is filled up where `most` is less than that. */
function repeated(unit: string, size: number, most = Infinity): string {
  const count = Math.max(1, Math.min(most, Math.floor(size / (unit.length + 1))));
  return Array<string>(count).fill(unit).join(',');
}

/** One as in `repeated`, with a text in each that makes them as large together as the body may be. */
function filled(unit: (text: string) => string, size: number, count: number): string {
  const text = 'Ünderstand this. '.repeat(Math.max(1, Math.floor((size / count - unit('').length) / 18)));
  return Array<string>(count).fill(unit(text)).join(',');
}

function chatBodies(size: number): LargeBody[] {
  const model = '"model":"near_qwen3_30b"';
  const path = '/v1/chat/completions';
  const room = size - 1_000;
  const names = (count: number) => Array.from({ length: count }, (_, at) => `"unheard_${at}":${at}`).join(',');
  const wide = 'x'.repeat(Math.floor(room / 100_000));
  const chat = (name: string, members: string) => json(`chat, ${name}`, path, `{${model},${members}}`);
  return [
    chat('one text', `"messages":[{"role":"user","content":"${'Hello, world. '.repeat(room / 14)}"}]`),
    chat('one text of three-byte letters', `"messages":[{"role":"user","content":"${'漢'.repeat(room / 3)}"}]`),
    chat('one text of escapes', `"messages":[{"role":"user","content":"${'\\"'.repeat(room / 2)}"}]`),
    chat('one stream', `"stream":true,"messages":[{"role":"user","content":"${'Go on. '.repeat(room / 7)}"}]`),
    chat('20,000 messages', `"messages":[${filled((text) => `{"role":"user","content":"${text}"}`, room, 20_000)}]`),
    chat('60,000 messages', `"messages":[${filled((text) => `{"role":"user","content":"${text}"}`, room, 60_000)}]`),
    chat('empty messages', `"messages":[${repeated('{}', room)}]`),
    chat('60,000 empty messages', `"messages":[${repeated('{}', room, 60_000)}]${' '.repeat(room - 200_000)}`),
    chat('200,000 values', `${TURN},"guided_json":{"a":[${filled((text) => `"${text}"`, room, 200_000)}]}`),
    chat('100,000 unknown names', `${TURN},${names(100_000)},"pad":"${'x'.repeat(room - 2_500_000)}"`),
    chat('19,000 unknown names', `${TURN},${names(19_000)},"pad":"${'x'.repeat(room - 500_000)}"`),
    chat(
      'unknown names in each message',
      `"messages":[${filled((text) => `{"role":"user","content":"${text}","a":1}`, room, 60_000)}]`,
    ),
    chat(
      'deep lists',
      `${TURN},"guided_json":{"a":[${repeated(`${'['.repeat(58)}"${wide}"${']'.repeat(58)}`, room, 4_000)}]}`,
    ),
    chat('nesting without end', `${TURN},"guided_json":${'['.repeat(room / 2)}${']'.repeat(room / 2)}`),
    chat(
      'wrong last part',
      `"messages":[{"role":"user","content":[${filled((text) => `{"type":"text","text":"${text}"}`, room, 60_000)},{}]}]`,
    ),
    chat('blanks', `${TURN}${' '.repeat(room)}`),
    chat('a long number', `${TURN},"max_tokens":1${'0'.repeat(room)}`),
    chat('the same name twice', `${TURN},"user":"${'x'.repeat(room)}","user":"y"`),
    chat(
      '512 large tools',
      `${TURN},"tools":[${filled((text) => `{"type":"function","function":{"name":"f","description":"${text}"}}`, room, 500)}]`,
    ),
    json('chat, cut off', path, `{${model},"messages":[{"role":"user","content":"${'x'.repeat(room)}`),
    json(
      'chat, an image in base64',
      path,
      `{"model":"vercel_gpt_4o","messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"data:image/png;base64,${'QUJD'.repeat(room / 4)}"}}]}]}`,
    ),
  ];
}

function otherBodies(size: number): LargeBody[] {
  const room = size - 1_000;
  const model = '"model":"near_qwen3_30b"';
  const turns = (count: number) => filled((text) => `{"role":"user","content":"${text}"}`, room, count);
  const prose = 'Say it again. '.repeat(room / 14);
  const call = (text: string) => `{"type":"function_call_output","call_id":"c","output":"${text}"}`;
  const tool = (text: string) => `{"type":"function","name":"f","description":"${text}"}`;
  return [
    json('completions, one prompt', '/v1/completions', `{${model},"prompt":"${prose}"}`),
    json(
      'embeddings, 2,048 inputs',
      '/v1/embeddings',
      `{"model":"vercel_text_embedding_3_small","input":[${filled((text) => `"${text}"`, room, 2_048)}]}`,
    ),
    json(
      'embeddings, 249,000 tokens',
      '/v1/embeddings',
      `{"model":"vercel_text_embedding_3_small","input":[${repeated('123456', room, 249_000)}]}`,
    ),
    json(
      'embeddings, a million tokens',
      '/v1/embeddings',
      `{"model":"vercel_text_embedding_3_small","input":[${repeated('123456', room)}]}`,
    ),
    json(
      'embeddings, 2,048 inputs as base64',
      '/v1/embeddings',
      `{"model":"vercel_text_embedding_3_small","encoding_format":"base64","input":[${filled((text) => `"${text}"`, room, 2_048)}]}`,
    ),
    json('rerank, again', '/v2/rerank', `{"model":"none","query":"${prose}","documents":["x"]}`),
    json(
      'rerank, 1,000 documents',
      '/v1/rerank',
      `{"model":"vercel_rerank_2_5","query":"q","documents":[${filled((text) => `"${text}"`, room, 1_000)}]}`,
    ),
    json('responses, one text', '/v1/responses', `{${model},"input":"${prose}"}`),
    json('responses, 60,000 messages', '/v1/responses', `{${model},"input":[${turns(60_000)}]}`),
    json('responses, 50,000 outputs of calls', '/v1/responses', `{${model},"input":[${filled(call, room, 50_000)}]}`),
    json(
      'responses, empty items',
      '/v1/responses',
      `{${model},"input":[${repeated('{}', room, 60_000)}]${' '.repeat(room - 200_000)}}`,
    ),
    json(
      'responses, large instructions',
      '/v1/responses',
      `{${model},"input":"Hi","stream":true,"instructions":"${prose}"}`,
    ),
    json(
      'responses, 500 large tools',
      '/v1/responses',
      `{${model},"input":"Hi","stream":true,"tools":[${filled(tool, room, 500)}]}`,
    ),
    json('responses, tokens counted', '/v1/responses/input_tokens', `{${model},"input":[${turns(20_000)}]}`),
    json(
      'messages, one text',
      '/v1/messages',
      `{${model},"max_tokens":5,"messages":[{"role":"user","content":"${prose}"}]}`,
    ),
    json(
      'messages, one stream',
      '/v1/messages',
      `{${model},"max_tokens":5,"stream":true,"messages":[{"role":"user","content":"${prose}"}]}`,
    ),
    json('messages, 60,000 messages', '/v1/messages', `{${model},"max_tokens":5,"messages":[${turns(60_000)}]}`),
    json('messages, tokens counted', '/v1/messages/count_tokens', `{${model},"messages":[${turns(60_000)}]}`),
  ];
}

/** To endpoints that take no parameters. */
function bareBodies(size: number): LargeBody[] {
  const text = `{"a":[${repeated('1', size - 1_000, 240_000)}]${' '.repeat(size - 500_000)}}`;
  return [
    json('the end of a key', '/v1/key/revoke', text),
    json('the end of a response', '/v1/responses/resp_1/cancel', text),
  ];
}

/** What more is done with a body than to read it. */
function wrapped(size: number): LargeBody[] {
  const prose = 'Take it apart. '.repeat((size - 1_000) / 15);
  const text = `{"model":"near_qwen3_30b","messages":[{"role":"user","content":"${prose}"}]}`;
  const one = json('', '/v1/chat/completions', text);
  const packed = gzipSync(one.bytes, { level: 1 });
  return [
    { ...one, name: 'chat, named', headers: { 'idempotency-key': `large-${process.pid}-${Date.now()}` } },
    { ...one, name: 'chat, packed', headers: { 'content-encoding': 'gzip' }, bytes: packed },
  ];
}

function forms(size: number): LargeBody[] {
  const room = Math.min(size, 24 * 1024 * 1024);
  const part = (head: string, value: string) =>
    `--${boundary}\r\ncontent-disposition: form-data; ${head}\r\n\r\n${value}\r\n`;
  const model = part('name="model"', 'near_whisper_large_v3');
  const form = (name: string, text: string): LargeBody => ({
    name: `transcription, ${name}`,
    path: '/v1/audio/transcriptions',
    contentType: `multipart/form-data; boundary=${boundary}`,
    bytes: Buffer.from(`${text}--${boundary}--\r\n`),
  });
  return [
    form('a file', model + part('name="file"; filename="a.wav"', 'RIFF'.repeat(room / 4))),
    form('a file of near boundaries', model + part('name="file"; filename="a.wav"', '\r\n--larg'.repeat(room / 8))),
    form('parts without end', part('name="x"', 'y').repeat(room / 80)),
    form('a field without end', model + part('name="prompt"', 'y'.repeat(room))),
  ];
}
