import { readFileSync, statSync } from 'node:fs';
import { Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { routerChanged, type Capability, type listModels, type ReplyOf } from '@orgn/contracts';
import { Bus, ConfigError, ServiceLog } from '@orgn/service-kit';
import { RouterConfig } from '../config.ts';
import { ProvidersService } from '../providers/providers.service.ts';
import type { CatalogueEntry } from './catalogue-entry.ts';
import { CatalogueError, parseCatalogue } from './catalogue-file.ts';

/** How often the file is looked at. Looking is one `stat`, and unlike a watch it survives renames and mounts. */
const LOOK_MS = 1_000;

/** A model as one version of the catalogue has it: what a request was planned by is also what it is charged by. */
export type CataloguedModel = CatalogueEntry & { catalogueVersion: string };

interface Catalogue {
  version: string;
  createdAt: string;
  models: ReadonlyMap<string, CataloguedModel>;
}

/** The models this router dispatches. An edit of the file takes effect without a restart; a bad one changes nothing. */
@Injectable()
export class CatalogueService implements OnApplicationBootstrap, OnApplicationShutdown {
  #catalogue: Catalogue;
  #seen: string;
  #timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly config: RouterConfig,
    private readonly providers: ProvidersService,
    private readonly bus: Bus,
    private readonly log: ServiceLog,
  ) {
    this.#seen = stampOf(config.MODELS_FILE);
    this.#catalogue = readAtStart(config.MODELS_FILE);
  }

  onApplicationBootstrap(): void {
    this.#timer = setInterval(() => this.#look(), LOOK_MS);
  }

  onApplicationShutdown(): void {
    clearInterval(this.#timer);
  }

  get version(): string {
    return this.#catalogue.version;
  }

  find(id: string): CataloguedModel | undefined {
    return this.#catalogue.models.get(id);
  }

  /** The ids of models that have a capability here, for telling callers whose model lacks it. */
  idsWith(capability: Capability): string[] {
    return this.#offered()
      .filter(({ capabilities }) => capabilities.includes(capability))
      .map(({ id }) => id);
  }

  /** The models whose provider is configured. */
  list(): ReplyOf<typeof listModels> {
    const { version, createdAt } = this.#catalogue;
    return { version, createdAt, models: this.#offered().map(toModel) };
  }

  #offered(): CataloguedModel[] {
    return [...this.#catalogue.models.values()].filter(({ provider }) => this.providers.endpointOf(provider));
  }

  #look(): void {
    const stamp = stampOf(this.config.MODELS_FILE);
    if (stamp === this.#seen) return;
    this.#seen = stamp;
    try {
      this.#take(readCatalogue(this.config.MODELS_FILE));
    } catch (error) {
      this.log.error('models file refused, the catalogue stays as it is', error, {
        faults: faultsOf(error),
        version: this.version,
      });
    }
  }

  #take(catalogue: Catalogue): void {
    if (catalogue.version === this.version) return;
    this.#catalogue = catalogue;
    this.log.info('catalogue reloaded', { version: catalogue.version, models: catalogue.models.size });
    // Gateways connect anew at this, see the version and fetch the list.
    this.bus.broadcast(routerChanged, { router: this.config.INSTANCE, isLeaving: false });
  }
}

/** @throws ConfigError with every fault: a router without a catalogue has nothing to do */
function readAtStart(file: string): Catalogue {
  try {
    return readCatalogue(file);
  } catch (error) {
    throw new ConfigError(faultsOf(error).map((fault) => `MODELS_FILE ${fault}`));
  }
}

function faultsOf(error: unknown): string[] {
  return error instanceof CatalogueError ? [...error.faults] : ['cannot be read'];
}

function readCatalogue(file: string): Catalogue {
  const { version, entries } = parseCatalogue(readFileSync(file, 'utf8'));
  const models = new Map(entries.map((entry) => [entry.id, { ...entry, catalogueVersion: version }]));
  return { version, createdAt: statSync(file).mtime.toISOString(), models };
}

/** Changes when the file does, also when another one takes its place; empty while there is none. */
function stampOf(file: string): string {
  const stats = statSync(file, { throwIfNoEntry: false });
  return stats ? `${stats.mtimeMs}/${stats.size}/${stats.ino}` : '';
}

/** What gateways may know of an entry. */
function toModel({ upstream: _upstream, catalogueVersion: _version, ...model }: CataloguedModel) {
  return model;
}
