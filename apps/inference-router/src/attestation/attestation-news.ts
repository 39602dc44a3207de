import { Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { attestationWatched } from '@orgn/contracts';
import { Bus } from '@orgn/service-kit';
import { RouterConfig } from '../config.ts';
import { SessionsService } from './sessions.service.ts';

const EVERY_MS = 5_000;

/** Tells gateways how enclaves stand, and whether Intel and NVIDIA answer. */
@Injectable()
export class AttestationNews implements OnApplicationBootstrap, OnApplicationShutdown {
  #timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly config: RouterConfig,
    private readonly sessions: SessionsService,
    private readonly bus: Bus,
  ) {}

  onApplicationBootstrap(): void {
    this.#timer = setInterval(() => this.#tell(), EVERY_MS).unref();
  }

  onApplicationShutdown(): void {
    clearInterval(this.#timer);
  }

  #tell(): void {
    const { enclaves, statements } = this.sessions.describe();
    if (Object.keys(enclaves).length === 0) return;
    this.bus.broadcast(attestationWatched, {
      router: this.config.INSTANCE,
      enclaves,
      statements,
    });
  }
}
