import { escapeHtml } from './escape-html.ts';

/** A page that says what went wrong and where to go on. */
export interface ErrorPage {
  title: string;
  detail: string;
  /** Where the person can go from here; absent: the start page. */
  next?: { href: string; label: string };
}

/** Renders an error page; every part is escaped. It loads the console's own stylesheet and nothing else. */
export function errorPage({ title, detail, next = { href: '/', label: 'To the start page' } }: ErrorPage): string {
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <title>${escapeHtml(title)} · ORGN Gateway</title>
    <link rel="stylesheet" href="/style.css" />
  </head>
  <body>
    <main>
      <h1>${escapeHtml(title)}</h1>
      <p>${escapeHtml(detail)}</p>
      <p><a href="${escapeHtml(next.href)}">${escapeHtml(next.label)}</a></p>
    </main>
  </body>
</html>
`;
}
