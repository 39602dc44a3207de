/** Writes one server-sent event with a name, as OpenAI's responses and Anthropic's messages are streamed. */
export function eventBytes(name: string, data: object): Buffer {
  return Buffer.from(`event: ${name}\ndata: ${JSON.stringify(data)}\n\n`);
}
