import type { IncomingMessage, ServerResponse } from 'node:http';
import { parseObject, readBody } from '../http/read-body.ts';
import { Refusal } from '../http/refusal.ts';
import { forEachProvider, isProviderName } from '../providers.ts';
import type { ProviderName } from '../providers.ts';
import type { Control } from './control-state.ts';
import type { Ledger } from './ledger.ts';

const longestStateBytes = 65_536;

/** The control API: what tests turn and read. It has no authentication, as the simulator is for development only. */
export class ControlEndpoint {
  private readonly controls: Readonly<Record<ProviderName, Control>>;
  private readonly ledgers: Readonly<Record<ProviderName, Ledger>>;

  constructor(controls: Readonly<Record<ProviderName, Control>>, ledgers: Readonly<Record<ProviderName, Ledger>>) {
    this.controls = controls;
    this.ledgers = ledgers;
  }

  /** Answers one request; `path` is what follows `/control/`. */
  async answer(request: IncomingMessage, response: ServerResponse, path: string): Promise<void> {
    try {
      reply(response, 200, await this.handle(request, path));
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      const { param = null, type = 'invalid_request_error' } = error.detail;
      reply(response, error.status, { error: { message: error.message, type, param, code: null } });
    }
  }

  private async handle(request: IncomingMessage, path: string): Promise<object> {
    const body = await readBody(request, longestStateBytes);
    const action = `${request.method} ${path}`;
    if (action === 'GET received') return forEachProvider((name) => this.ledgers[name].report());
    if (action === 'POST reset') return this.reset();
    if (isProviderName(path) && request.method === 'GET') return this.controls[path].show();
    if (isProviderName(path) && request.method === 'PUT') return this.controls[path].put(parseObject(body));
    throw new Refusal(404, `Not found: ${request.method} /control/${path}`);
  }

  private reset(): object {
    return forEachProvider((name) => {
      this.ledgers[name].reset();
      return this.controls[name].put({});
    });
  }
}

function reply(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
