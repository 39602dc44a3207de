import { readFileSync } from 'node:fs';
import ts from 'typescript';

/** What the comments of a file say of the settings in it, by name. A comment stands for those that follow without one. */
export function settingDocs(file: string): Map<string, string> {
  const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true);
  const docs = new Map<string, string>();
  const visit = (node: ts.Node): void => {
    if (ts.isObjectLiteralExpression(node)) collect(node, docs);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return docs;
}

function collect(literal: ts.ObjectLiteralExpression, docs: Map<string, string>): void {
  let latest = '';
  for (const property of literal.properties) {
    const name = property.name?.getText() ?? '';
    if (!/^[A-Z][A-Z0-9_]+$/.test(name)) continue;
    latest = commentOf(property) ?? latest;
    if (latest || !docs.has(name)) docs.set(name, latest);
  }
}

function commentOf(property: ts.Node): string | undefined {
  const [comment] = ts.getJSDocCommentsAndTags(property);
  const text = comment && ts.getTextOfJSDocComment((comment as ts.JSDoc).comment);
  return text?.replaceAll(/\s*\n\s*/g, ' ').trim();
}
