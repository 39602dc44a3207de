import type { Settings, Taker } from './chat-request.ts';
import { fieldsFor, othersFor, readField, readObject, readTools, type Read } from './parameters.ts';

export interface SettingFault {
  /** A parameter, `others` or `tools`. */
  name: string;
  fault: string;
}

/** What of the settings cannot be read, for the models that they are for. */
export function faultsOf({ values, others, tools }: Settings, models: readonly Taker[]): SettingFault[] {
  const taken = [...new Set(models.flatMap(({ parameters }) => parameters))];
  const reads: [string, Read][] = [
    ...fieldsFor(taken).map((field): [string, Read] => [field.name, readField(field, values[field.name] ?? '')]),
    ['others', readOthers(others, taken)],
    ['tools', models.some(({ capabilities }) => capabilities.includes('tools')) ? readTools(tools) : undefined],
  ];
  return reads.flatMap(([name, read]) => (read && 'fault' in read ? [{ name, fault: read.fault }] : []));
}

function readOthers(others: string, taken: readonly string[]): Read {
  const read = readObject(others);
  if (!read || 'fault' in read) return read;
  const known = new Set(othersFor(taken));
  const unknown = Object.keys(read.value as object).find((name) => !known.has(name));
  return unknown === undefined ? read : { fault: `No model here takes ${unknown}, or it has a field of its own.` };
}
