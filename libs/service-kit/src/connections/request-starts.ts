import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

const REQUEST_STARTS = 'http.server.request.start';

/** A request whose head has been read, as Node tells of it before anybody else hears of it. */
export interface RequestStart {
  request: IncomingMessage;
  response: ServerResponse;
  socket: Socket;
  server: Server;
}

/** Tells of each request of one server, until it has closed. */
export function onRequestStart(server: Server, hear: (start: RequestStart) => void): void {
  const begin = (message: unknown) => {
    const start = message as RequestStart;
    if (start.server === server) hear(start);
  };
  subscribe(REQUEST_STARTS, begin);
  server.once('close', () => unsubscribe(REQUEST_STARTS, begin));
}
