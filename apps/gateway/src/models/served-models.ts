import { listModels, type Model } from '@orgn/contracts';
import type { Bus } from '@orgn/service-kit';

/** The models that one router serves, as it said. */
export interface ServedModels {
  /** Digest of its models file and of which providers it has. */
  version: string;
  /** When its models file last changed, in epoch seconds. */
  createdAt: number;
  models: ReadonlyMap<string, Model>;
}

/**
 * Asks a router what it serves.
 * @param version what it announced
 * @throws ServiceError; Error when another version came back: it has just changed, or another router answered in its place
 */
export async function askServedModels(bus: Bus, router: string, version: string): Promise<ServedModels> {
  const reply = await bus.askInstance(listModels, router, {});
  if (reply.version !== version) throw new Error('another version of the catalogue than the one that was announced');
  const models = new Map(reply.models.map((model) => [model.id, model]));
  return { version, createdAt: Math.floor(Date.parse(reply.createdAt) / 1_000), models };
}
