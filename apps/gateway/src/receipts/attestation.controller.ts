import { Controller, Get, Header, Param, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { AttestationService } from './attestation.service.ts';

@Controller('v1/attestation')
export class AttestationController {
  constructor(private readonly attestation: AttestationService) {}

  /** The bytes as the enclave served them; whose TLS key they came over stands beside them. */
  @Get('report')
  @Header('content-type', 'application/json')
  @Header('cache-control', 'no-store')
  async report(
    @Req() request: FastifyRequest,
    @Query() query: { model?: unknown; nonce?: unknown },
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const { model, nonce } = query;
    const { provider, spkiSha256, bytes } = await this.attestation.report(request.apiKey, { model, nonce });
    void reply.headers({ 'x-ollm-provider': provider, 'x-ollm-spki-sha256': spkiSha256 });
    return bytes;
  }

  @Get('sessions/:id')
  @Header('content-type', 'application/json')
  @Header('cache-control', 'no-store')
  session(@Req() request: FastifyRequest, @Param('id') id: string) {
    return this.attestation.session(request.apiKey, id);
  }
}
