import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { openPlayground } from '@orgn/contracts';
import { playResponder } from '@orgn/testing';
import type { AuthHost } from './auth-host.ts';

/** A gateway's door for the playground that does what a test says. */
export class PlayedGateway {
  static async beside(host: AuthHost): Promise<PlayedGateway> {
    const played = new PlayedGateway(createServer((request, response) => played.answer(request, response)));
    played.server.listen(0, '127.0.0.1');
    await once(played.server, 'listening');
    const { port } = played.server.address() as AddressInfo;
    const url = `http://127.0.0.1:${port}`;
    playResponder(host.backbone.bus, openPlayground, () => ({
      gateway: 'gateway-1',
      url,
      token: played.token,
      tokenSeconds: 60,
    }));
    await host.backbone.bus.connection.flush();
    return played;
  }

  readonly token = 't'.repeat(43);
  answer: (request: IncomingMessage, response: ServerResponse) => void = (request, response) => {
    request.resume().once('end', () => response.writeHead(200, { 'content-type': 'application/json' }).end('{}'));
  };

  private constructor(private readonly server: Server) {}

  async close(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await Promise.resolve();
  }
}
