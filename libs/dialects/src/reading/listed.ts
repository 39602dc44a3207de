import { z } from 'zod';

const droppedFields = new WeakSet<z.ZodType>();
const leftOutForms = new WeakSet<z.ZodType>();

/**
 * A member that callers send and whose absence changes no meaning. The edge cuts it out of the bytes and names it in
 * `x-ollm-dropped`; whoever parses after that refuses it, so that nothing of it reaches a provider.
 */
export function dropped() {
  const field = z.custom<undefined>((value) => value === undefined, 'must be left out').optional();
  droppedFields.add(field);
  return field;
}

/** Whether a member's schema was made by `dropped`. */
export const isDropped = (schema: z.ZodType) => droppedFields.has(schema);

/**
 * A form of a list's element that is offered and not demanded, such as a tool that nobody here can run: the edge cuts the
 * element out of the list and names it in `x-ollm-dropped`.
 * @param types values of the element's `type`
 */
export function leftOut<const T extends readonly [string, ...string[]]>(types: T) {
  const form = z.looseObject({ type: z.enum(types) });
  leftOutForms.add(form);
  return form;
}

/** Whether an element's schema was made by `leftOut`. */
export const isLeftOut = (schema: z.ZodType) => leftOutForms.has(schema);
