import { readFileSync, statSync } from 'node:fs';
import { Injectable } from '@nestjs/common';
import type { listModels, ReplyOf } from '@orgn/contracts';
import { RouterConfig } from '../config.ts';
import { ProvidersService } from '../providers/providers.service.ts';
import { parseCatalogue, type CatalogueContent, type CatalogueEntry } from './catalogue-file.ts';

/** The models this router dispatches, and under which version of the catalogue. */
@Injectable()
export class CatalogueService {
  readonly #content: CatalogueContent;
  readonly #entries: Map<string, CatalogueEntry>;
  readonly #createdAt: string;

  constructor(
    config: RouterConfig,
    private readonly providers: ProvidersService,
  ) {
    this.#content = parseCatalogue(readFileSync(config.MODELS_FILE, 'utf8'));
    this.#createdAt = statSync(config.MODELS_FILE).mtime.toISOString();
    this.#entries = new Map(this.#content.entries.map((entry) => [entry.id, entry]));
  }

  get version(): string {
    return this.#content.version;
  }

  find(id: string): CatalogueEntry | undefined {
    return this.#entries.get(id);
  }

  /** The models whose provider is configured. */
  list(): ReplyOf<typeof listModels> {
    const models = this.#content.entries.filter(({ provider }) => this.providers.endpointOf(provider)).map(toModel);
    return { version: this.version, createdAt: this.#createdAt, models };
  }
}

/** What gateways may know of an entry. */
function toModel({ upstream: _upstream, ...model }: CatalogueEntry) {
  return model;
}
