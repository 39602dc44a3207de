import { beforeAll, describe, expect, test } from '@jest/globals';
import ts from 'typescript';
import type { z } from 'zod';
import { shapeOf, type ObjectShape, type Shape } from '../reading/shape.ts';
import { listedRequests } from './members-page.ts';

/** Types of the installed SDKs by the endpoint whose requests they are. */
const sdkTypes = {
  '/v1/chat/completions': [
    `import('openai/resources/chat/completions').ChatCompletionCreateParamsNonStreaming`,
    `import('openai/resources/chat/completions').ChatCompletionCreateParamsStreaming`,
  ],
  '/v1/completions': [`import('openai/resources/completions').CompletionCreateParamsNonStreaming`],
  '/v1/embeddings': [`import('openai/resources/embeddings').EmbeddingCreateParams`],
  '/v1/responses': [`import('openai/resources/responses/responses').ResponseCreateParamsNonStreaming`],
  '/v1/messages': [
    `import('@anthropic-ai/sdk/resources/messages').MessageCreateParamsNonStreaming`,
    `import('@anthropic-ai/sdk/resources/beta/messages').MessageCreateParamsNonStreaming`,
  ],
  '/v1/messages/count_tokens': [`import('@anthropic-ai/sdk/resources/messages').MessageCountTokensParams`],
};

/**
 * Kinds of content that a role does not have though its type allows them, and those that need something kept, a tool of a provider's own, or a server: they are refused as unknown, and
 * tools are left out.
 */
const unknownKinds =
  /^(document|image|redacted_thinking|search_result|thinking|tool_result|tool_use|compaction|computer|configuration_update|container_upload|content|file|item_reference|mid_conv|program|server_tool|tool_addition|tool_removal|url|web_|code_|bash_code|text_editor_code|tool_search|mcp|advisor|fallback|browser_|additional_tools|agent|multi_agent|image_generation_call|file_search_call|shell_call|local_shell_call|apply_patch_call|custom_tool_call|automatic|encrypted|context_compaction|steering)/;

let checker: ts.TypeChecker;
let roots: Record<string, ts.Type[]>;

beforeAll(() => {
  const file = new URL('./sdk-types.virtual.ts', import.meta.url).pathname;
  const names = Object.entries(sdkTypes).flatMap(([path, types]) =>
    types.map((type, index) => ({ path, type, name: `T${path.replaceAll(/\W/g, '_')}${index}` })),
  );
  const text = names.map(({ name, type }) => `export type ${name} = ${type};`).join('\n');
  const options: ts.CompilerOptions = {
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    target: ts.ScriptTarget.ES2023,
    strict: true,
    skipLibCheck: true,
    types: ['node'],
  };
  const host = ts.createCompilerHost(options);
  const real = { ...host };
  host.getSourceFile = (name, ...rest) =>
    name === file ? ts.createSourceFile(name, text, ts.ScriptTarget.ES2023) : real.getSourceFile(name, ...rest);
  host.fileExists = (name) => name === file || real.fileExists(name);
  host.readFile = (name) => (name === file ? text : real.readFile(name));
  const program = ts.createProgram([file], options, host);
  checker = program.getTypeChecker();
  const exported = checker.getExportsOfModule(checker.getSymbolAtLocation(program.getSourceFile(file)!)!);
  roots = {};
  for (const { path, name } of names) {
    const symbol = exported.find((each) => each.name === name)!;
    (roots[path] ??= []).push(checker.getDeclaredTypeOfSymbol(symbol));
  }
}, 60_000);

/** The members that a type has and no form of a schema lists, by path. */
function missing(type: ts.Type, shapes: readonly Shape[], path: string, seen: ReadonlySet<ts.Type>): string[] {
  if (type.isUnion()) return type.types.flatMap((each) => missing(each, shapes, path, seen));
  if (checker.isArrayType(type)) return missingElements(type, shapes, path, seen);
  if (!hasMembers(type) || seen.has(type)) return [];
  const forms = shapes.flatMap((shape) => formsOf(type, shape));
  if (forms.length === 0) return isKnownKind(type) ? [] : [`${path} (${kindOf(type).join(', ')})`];
  if (forms.some(({ isLeftOut }) => isLeftOut)) return [];
  return type.getProperties().flatMap((property) => missingMember(property, forms, path, new Set([...seen, type])));
}

function missingMember(property: ts.Symbol, forms: readonly ObjectShape[], path: string, seen: ReadonlySet<ts.Type>) {
  const fields = forms.flatMap(({ fields }) => fields.get(property.name) ?? []);
  const at = `${path}.${property.name}`;
  if (fields.length === 0) return [at];
  const inner = fields.map(({ shape }) => shape);
  return isOwned(inner) ? [] : missing(checker.getTypeOfSymbol(property), inner, at, seen);
}

const isOwned = (shapes: readonly Shape[]) => shapes.some(({ kind }) => kind === 'owned');
const hasMembers = (type: ts.Type) => (type.flags & ts.TypeFlags.Object) !== 0 && !type.getStringIndexType();

function missingElements(type: ts.Type, shapes: readonly Shape[], path: string, seen: ReadonlySet<ts.Type>): string[] {
  const element = checker.getTypeArguments(type as ts.TypeReference)[0];
  const lists = shapes.flatMap((shape) =>
    shape.kind === 'choice' ? shape.arrays : shape.kind === 'array' ? [shape] : [],
  );
  if (!element || lists.length === 0 || isOwned(lists.map((list) => list.element))) return [];
  return missing(
    element,
    lists.map((list) => list.element),
    `${path}[]`,
    seen,
  );
}

/** The forms that a value of a type may have. */
function formsOf(type: ts.Type, shape: Shape): ObjectShape[] {
  const objects = shape.kind === 'object' ? [shape] : shape.kind === 'choice' ? shape.objects : [];
  return objects.filter(({ tags }) =>
    [...tags].every(([name, values]) => tagValues(type, name).some((value) => values.has(value))),
  );
}

function tagValues(type: ts.Type, name: string): unknown[] {
  const property = type.getProperty(name);
  if (!property) return [undefined];
  const of = checker.getTypeOfSymbol(property);
  return (of.isUnion() ? of.types : [of]).map((each) => (each.isStringLiteral() ? each.value : undefined));
}

const kindOf = (type: ts.Type) =>
  ['type', 'role'].flatMap((name) => tagValues(type, name)).filter((value) => typeof value === 'string');
const isKnownKind = (type: ts.Type) => kindOf(type).some((kind) => unknownKinds.test(kind));

describe.each(Object.keys(sdkTypes))('%s', (path) => {
  test('lists every member that the installed SDK can send', () => {
    const shape = shapeOf(listedRequests[path] as z.ZodObject);
    const found = roots[path]!.flatMap((type) => missing(type, [shape], '', new Set()));
    expect([...new Set(found)].sort()).toEqual([]);
  });
});
