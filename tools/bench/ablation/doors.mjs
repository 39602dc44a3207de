/** What a bare edge listens with. Each door hands over a POST with its whole body, and the way to answer it. */
import 'reflect-metadata';
import { createServer } from 'node:http';
import { Controller, Module, Post, Req, Res } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import Fastify from 'fastify';

const path = '/v1/chat/completions';
const host = '127.0.0.1';

/** Bodies come as they are: what reads them is a layer of its own. */
const asBytes = (app) =>
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));

/** @param {(asked: { headers: object, body: Buffer }, response: import('node:http').ServerResponse) => void} answer */
export const doors = {
  node: async (port, answer) => {
    const server = createServer({ keepAliveTimeout: 65_000 }, (request, response) => {
      const chunks = [];
      request.on('data', (chunk) => chunks.push(chunk));
      request.on('end', () => answer({ headers: request.headers, body: Buffer.concat(chunks) }, response));
    });
    await new Promise((resolve) => server.listen(port, host, resolve));
  },
  fastify: async (port, answer) => {
    const app = Fastify({ logger: false });
    asBytes(app);
    app.post(path, (request, reply) => hand(request, reply, answer));
    await app.listen({ port, host });
  },
  nest: async (port, answer) => {
    const adapter = new FastifyAdapter();
    const app = await NestFactory.create(moduleOf(answer), adapter, { logger: false, bodyParser: false });
    asBytes(adapter.getInstance());
    await app.listen(port, host);
  },
};

function hand(request, reply, answer) {
  reply.hijack();
  answer({ headers: request.headers, body: request.body }, reply.raw);
}

/** What decorators do, said in plain JavaScript, which has none. */
function moduleOf(answer) {
  class Chat {
    ask(request, reply) {
      hand(request, reply, answer);
    }
  }
  Post(path)(Chat.prototype, 'ask', Object.getOwnPropertyDescriptor(Chat.prototype, 'ask'));
  Req()(Chat.prototype, 'ask', 0);
  Res()(Chat.prototype, 'ask', 1);
  Controller()(Chat);
  class Edge {}
  Module({ controllers: [Chat] })(Edge);
  return Edge;
}
