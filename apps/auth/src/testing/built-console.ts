import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';

const page = `<!doctype html>
<html lang="en">
  <head>
    <title>ORGN Gateway</title>
    <link rel="icon" href="/icon.svg" />
    <link rel="stylesheet" href="/style.css" />
    <script type="module" src="/assets/index-0a1b2c3d.js"></script>
  </head>
  <body><div id="console"></div></body>
</html>
`;

const files: Record<string, string> = {
  'index.html': page,
  'icon.svg': '<svg xmlns="http://www.w3.org/2000/svg" />',
  'style.css': 'body { margin: 0 }',
  'assets/index-0a1b2c3d.js': `console.log(${JSON.stringify('x'.repeat(2_000))});`,
  'pages.json': JSON.stringify(['/', '/teams/:teamId/keys', '/profile', '/invitations/accept']),
};

let directory: string | undefined;

/** A directory as the build of the console leaves it, small: the same for all of a process. */
export function builtConsole(): string {
  if (directory !== undefined) return directory;
  const made = mkdtempSync(join(tmpdir(), 'orgn-console-'));
  mkdirSync(join(made, 'assets'));
  for (const [name, text] of Object.entries(files)) {
    writeFileSync(join(made, name), text);
    if (name.endsWith('.json')) continue;
    writeFileSync(join(made, `${name}.br`), brotliCompressSync(text));
    writeFileSync(join(made, `${name}.gz`), gzipSync(text));
  }
  directory = made;
  return made;
}
