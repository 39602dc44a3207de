import { folderGraph, folderOf, importedFolder, pathBetween } from './folder-graph.mjs';

/** How long a graph is believed, so that one run reads each `src` about once and an editor still sees what changed. */
const GRAPH_MS = 5_000;

/** @type {Map<string, { graph: ReturnType<typeof folderGraph>, readAt: number }>} */
const graphs = new Map();

/**
 * No two folders of one `src` import each other, directly or through others: a request can then be followed through an
 * app in one direction. Forbids each import that lies on such a circle, and names the circle.
 *
 * @type {import('eslint').Rule.RuleModule}
 */
export const oneWayFolders = {
  meta: {
    type: 'problem',
    schema: [],
    messages: {
      circle: 'Folders import each other: {{circle}}. Move a file, or let the upper folder be handed what it needs.',
    },
  },
  create(context) {
    const src = srcOf(context.filename);
    const from = src && folderOf(src, context.filename);
    if (from === undefined) return {};
    const check = (source) => {
      if (typeof source?.value !== 'string') return;
      const to = importedFolder(src, context.filename, source.value);
      if (to === undefined || to === from) return;
      const back = pathBetween(graphOf(src), to, from);
      if (back) context.report({ node: source, messageId: 'circle', data: { circle: [from, ...back].join(' → ') } });
    };
    return {
      ImportDeclaration: (node) => check(node.source),
      ExportNamedDeclaration: (node) => check(node.source),
      ExportAllDeclaration: (node) => check(node.source),
      ImportExpression: (node) => check(node.source),
      TSImportType: (node) => check(node.source ?? node.argument?.literal),
    };
  },
};

function srcOf(path) {
  return /^(.*[\\/](?:apps|libs|tools)[\\/][^\\/]+[\\/]src)[\\/]/.exec(path)?.[1];
}

function graphOf(src) {
  const known = graphs.get(src);
  if (known && Date.now() - known.readAt < GRAPH_MS) return known.graph;
  const graph = folderGraph(src);
  graphs.set(src, { graph, readAt: Date.now() });
  return graph;
}
