/**
 * A stand-in for a service: answers /health with its pid and leaves on SIGTERM, which it writes to the trace file.
 * Usage: node stand-in.mjs <name> <port> <trace file> [exits | mute]
 */
import { appendFileSync } from 'node:fs';
import { createServer } from 'node:http';

const [name, port, trace, fault] = process.argv.slice(2);

if (fault === 'exits') {
  console.log(`${name} finds no reason to live`);
  process.exit(3);
}
process.on('SIGTERM', () => {
  appendFileSync(trace, `${name}\n`);
  setTimeout(() => process.exit(0), 50);
});
if (fault !== 'mute') serve();
else setInterval(() => {}, 1000);

function serve() {
  createServer((_request, response) => response.end(JSON.stringify({ pid: process.pid }))).listen(
    Number(port),
    '127.0.0.1',
  );
}
