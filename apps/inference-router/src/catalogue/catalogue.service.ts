import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { routerChanged, type Capability, type listModels, type ReplyOf } from '@orgn/contracts';
import { Bus, ConfigError, fileStamp, ServiceLog } from '@orgn/service-kit';
import { RouterConfig } from '../config.ts';
import { ProvidersService } from '../providers/providers.service.ts';
import type { CatalogueEntry } from './catalogue-entry.ts';
import { CatalogueError, parseCatalogue } from './catalogue-file.ts';
import { priceAt } from './price-at.ts';

/** How often the file is looked at. Looking is one `stat`, and unlike a watch it survives renames and mounts. */
const LOOK_MS = 1_000;

/** A model as one version of what is served has it: what a request was planned by is also what it is charged by. */
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
    this.#seen = fileStamp(config.MODELS_FILE);
    this.#catalogue = this.#readAtStart();
  }

  onApplicationBootstrap(): void {
    this.#sayWhatIsServed('catalogue loaded');
    this.#timer = setInterval(() => this.#look(), LOOK_MS);
  }

  onApplicationShutdown(): void {
    clearInterval(this.#timer);
  }

  /** Digest of what is served: of the models file, and of which providers are configured. */
  get version(): string {
    return this.#catalogue.version;
  }

  find(id: string): CataloguedModel | undefined {
    return this.#catalogue.models.get(id);
  }

  /** A model as it is for a request that was admitted at a moment of database time: at the price of then. */
  findAt(id: string, admittedAtMs: number): CataloguedModel | undefined {
    const model = this.find(id);
    if (!model?.laterPrices) return model;
    return { ...model, price: priceAt(model, admittedAtMs) };
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
    const stamp = fileStamp(this.config.MODELS_FILE);
    if (stamp === this.#seen) return;
    this.#seen = stamp;
    try {
      this.#take(this.#read());
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
    this.#sayWhatIsServed('catalogue reloaded');
    // Gateways connect anew at this, see the version and fetch the list.
    this.bus.broadcast(routerChanged, { router: this.config.INSTANCE, isLeaving: false });
  }

  #sayWhatIsServed(event: string): void {
    const [models, served] = [this.#catalogue.models.size, this.#offered().length];
    this.log.info(event, { version: this.version, models, served });
    if (served > 0) return;
    const unset = [...new Set([...this.#catalogue.models.values()].map(({ provider }) => provider))];
    this.log.warn('no model is served: no provider of the models file is configured', { unset: unset.map(toVariable) });
  }

  /** @throws ConfigError with every fault: a router without a catalogue has nothing to do */
  #readAtStart(): Catalogue {
    try {
      return this.#read();
    } catch (error) {
      throw new ConfigError(faultsOf(error).map((fault) => `MODELS_FILE ${fault}`));
    }
  }

  #read(): Catalogue {
    const { version: fileVersion, entries } = parseCatalogue(readFileSync(this.config.MODELS_FILE, 'utf8'));
    const version = digestOf(fileVersion, this.providers.configuration);
    const models = new Map(entries.map((entry) => [entry.id, { ...entry, catalogueVersion: version }]));
    return { version, createdAt: statSync(this.config.MODELS_FILE).mtime.toISOString(), models };
  }
}

function digestOf(...parts: string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 16);
}

/** What configures a provider. */
function toVariable(provider: string): string {
  return `${provider.toUpperCase()}_BASE_URL`;
}

function faultsOf(error: unknown): string[] {
  return error instanceof CatalogueError ? [...error.faults] : ['cannot be read'];
}

/** What gateways may know of an entry. */
function toModel({ upstream: _upstream, catalogueVersion: _version, ...model }: CataloguedModel) {
  return model;
}
