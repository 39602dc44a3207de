import { STATUS_CODES } from 'node:http';
import { Catch, HttpException, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import { ServiceLog } from '@orgn/service-kit';
import type { FastifyReply, FastifyRequest } from 'fastify';

/** Renders what this host refuses: a problem document (RFC 9457) under /api, a page elsewhere. Never quotes the request. */
@Catch()
export class HttpErrorFilter implements ExceptionFilter {
  constructor(private readonly log: ServiceLog) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const status = statusOf(error);
    if (status >= 500) this.log.error('request failed', error);
    const http = host.switchToHttp();
    const title = STATUS_CODES[status] ?? 'Error';
    const isApi = /^\/api(\/|\?|$)/.test(http.getRequest<FastifyRequest>().url);
    const [type, body] = isApi
      ? ['application/problem+json', JSON.stringify({ type: 'about:blank', title, status })]
      : ['text/html; charset=utf-8', toPage(title)];
    const reply = http.getResponse<FastifyReply>();
    void reply.status(status).header('cache-control', 'no-store').header('content-type', type).send(body);
  }
}

/** Fastify's own refusals (a body that is no JSON, too long, of an unknown type) carry their status too. */
function statusOf(error: unknown): number {
  if (error instanceof HttpException) return error.getStatus();
  const { statusCode } = error as { statusCode?: unknown };
  return typeof statusCode === 'number' && statusCode >= 400 && statusCode < 500 ? statusCode : 500;
}

const toPage = (title: string) => `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width" />
    <title>${title} · ORGN Gateway</title>
    <link rel="stylesheet" href="/style.css" />
  </head>
  <body>
    <main>
      <h1>${title}</h1>
      <p>This address leads nowhere. <a href="/">Go to the console</a>.</p>
    </main>
  </body>
</html>
`;
