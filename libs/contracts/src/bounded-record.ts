import { z } from 'zod';

interface BoundedRecordDef extends z.core.$ZodRecordDef {
  maxMembers: number;
}

/** A record that is counted before it is looked into: Zod's own has no maximum and collects a fault of every member. */
const BoundedRecord = z.core.$constructor<z.ZodRecord, BoundedRecordDef>('BoundedRecord', (record, definition) => {
  z.ZodRecord.init(record, definition);
  const parse = record._zod.parse.bind(record._zod);
  record._zod.parse = (payload: z.core.ParsePayload, context) => {
    if (!hasMoreThan(payload.value, definition.maxMembers)) return parse(payload, context);
    const { value: input, issues } = payload;
    issues.push({
      code: 'too_big',
      origin: 'record',
      maximum: definition.maxMembers,
      inclusive: true,
      input,
      inst: record,
    });
    return payload;
  };
});

function hasMoreThan(value: unknown, maximum: number): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length > maximum;
}

/**
 * Members by name, where the names are not known before.
 * @param names what a name must be; with a maximum of its own
 * @param maxMembers how many there may be
 */
export function boundedRecord<V extends z.ZodType>(
  names: z.ZodString,
  values: V,
  maxMembers: number,
): z.ZodRecord<z.ZodString, V> {
  const definition = { type: 'record' as const, keyType: names, valueType: values, maxMembers };
  return new BoundedRecord(definition) as unknown as z.ZodRecord<z.ZodString, V>;
}
