import type { ConsoleRoute } from '@orgn/console-api';
import { escapeHtml } from '../pages/escape-html.ts';

interface OpenApi {
  info: { title: string; description: string };
  paths: Record<string, Record<string, Operation>>;
}

interface Operation {
  summary: string;
  parameters: { name: string; in: string; required: boolean; schema: object }[];
  requestBody?: { content: Content };
  responses: Record<string, { description: string; content?: Content }>;
}

type Content = Record<string, { schema: object }>;

/** Renders the documentation as one page that needs neither scripts nor anything from elsewhere. */
export function toDocsPage(routes: readonly ConsoleRoute[], document: object): string {
  const { info, paths } = document as OpenApi;
  const byTag = Map.groupBy(routes, ({ tag }) => tag);
  const sections = [...byTag].map(([tag, group]) => {
    const operations = group.map((route) => {
      const operation = paths[route.path]?.[route.method.toLowerCase()];
      return operation ? toArticle(route, operation) : '';
    });
    return `<section><h2>${escapeHtml(tag)}</h2>${operations.join('')}</section>`;
  });
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <title>${escapeHtml(info.title)}</title>
    <link rel="stylesheet" href="/style.css" />
  </head>
  <body>
    <main>
      <h1>${escapeHtml(info.title)}</h1>
      <p class="lead">${escapeHtml(info.description)}</p>
      <p>For programs: <a href="/api/openapi.json">/api/openapi.json</a> (OpenAPI 3.1).</p>
      ${sections.join('\n      ')}
    </main>
  </body>
</html>
`;
}

function toArticle({ name, method, path, access }: ConsoleRoute, operation: Operation): string {
  const parts = [
    `<h3 id="${escapeHtml(name)}"><code>${method} ${escapeHtml(path)}</code></h3>`,
    `<p>${escapeHtml(operation.summary)}</p>`,
    `<p>${escapeHtml(toAccess(access))}</p>`,
    ...operation.parameters.map(
      ({ name: parameter, in: where, required, schema }) =>
        `<p><code>${escapeHtml(parameter)}</code> (${where}${required ? ', required' : ''})</p>${toSchema(schema)}`,
    ),
    ...toContent('Body', operation.requestBody?.content),
    ...Object.entries(operation.responses).flatMap(([status, { description, content }]) => [
      `<p><strong>${status}</strong> ${escapeHtml(description)}</p>`,
      ...(status.startsWith('2') ? toContent('Answer', content) : []),
    ]),
  ];
  return `<article>${parts.join('')}</article>`;
}

function toAccess({ who, action, isStepUp }: ConsoleRoute['access']): string {
  if (who === 'public') return 'Needs no sign-in.';
  const permission = action === undefined ? '' : ` and the permission ${action}`;
  return `Needs ${isStepUp ? 'a recent sign-in' : 'a sign-in'}${permission}.`;
}

function toContent(title: string, content: Content | undefined): string[] {
  return Object.values(content ?? {}).map(({ schema }) => `<p>${title}:</p>${toSchema(schema)}`);
}

function toSchema(schema: object): string {
  return `<pre><code>${escapeHtml(JSON.stringify(schema, null, 2))}</code></pre>`;
}
