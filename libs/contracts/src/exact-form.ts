import type { z } from 'zod';

/** What a look at a value tells, in the order in which one outweighs another. */
const EXACT = 0;
const UNSURE = 1;
const REFUSED = 2;
type Verdict = typeof EXACT | typeof UNSURE | typeof REFUSED;
type Look = (value: unknown) => Verdict;

/** As much of Zod's definitions as is looked at here. */
interface Definition {
  type: string;
  coerce?: boolean;
  checks?: readonly { _zod: { def: Check } }[];
  check?: string;
  shape?: Readonly<Record<string, z.ZodType>>;
  catchall?: z.ZodType;
  element?: z.ZodType;
  options?: readonly z.ZodType[];
  inclusive?: boolean;
  discriminator?: string;
  innerType?: z.ZodType;
  keyType?: z.ZodType;
  valueType?: z.ZodType;
  maxMembers?: number;
  values?: readonly unknown[];
  entries?: Readonly<Record<string, unknown>>;
  getter?: () => z.ZodType;
}

interface Check {
  check: string;
  minimum?: number;
  maximum?: number;
  pattern?: RegExp;
  format?: string;
  value?: number | bigint;
  inclusive?: boolean;
}

/** Formats of texts that are their pattern and nothing else. */
const plainFormats: ReadonlySet<string | undefined> = new Set(['regex', 'uuid', 'datetime']);

const looks = new WeakMap<z.ZodType, Look>();

/**
 * Whether a value is what its schema would answer, member for member, so that it need not be parsed: a schema costs as much
 * as the rest of a message. Where the schema says more than is understood here (it fills in, cuts, converts or has a check
 * of its own), or the value has a fault, the answer is no, and the schema decides.
 * @param value out of JSON
 */
export function isExactly<S extends z.ZodType>(schema: S, value: unknown): value is z.output<S> {
  return lookOf(schema)(value) === EXACT;
}

/** `safeParse` of a schema, by a look alone where the value has nothing to change. */
export function parseSafely<S extends z.ZodType>(
  schema: S,
  value: unknown,
  context?: z.core.ParseContext<z.core.$ZodIssue>,
): z.ZodSafeParseResult<z.output<S>> {
  return isExactly(schema, value) ? { success: true, data: value } : schema.safeParse(value, context);
}

function lookOf(schema: z.ZodType): Look {
  const known = looks.get(schema);
  if (known) return known;
  const definition = schema._zod.def as unknown as Definition;
  const look = (makers[definition.type] ?? unsure)(definition);
  looks.set(schema, look);
  return look;
}

/** Parts are made when they are first needed: schemas may hold themselves. */
function later(schema: z.ZodType): Look {
  let look: Look | undefined;
  return (value) => (look ??= lookOf(schema))(value);
}

const unsure = (): Look => () => UNSURE;
const when = (isSo: boolean): Verdict => (isSo ? EXACT : REFUSED);

const makers: Readonly<Record<string, (definition: Definition) => Look>> = {
  unknown: () => () => EXACT,
  never: () => () => REFUSED,
  null: () => (value) => when(value === null),
  string: textLook,
  number: numberLook,
  boolean: ({ coerce }) => (coerce ? unsure() : (value) => when(typeof value === 'boolean')),
  literal: ({ values = [] }) => oneOf(values),
  enum: ({ entries = {} }) => oneOf(Object.values(entries)),
  nullable: ({ innerType }) => (innerType ? unless(null, EXACT, later(innerType)) : unsure()),
  optional: optionalLook,
  default: ({ innerType }) => (innerType ? unless(undefined, UNSURE, later(innerType)) : unsure()),
  lazy: ({ getter }) => (getter ? later(getter()) : unsure()),
  array: listLook,
  record: recordLook,
  union: unionLook,
  object: objectLook,
};

function oneOf(values: readonly unknown[]): Look {
  const known = new Set(values);
  return (value) => when(known.has(value));
}

/** One value says by itself what is to be said of it. */
function unless(special: null | undefined, verdict: Verdict, inner: Look): Look {
  return (value) => (value === special ? verdict : inner(value));
}

/** What is within may fill in what is missing. */
function optionalLook({ innerType }: Definition): Look {
  if (!innerType) return unsure();
  const inner = later(innerType);
  return (innerType._zod.optin as string | undefined) === 'defaulted' ? inner : unless(undefined, EXACT, inner);
}

/** @returns undefined when one of the checks is not understood */
function checksOf<T>({ checks = [], check }: Definition, read: (check: Check) => ((value: T) => boolean) | undefined) {
  if (check !== undefined) return undefined;
  const understood = checks.map(({ _zod }) => read(_zod.def));
  return understood.every((one) => one !== undefined) ? understood : undefined;
}

function ofSize({
  check,
  minimum = 0,
  maximum = Infinity,
}: Check): ((value: { length: number }) => boolean) | undefined {
  if (check === 'min_length') return ({ length }) => length >= minimum;
  return check === 'max_length' ? ({ length }) => length <= maximum : undefined;
}

function ofText(check: Check): ((value: string) => boolean) | undefined {
  const { pattern } = check;
  if (check.check !== 'string_format') return ofSize(check);
  if (!pattern || pattern.global || pattern.sticky || !plainFormats.has(check.format)) return undefined;
  return (value) => pattern.test(value);
}

function ofNumber({ check, format, value: bound, inclusive }: Check): ((value: number) => boolean) | undefined {
  if (check === 'number_format' && format === 'safeint') return Number.isSafeInteger;
  if (typeof bound !== 'number') return undefined;
  if (check === 'greater_than') return (value) => value > bound || (inclusive === true && value === bound);
  if (check === 'less_than') return (value) => value < bound || (inclusive === true && value === bound);
  return undefined;
}

function textLook(definition: Definition): Look {
  // A format of its own, as `z.uuid()`, is its own check.
  const own = definition as unknown as Check;
  const isFormat = own.check === 'string_format';
  const first = isFormat ? ofText(own) : () => true;
  const rest = checksOf({ ...definition, check: undefined } as unknown as Definition, ofText);
  if (definition.coerce || !first || !rest) return unsure();
  return (value) => when(typeof value === 'string' && first(value) && rest.every((holds) => holds(value)));
}

function numberLook(definition: Definition): Look {
  const own = definition as unknown as Check;
  const first = own.check === 'number_format' ? ofNumber(own) : Number.isFinite;
  const rest = checksOf({ ...definition, check: undefined } as unknown as Definition, ofNumber);
  if (definition.coerce || !first || !rest) return unsure();
  return (value) => when(typeof value === 'number' && first(value) && rest.every((holds) => holds(value)));
}

function listLook(definition: Definition): Look {
  const sizes = checksOf<unknown[]>(definition, ofSize);
  if (!definition.element || !sizes) return unsure();
  const element = later(definition.element);
  return (value) => {
    if (!Array.isArray(value) || !sizes.every((holds) => holds(value))) return REFUSED;
    let verdict: Verdict = EXACT;
    for (const item of value) verdict = heavier(verdict, element(item));
    return verdict;
  };
}

const heavier = (one: Verdict, other: Verdict): Verdict => (one > other ? one : other);

/** Names are held to their form too. */
function recordLook(definition: Definition): Look {
  const { keyType, valueType, maxMembers = Infinity, checks = [] } = definition;
  if (!keyType || !valueType || checks.length > 0) return unsure();
  const [name, member] = [later(keyType), later(valueType)];
  return (value) => {
    if (!isObject(value)) return REFUSED;
    const keys = Object.keys(value);
    if (keys.length > maxMembers) return REFUSED;
    let verdict: Verdict = EXACT;
    for (const key of keys) verdict = heavier(verdict, heavier(nameVerdict(name, key), member(value[key])));
    return verdict;
  };
}

/** Zod may try a name as a number, and cuts the one that is no name. */
function nameVerdict(name: Look, key: string): Verdict {
  return key !== '__proto__' && name(key) === EXACT ? EXACT : UNSURE;
}

/** The first form that takes a value answers for all: one before it that may take it as well leaves it open. */
function unionLook({ options = [], inclusive, discriminator, checks = [] }: Definition): Look {
  // One that takes a value only if no other form does; where a member decides, no other one can.
  if ((inclusive === false && discriminator === undefined) || checks.length > 0) return unsure();
  const forms = options.map((option) => ({ mark: markOf(option, discriminator), look: later(option) }));
  return (value) => {
    for (const { mark, look } of forms) {
      if (mark && !(isObject(value) && mark(value[String(discriminator)]) !== REFUSED)) continue;
      const verdict = look(value);
      if (verdict !== REFUSED) return verdict;
    }
    return REFUSED;
  };
}

/** Looks at the member that tells forms apart, before a form of another kind walks all of a value in vain. */
function markOf(option: z.ZodType, discriminator: string | undefined): Look | undefined {
  const { shape } = option._zod.def as unknown as Definition;
  const mark = discriminator === undefined ? undefined : shape?.[discriminator];
  return mark && later(mark);
}

function objectLook({ shape = {}, catchall, checks = [] }: Definition): Look {
  const members = new Map(Object.entries(shape).map(([name, schema]) => [name, later(schema)]));
  const rest = catchall ? later(catchall) : unsure();
  const first: Verdict = checks.length > 0 ? UNSURE : EXACT;
  let needed: (readonly [name: string, missing: Verdict])[] | undefined;
  return (value) => {
    if (!isObject(value)) return REFUSED;
    needed ??= [...members]
      .map(([name, member]) => [name, member(undefined)] as const)
      .filter(([, missing]) => missing !== EXACT);
    let verdict: Verdict = first;
    for (const name in value) verdict = heavier(verdict, memberVerdict(members.get(name), rest, name, value[name]));
    if (verdict === REFUSED) return REFUSED;
    for (const [name, missing] of needed) if (!(name in value)) verdict = heavier(verdict, missing);
    return verdict;
  };
}

function memberVerdict(member: Look | undefined, rest: Look, name: string, value: unknown): Verdict {
  if (member) return member(value);
  return name === '__proto__' ? UNSURE : rest(value);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
