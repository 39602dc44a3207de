import { Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { AccessLog } from './access-log.ts';
import { Linger } from './linger.ts';

/** What is done once a request has been answered, or its caller has left. */
@Injectable()
export class RequestEnds {
  constructor(
    private readonly log: AccessLog,
    private readonly linger: Linger,
  ) {}

  /** @param free gives back what the request had taken */
  watch(request: FastifyRequest, reply: FastifyReply, free: () => void): void {
    reply.raw.once('finish', () => this.linger.over(request.raw, request.ip));
    reply.raw.once('close', () => {
      free();
      this.log.note(request, reply);
    });
  }
}
