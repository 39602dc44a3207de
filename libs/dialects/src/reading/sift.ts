import { ServiceError } from '@orgn/contracts';
import { cutAt, newCut, type Cut } from './cut.ts';
import { DroppedNames, toPath, type Step } from './dropped-names.ts';
import { decidingNameNear } from './near-names.ts';
import type { ArrayShape, ChoiceShape, ObjectShape, Shape, ShapeField } from './shape.ts';

/** How members that no schema lists are met. */
export interface SiftPolicy {
  /** Unknown members are a 400 instead of being dropped. */
  isStrict: boolean;
  /** `cache_control` passes: the models that may answer keep prompts within what their operator promises. */
  keepsCacheMarks: boolean;
}

/** What was found in a request that is not passed on. */
export interface Sifted {
  cut: Cut;
  dropped: DroppedNames;
  /** Names that our schemas list, and how often each was dropped, for a metric: what callers invent is content. */
  known: Map<string, number>;
  /** How many members were dropped that no schema lists. */
  unknown: number;
}

const CACHE_MARK = 'cache_control';
/** Where a name that resembles a deciding one is refused, besides the top level. */
const GUARDED = new Set<Step>(['stream_options', 'tools', 'functions', 'provider']);

type Members = Record<string, unknown>;

/**
 * Goes through a parsed request along its schema and marks what does not go on: members whose value is null (which says
 * what absence says), listed hints, tools that nobody here can run, and members that no schema lists.
 * What is the caller's own is not looked into.
 * @throws ServiceError `unknown_parameter` for a name that may be meant for a member that decides, and for any unknown
 *   name under a strict policy
 */
export function sift(shape: Shape, value: unknown, policy: SiftPolicy): Sifted {
  const sifting = new Sifting(policy);
  sifting.visit(shape, value);
  return sifting.found;
}

class Sifting {
  readonly found: Sifted = { cut: newCut(), dropped: new DroppedNames(), known: new Map(), unknown: 0 };
  readonly #path: Step[] = [];

  constructor(private readonly policy: SiftPolicy) {}

  visit(shape: Shape, value: unknown): void {
    if (typeof value !== 'object' || value === null || shape.kind === 'owned') return;
    if (Array.isArray(value)) this.#visitElements(shape, value);
    else this.#visitMembers(objectOf(shape, value as Members), value as Members);
  }

  #visitElements(shape: Shape, elements: readonly unknown[]): void {
    const list = arrayOf(shape);
    if (!list) return;
    elements.forEach((element, index) => {
      this.#path.push(index);
      const leftOut = leftOutAs(list, element);
      if (leftOut) this.#leaveOut(leftOut);
      else this.visit(list.element, element);
      this.#path.pop();
    });
  }

  /** Nothing was made of it: it is content of an unknown kind, which the strict parse refuses with its own words. */
  #visitMembers(shape: ObjectShape | undefined, members: Members): void {
    if (!shape) return;
    for (const [name, value] of Object.entries(members)) {
      this.#path.push(name);
      this.#visitMember(shape, name, value);
      this.#path.pop();
    }
  }

  #visitMember(shape: ObjectShape, name: string, value: unknown): void {
    const field = shape.fields.get(name);
    if (value === null && !field?.isNullMeant) return this.#cut();
    if (name === CACHE_MARK && !(field && this.policy.keepsCacheMarks)) return this.#drop(name);
    if (field) return this.#visitField(field, name, value);
    this.#dropUnknown(shape, name);
  }

  #visitField(field: ShapeField, name: string, value: unknown): void {
    if (field.isDropped?.(value)) return this.#drop(name);
    this.visit(field.shape, value);
    if (field.isEmptiable && this.#isEmptied(value)) this.#cut();
  }

  #dropUnknown(shape: ObjectShape, name: string): void {
    const near = this.#nameNear(shape, name);
    if (near === name)
      throw this.#refusal('is not a parameter of this endpoint and would decide what is not asked for here.');
    if (near !== undefined) throw this.#refusal(`is not a parameter of this endpoint; did you mean "${near}"?`);
    if (this.policy.isStrict) throw this.#refusal('is not a parameter of this endpoint; remove it.');
    this.found.unknown += 1;
    this.#note();
  }

  /** Names of tools and of options of a stream decide as much as those of the request itself. */
  #nameNear(shape: ObjectShape, name: string): string | undefined {
    if (this.#path.length === 1) return decidingNameNear(name);
    const [top] = this.#path;
    return top !== undefined && GUARDED.has(top) ? decidingNameNear(name, shape.fields.keys()) : undefined;
  }

  #refusal(reason: string): ServiceError {
    const param = toPath(this.#path).slice(0, 128);
    return new ServiceError('unknown_parameter', `${param} ${reason}`, { param });
  }

  #drop(name: string): void {
    this.found.known.set(name, (this.found.known.get(name) ?? 0) + 1);
    this.#note();
  }

  #leaveOut({ type }: LeftOut): void {
    if (type !== undefined) return this.#drop(type);
    this.found.unknown += 1;
    this.#note();
  }

  #note(): void {
    this.found.dropped.add(this.#path);
    this.#cut();
  }

  #cut(): void {
    cutAt(this.found.cut, this.#path);
  }

  /** A list is empty, or everything in it was left out. */
  #isEmptied(value: unknown): boolean {
    if (!Array.isArray(value)) return false;
    let cut: Cut | undefined = this.found.cut;
    for (const step of this.#path) cut = cut?.within.get(step);
    return value.every((_, index) => cut?.within.get(index)?.isWhole);
  }
}

function objectOf(shape: Shape, members: Members): ObjectShape | undefined {
  if (shape.kind === 'object') return shape;
  return shape.kind === 'choice' ? matching(shape, members) : undefined;
}

function arrayOf(shape: Shape): ArrayShape | undefined {
  if (shape.kind === 'array') return shape;
  return shape.kind === 'choice' ? shape.arrays[0] : undefined;
}

/** The form that a value has, by what its `type` and `role` say; null says what absence says. */
function matching({ objects }: ChoiceShape, members: Members): ObjectShape | undefined {
  return objects.find((object) => [...object.tags].every(([name, values]) => values.has(members[name] ?? undefined)));
}

/** An element that is left out, and its kind where our schemas list it. */
interface LeftOut {
  type: string | undefined;
}

function leftOutAs(list: ArrayShape, element: unknown): LeftOut | undefined {
  const { element: shape } = list;
  if (!isMembers(element) || (shape.kind !== 'choice' && shape.kind !== 'object')) return undefined;
  const form = shape.kind === 'object' ? shape : matching(shape, element);
  return form ? leftOutForm(form, element) : unknownOffer(list, element);
}

const leftOutForm = ({ isLeftOut }: ObjectShape, { type }: Members): LeftOut | undefined =>
  isLeftOut ? { type: String(type) } : undefined;

const unknownOffer = ({ isOffer }: ArrayShape, { type }: Members): LeftOut | undefined =>
  isOffer && typeof type === 'string' ? { type: undefined } : undefined;

function isMembers(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
