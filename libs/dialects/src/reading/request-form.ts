import { parseRequest } from '@orgn/contracts';
import type { z } from 'zod';
import { splice } from '../json/splice.ts';
import { parseStrictJson } from '../json/strict-json.ts';
import { cutAt, cutEdits, cutValue } from './cut.ts';
import { shapeOf } from './shape.ts';
import { sift, type Sifted, type SiftPolicy } from './sift.ts';

/** A request as the edge reads it. */
export interface ReadRequest<R> extends Pick<Sifted, 'dropped' | 'known' | 'unknown'> {
  request: R;
  /** Its bytes without what is not passed on: a router that parses them strictly finds the same request. */
  body: Buffer;
}

/** How a deployment and a caller want requests to be read. */
export interface ReadPolicy {
  /** Unknown members are a 400 instead of being dropped. */
  isStrict: boolean;
  /** Whether marks of prompt caching pass to these models. */
  readonly cachesPrompts: (models: readonly string[]) => boolean;
}

/** How requests of one endpoint are read. */
export interface RequestForm<R> {
  /**
   * Reads strictly: what is not listed is refused. Routers read so, and see what a gateway made of the request.
   * @throws ServiceError `invalid_request`, `unknown_parameter` or the code of a refused member, naming the field
   */
  readonly parse: (body: Buffer) => R;
  /**
   * Reads as callers write: cuts what changes nothing, what nobody here can do and, unless the policy is strict, what is
   * not known.
   * @throws ServiceError as `parse` does, and `unknown_parameter` for a name that may be meant for one that decides
   */
  readonly read: (body: Buffer, policy: ReadPolicy) => ReadRequest<R>;
  /** Whether a parsed request marks parts of itself for a provider's cache. */
  marksCaching(body: Buffer, request: R): boolean;
}

const CACHE_MARK = Buffer.from('"cache_control"');
const unmarked: SiftPolicy = { isStrict: false, keepsCacheMarks: false };

interface Rules<R> {
  /** Refuses what is another endpoint's request, before its members are looked at. @throws ServiceError naming the way */
  foreign?: (value: Readonly<Record<string, unknown>>) => void;
  /** What a schema cannot say. @throws ServiceError naming the field */
  check?: (request: R) => void;
  /** Members of the top level that say nothing any more once the others are cut. */
  idle?: (value: Readonly<Record<string, unknown>>) => readonly string[];
}

/** Defines how requests of a schema are read. */
export function requestForm<S extends z.ZodObject>(
  schema: S,
  rules: Rules<z.output<S>> = {},
): RequestForm<z.output<S>> {
  const check = (value: unknown) => {
    const request = parseRequest(schema, value);
    rules.check?.(request);
    return request;
  };
  const valueOf = (body: Buffer) => {
    const value = parseStrictJson(body);
    rules.foreign?.(value);
    return value;
  };
  return {
    parse: (body) => check(valueOf(body)),
    read(body, { isStrict, cachesPrompts }) {
      const value = valueOf(body);
      const { cut, ...found } = sift(shapeOf(schema), value, {
        isStrict,
        keepsCacheMarks: cachesPrompts(modelsOf(value)),
      });
      cutValue(value, cut);
      for (const name of rules.idle?.(value) ?? []) {
        cutAt(cut, [name]);
        Reflect.deleteProperty(value, name);
      }
      return { request: check(value), body: splice(body, cutEdits(body, cut)), ...found };
    },
    marksCaching: (body, request) =>
      body.includes(CACHE_MARK) && sift(shapeOf(schema), request, unmarked).known.has('cache_control'),
  };
}

function modelsOf({ model, models }: Readonly<Record<string, unknown>>): string[] {
  const listed: unknown[] = Array.isArray(models) ? models : [];
  return [model, ...listed].filter((id) => typeof id === 'string');
}
