import type { CataloguedModel } from '../catalogue/catalogue.service.ts';
import type { Provider } from '../providers/provider.ts';

/** A model to ask, and how its provider is spoken to. */
export interface Target {
  model: CataloguedModel;
  kind: Provider;
}
