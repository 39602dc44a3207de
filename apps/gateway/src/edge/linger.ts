import type { IncomingMessage } from 'node:http';

const LINGER_MS = 2_000;

/**
 * Ends the connection of a caller that was answered before it had sent everything. It gets a moment to send the rest,
 * which is thrown away: closing at once would reset the connection, and the answer would be lost with it.
 */
export function closeUnlessComplete(request: IncomingMessage): void {
  if (request.complete || request.destroyed) return;
  const { socket } = request;
  const timer = setTimeout(() => socket.destroy(), LINGER_MS).unref();
  request.once('end', () => clearTimeout(timer));
  socket.once('close', () => clearTimeout(timer));
}
