import { STATUS_CODES, type OutgoingHttpHeaders } from 'node:http';
import { Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { reasonOf, toEdgeAnswer, type EdgeAnswer } from '../errors/edge-error.ts';
import { dialectOf } from '../paths/dialect.ts';
import { AccessLog } from './access-log.ts';
import { Linger } from './linger.ts';
import { RefusalNotes } from './refusal-notes.ts';

/** Answers requests whose bodies are not wanted: by what stands in their heads, or because they are strangers'. */
@Injectable()
export class EarlyRefusals {
  constructor(
    private readonly log: AccessLog,
    private readonly linger: Linger,
    private readonly notes: RefusalNotes,
  ) {}

  /** What has not arrived of the request is not waited for, and its connection ends. */
  refuse(request: FastifyRequest, reply: FastifyReply, error: unknown): void {
    const answer = toEdgeAnswer(error, { requestId: request.id, dialect: dialectOf(request) });
    send(request, reply, answer);
    this.log.noteRefused(request, answer.status);
    this.notes.note(request, reasonOf(error), reply.elapsedTime);
    this.linger.over(request.raw, request.ip);
  }
}

/** Node by itself would read the rest, however long it is, or reset the connection and lose the answer with it. */
function send({ raw: request, method }: FastifyRequest, reply: FastifyReply, answer: EdgeAnswer): void {
  const text = JSON.stringify(answer.body);
  const length = String(Buffer.byteLength(text));
  const type = 'application/json; charset=utf-8';
  void reply.headers({ ...answer.headers, 'content-type': type, 'content-length': length });
  const headers = reply.getHeaders() as OutgoingHttpHeaders;
  const body = method === 'HEAD' ? '' : text;
  reply.hijack();
  // A response without a socket waits for those before it on the same connection.
  const isNext = reply.raw.socket === request.socket;
  if (request.complete || !isNext) reply.raw.writeHead(answer.status, headers).end(body);
  else if (!request.socket.destroyed) request.socket.end(`${toHead(answer.status, headers)}${body}`);
}

/** Of an answer that is the last one on its connection. Header values come from our own tables. */
function toHead(status: number, headers: OutgoingHttpHeaders): string {
  const all = { ...headers, date: new Date().toUTCString(), connection: 'close' };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${String(value)}\r\n`);
  return `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\n${lines.join('')}\r\n`;
}
