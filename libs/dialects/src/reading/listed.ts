import { z } from 'zod';

const droppedFields = new WeakMap<z.ZodType, (value: unknown) => boolean>();
const leftOutForms = new WeakSet<z.ZodType>();
const openLists = new WeakSet<z.ZodType>();
const nullValues = new WeakSet<z.ZodType>();
const emptiable = new WeakSet<z.ZodType>();

/**
 * A member that callers send and whose absence changes no meaning. The edge cuts it out of the bytes and names it in
 * `x-ollm-dropped`; whoever parses after that refuses it, so that nothing of it reaches a provider.
 * @param isHarmless tells values whose absence does change something: they are refused
 * @param reason completes "<field> must be left out: ..." for those
 */
export function dropped(isHarmless: (value: unknown) => boolean = () => true, reason?: string) {
  const message = reason === undefined ? 'must be left out' : `must be left out: ${reason}`;
  const field = z.custom<undefined>((value) => value === undefined, message).optional();
  droppedFields.set(field, isHarmless);
  return field;
}

/**
 * A form of a list's element that is offered and not demanded, such as a tool that nobody here can run: the edge cuts the
 * element out of the list and names it in `x-ollm-dropped`, and whoever parses after that refuses it.
 * @param types values of the element's `type`
 */
export function leftOut<const T extends readonly [string, ...string[]]>(types: T) {
  const form = z
    .looseObject({ type: z.enum(types) })
    .refine(() => false, { error: 'must be that of a tool that the caller runs', path: ['type'] });
  leftOutForms.add(form);
  return form;
}

/** A list whose elements of an unknown `type` are left out like those of `leftOut`, for lists that only offer things. */
export function offers<T extends z.ZodType>(list: T): T {
  openLists.add(list);
  return list;
}

/** A member whose null says something else than its absence. Everywhere else both say the same. */
export function nullMeans<T extends z.ZodType>(field: T): T {
  nullValues.add(field);
  return field;
}

/** A list that says as much when it is empty as when it is absent. */
export function emptyIsAbsent<T extends z.ZodType>(list: T): T {
  emptiable.add(list);
  return list;
}

/** When a member is dropped; undefined for one that is used or refused. */
export const droppedWhen = (schema: z.ZodType) => droppedFields.get(schema);
export const isLeftOut = (schema: z.ZodType) => leftOutForms.has(schema);
export const isOffer = (schema: z.ZodType) => openLists.has(schema);
export const isNullMeant = (schema: z.ZodType) => nullValues.has(schema);
export const isEmptiable = (schema: z.ZodType) => emptiable.has(schema);
