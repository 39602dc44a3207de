import type { ConsoleModel } from '@orgn/console-api';

/** The models that take messages, those in enclaves first. */
export function chatModels(models: readonly ConsoleModel[]): readonly ConsoleModel[] {
  const chatting = models.filter(({ capabilities }) => capabilities.includes('chat'));
  return [...chatting].sort((a, b) => orderOf(a) - orderOf(b) || a.displayName.localeCompare(b.displayName, 'en'));
}

const orderOf = ({ execution }: ConsoleModel) => (execution === 'tee' ? 0 : 1);

/** What a first question goes to: the cheapest model in an enclave that answers now, else the cheapest that may run. */
export function cheapest(models: readonly ConsoleModel[], isTeeOnly: boolean): ConsoleModel | undefined {
  const allowed = models.filter(({ execution }) => !isTeeOnly || execution === 'tee');
  const rank = (model: ConsoleModel) => (model.availability === 'available' ? 0 : 2) + orderOf(model);
  const price = ({ price: { input, output } }: ConsoleModel) => Number(input) + Number(output);
  return [...allowed].sort((a, b) => rank(a) - rank(b) || price(a) - price(b))[0];
}

/** Why a model cannot be asked now; undefined: it can. */
export function whyNot({ execution, availability }: ConsoleModel, isTeeOnly: boolean): string | undefined {
  if (isTeeOnly && execution !== 'tee') return 'this team runs enclaves only';
  if (availability === 'failing') return 'failing';
  return availability === 'unverified' ? 'not verified' : undefined;
}
