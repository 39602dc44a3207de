/** A name as readers decide by: types, roles, tools, models, media types, references of a schema. Never a path of a machine. */
const name = /^(?=.{1,64}$)[#A-Za-z0-9_.:$-]+(\/[A-Za-z0-9_.:$-]+)*$/;
/** Members whose value is said by a person, a model or a program: nothing of it is kept but its length. */
const spoken =
  /^(text|content|input|output|instructions|description|title|thinking|reasoning|reasoning_content|prompt|query|system)$/;
/** Members that say who or where the caller is, with all that is in them. */
const personal = /metadata|^(user|safety_identifier|prompt_cache_key|session_id|thread_id|container)$/;

/** Members that hold a made-up id; two of the same value stay the same. */
const ids = /^(id|call_id|tool_call_id|tool_use_id)$/;

/** In place of a member's name: nothing below is to be kept. */
const nothing = ' nothing';

/** Stands for what only the deployment that made it can open. */
export const sealedPlaceholder = '{{sealed}}';

/**
 * A request's body with everything said in it replaced: texts become `text (N)`, with N their length. What a reader decides by
 * stays: types, roles, names, ids of calls, numbers, flags, the form of tools and schemas.
 */
export function shapeOf(body) {
  const numbers = new Map();
  return said(body, '', (id) => {
    if (!numbers.has(id)) numbers.set(id, `${/^([a-z]+[-_])+/.exec(id)?.[0] ?? 'id_'}${numbers.size + 1}`);
    return numbers.get(id);
  });
}

function said(value, member, toId) {
  if (typeof value === 'string') return isKept(value, member) ? value : `text (${value.length})`;
  if (Array.isArray(value)) return value.map((item) => said(item, member, toId));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, memberShape({ key, value: inner, parent: member, toId })]),
  );
}

function memberShape({ key, value, parent, toId }) {
  if (typeof value === 'string') return textShape({ key, value, parent, toId });
  return said(value, isSaid(key, value, parent) ? nothing : key, toId);
}

function textShape({ key, value, parent, toId }) {
  if (key === 'encrypted_content') return sealedPlaceholder;
  if (key === 'arguments') return argumentsShape(value);
  if (ids.test(key) && value.length >= 16) return toId(value);
  return said(value, isSaid(key, value, parent) ? nothing : key, toId);
}

/** Whether nothing in it is to be kept: who the caller is, what a tool is called with, and all that is in such members. */
function isSaid(key, value, parent) {
  const isToolInput = key === 'input' && typeof value === 'object' && !Array.isArray(value);
  return parent === nothing || personal.test(key) || isToolInput;
}

/** Arguments of a call must stay JSON. */
function argumentsShape(text) {
  try {
    return JSON.stringify(said(JSON.parse(text), nothing, (id) => id));
  } catch {
    return `text (${text.length})`;
  }
}

function isKept(value, member) {
  if (value === '') return true;
  return name.test(value) && member !== nothing && !spoken.test(member) && !value.startsWith('sk-');
}

/** All paths that a shape has, without positions: two requests of the same paths are of the same kind. */
export function pathsOf(value, path = '') {
  if (Array.isArray(value)) return new Set(value.flatMap((item) => [...pathsOf(item, `${path}[]`)]));
  if (typeof value !== 'object' || value === null) return new Set([path]);
  return new Set(Object.entries(value).flatMap(([key, inner]) => [...pathsOf(inner, `${path}.${key}`)]));
}
