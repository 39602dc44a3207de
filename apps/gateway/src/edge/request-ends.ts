import { Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { AccessLog } from './access-log.ts';
import { Linger } from './linger.ts';
import { RefusalNotes } from './refusal-notes.ts';

/** What is done once a request has been answered, or its caller has left. */
@Injectable()
export class RequestEnds {
  constructor(
    private readonly log: AccessLog,
    private readonly linger: Linger,
    private readonly notes: RefusalNotes,
  ) {}

  /** @param free gives back what the request had taken */
  watch(request: FastifyRequest, reply: FastifyReply, free: () => void): void {
    reply.raw.once('finish', () => this.linger.over(request.raw, request.ip));
    reply.raw.once('close', () => {
      free();
      this.log.note(request, reply);
      const { refusal } = request.facts;
      if (refusal) this.notes.note(request, refusal, reply.elapsedTime);
    });
  }
}
