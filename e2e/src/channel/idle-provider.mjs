/**
 * A provider in a process of its own, whose streams say one word and then nothing more. Writes its port to stdout.
 */
import { createServer } from 'node:http';

const chunk = {
  id: 'chatcmpl-idle',
  object: 'chat.completion.chunk',
  created: 1_735_689_600,
  model: 'canned',
  choices: [{ index: 0, delta: { role: 'assistant', content: 'Once' }, finish_reason: null }],
};
const word = Buffer.from(`data: ${JSON.stringify(chunk)}\n\n`);

const server = createServer((request, response) => {
  request.resume().once('end', () => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(word);
  });
});
server.listen(0, '127.0.0.1', 16_384, () => process.stdout.write(`${server.address().port}\n`));
