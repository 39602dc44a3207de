import type { Schema } from './json-schema.ts';

/** Limits that a reader sets: what it names must be at least as narrow at the writer. */
const lowest = ['minimum', 'exclusiveMinimum', 'minLength', 'minItems'] as const;
const highest = ['maximum', 'exclusiveMaximum', 'maxLength', 'maxItems'] as const;
/** Forms of a text that nobody can compare but by name. */
const forms = ['pattern', 'format'] as const;

/**
 * What a reader would refuse of what a writer may write, one line each; empty when it takes all of it. Members that the reader
 * does not know are no matter unless it is strict: it drops them.
 * @param at where in the message we are
 */
export function refusals(reader: Schema, writer: Schema, at = ''): string[] {
  if (reader.isTolerant || isAnything(reader)) return [];
  const forms = writer.anyOf ?? writer.oneOf;
  if (forms) return forms.flatMap((one) => refusals(reader, one, at));
  if (isAnything(writer)) return [`${at}: anything may come, ${said(reader)} is read`];
  return refusalsOfForms(reader, writer, at) ?? refusalsOfOne(reader, writer, at);
}

/** A reader that takes one of several forms, or all of several parts; undefined when it is neither. */
function refusalsOfForms(reader: Schema, writer: Schema, at: string): string[] | undefined {
  const forms = reader.anyOf ?? reader.oneOf;
  const isTaken = forms?.some((one) => refusals(one, writer, at).length === 0);
  if (forms) return isTaken ? [] : [`${at}: nothing that is read takes ${said(writer)}`];
  if (reader.allOf) return reader.allOf.flatMap((one) => refusals(one, writer, at));
  const parts = writer.allOf;
  return parts && (parts.some((one) => refusals(reader, one, at).length === 0) ? [] : [`${at}: no part is read`]);
}

function refusalsOfOne(reader: Schema, writer: Schema, at: string): string[] {
  return [values, limits, members, elements].flatMap((judge) => judge(reader, writer, at));
}

function isAnything(schema: Schema): boolean {
  return Object.keys(schema).every((key) => ['description', 'title', 'isTolerant'].includes(key));
}

/** Types, and the values of enumerations. */
function values(reader: Schema, writer: Schema, at: string): string[] {
  const read = valuesOf(reader);
  const written = valuesOf(writer);
  if (read && written)
    return written
      .filter((value) => !read.includes(value))
      .map((value) => `${at}: ${JSON.stringify(value)} is not read`);
  if (read) return [`${at}: only ${JSON.stringify(read)} is read`];
  const isWider = writer.type === 'integer' && reader.type === 'number';
  return isWider || writer.type === reader.type ? [] : [`${at}: ${reader.type} is read, ${writer.type} may come`];
}

function valuesOf(schema: Schema): readonly unknown[] | undefined {
  return 'const' in schema ? [schema.const] : schema.enum;
}

function limits(reader: Schema, writer: Schema, at: string): string[] {
  const own = valuesOf(writer);
  if (own)
    return own.some((value) => typeof value === 'string' && !fits(value, reader)) ? [`${at}: a value is not read`] : [];
  const below = lowest.filter((name) => (reader[name] ?? -Infinity) > (writer[name] ?? implied(name)));
  const above = highest.filter((name) => (reader[name] ?? Infinity) < (writer[name] ?? Infinity));
  const other = forms.filter((name) => reader[name] !== undefined && reader[name] !== writer[name]);
  return [...below, ...above, ...other].map((name) => `${at}: ${name} ${reader[name]} is narrower than what may come`);
}

/** A length is never below zero. */
function implied(name: (typeof lowest)[number]): number {
  return name === 'minLength' || name === 'minItems' ? 0 : -Infinity;
}

function fits(text: string, { minLength = 0, maxLength = Infinity, pattern }: Schema): boolean {
  return (
    text.length >= minLength &&
    text.length <= maxLength &&
    (pattern === undefined || new RegExp(pattern, 'u').test(text))
  );
}

function members(reader: Schema, writer: Schema, at: string): string[] {
  const written = writer.properties ?? {};
  const read = reader.properties ?? {};
  const missing = (reader.required ?? []).filter((name) => !writer.required?.includes(name));
  const known = Object.entries(written).flatMap(([name, schema]) => {
    const place = `${at}.${name}`;
    const own = read[name];
    return own ? refusals(own, schema, place) : beyond(reader.additionalProperties, schema, place);
  });
  return [
    ...missing.map((name) => `${at}.${name}: is required and may be absent`),
    ...known,
    ...entries(reader, writer, at),
  ];
}

/** A member that the reader does not name. */
function beyond(rest: Schema['additionalProperties'], written: Schema, at: string): string[] {
  if (rest === false) return [`${at}: is not known to a strict reader`];
  return typeof rest === 'object' ? refusals(rest, written, at) : [];
}

/** Records: names that nobody lists. */
function entries(reader: Schema, writer: Schema, at: string): string[] {
  if (typeof writer.additionalProperties !== 'object') return [];
  const names = reader.propertyNames
    ? refusals(reader.propertyNames, writer.propertyNames ?? { type: 'string' }, `${at}.(name)`)
    : [];
  return [...names, ...beyond(reader.additionalProperties, writer.additionalProperties, `${at}.*`)];
}

function elements(reader: Schema, writer: Schema, at: string): string[] {
  const read = reader.prefixItems ?? [];
  const written = writer.prefixItems ?? [];
  const length = Math.max(read.length, written.length, 0);
  const listed = Array.from(
    { length },
    (_, index) => [read[index] ?? reader.items, written[index] ?? writer.items, index] as const,
  );
  return [...listed, [reader.items, writer.items, '*'] as const].flatMap(([own, other, index]) =>
    typeof own === 'object' && typeof other === 'object' ? refusals(own, other, `${at}[${index}]`) : [],
  );
}

function said(schema: Schema): string {
  const own = valuesOf(schema);
  return own ? JSON.stringify(own) : (schema.type ?? 'something');
}
