import { Readable } from 'node:stream';
import { Controller, Post, Req, Res, SetMetadata } from '@nestjs/common';
import { playgroundRoutes, type QueryOf } from '@orgn/console-api';
import { ServiceError } from '@orgn/contracts';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { CONSOLE_ROUTE } from '../console/implements.decorator.ts';
import { PlaygroundService } from './playground.service.ts';

/** What of an answer's head is the page's business. */
const passed = /^(content-type|retry-after|server-timing|x-request-id|x-ollm-[a-z-]+|x-ratelimit-[a-z-]+)$/;

@Controller()
export class PlaygroundController {
  constructor(private readonly playground: PlaygroundService) {}

  /** Implements `playgroundRoutes.chat` by hand: bytes pass through as they come, in both directions. */
  @Post(playgroundRoutes.chat.path.replace('{teamId}', ':teamId'))
  @SetMetadata(CONSOLE_ROUTE, playgroundRoutes.chat)
  async chat(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const { caller, membership } = request.console ?? {};
    if (!caller || !membership) throw new ServiceError('not_signed_in', 'Sign in first.');
    const { key: asKey = null } = queryOf(request);
    const left = new AbortController();
    reply.raw.once('close', () => left.abort(new ServiceError('service_unavailable', 'The page has left.')));
    const { requestId, answer } = await this.playground.ask({
      ...{ caller, membership, asKey, signal: left.signal },
      body: bodyOf(request),
      length: request.headers['content-length'],
    });
    reply.raw.once('close', () => this.playground.end(requestId));
    const headers = Object.entries(answer.headers).filter(([name]) => passed.test(name));
    void reply
      .status(answer.statusCode)
      .headers({ ...Object.fromEntries(headers), 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' })
      .send(answer.body);
  }
}

/** @throws ServiceError `invalid_request` */
function queryOf({ query }: FastifyRequest): QueryOf<typeof playgroundRoutes.chat> {
  const parsed = playgroundRoutes.chat.query.safeParse(query);
  if (parsed.success) return parsed.data;
  throw new ServiceError('invalid_request', 'The key is named by its public id, as in "?key=key_…".', { param: 'key' });
}

/** The stream of the body, which the content-type parser leaves alone on this path. */
function bodyOf({ body }: FastifyRequest): Readable {
  if (body instanceof Readable) return body;
  throw new ServiceError(
    'invalid_request',
    'Send a chat request as JSON, with the header "content-type: application/json".',
  );
}
