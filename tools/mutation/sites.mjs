import ts from 'typescript';

/**
 * One obvious mistake in one place of a source file.
 * @typedef {object} Site
 * @property {number} start offset of what is replaced, in UTF-16 units
 * @property {number} end
 * @property {string} replacement
 * @property {string} mistake what kind it is
 * @property {number} line 1-based
 */

/** What each operator is taken for by mistake. */
const swapped = {
  '<': '<=',
  '<=': '<',
  '>': '>=',
  '>=': '>',
  '===': '!==',
  '!==': '===',
  '&&': '||',
  '||': '&&',
  '-': '+',
  '*': '/',
};

/** Calls whose loss changes what people read or how a process idles, and no promise. */
const unpromised = /\b(log|logger|#log)\b|\.unref\(\)|process\.std/;

/**
 * Every place of `source` where one mistake can be made: a condition negated, a comparison or connective swapped, a truth
 * value flipped, a small number one off, a call or a throw left out.
 * @returns {Site[]} in the order of the text
 */
export function sitesOf(source) {
  const file = ts.createSourceFile('source.ts', source, ts.ScriptTarget.Latest, true);
  const sites = [];
  const add = (node, replacement, mistake) => {
    const start = node.getStart(file);
    const line = file.getLineAndCharacterOfPosition(start).line + 1;
    sites.push({ start, end: node.getEnd(), replacement, mistake, line });
  };
  const visit = (node) => {
    if (isOutside(node)) return;
    for (const [replacement, mistake] of mistakesAt(node, file)) add(...replacement, mistake);
    ts.forEachChild(node, visit);
  };
  visit(file);
  return sites.sort((a, b) => a.start - b.start);
}

/** Types, imports and decorators say nothing at run time that a promise rests on. */
function isOutside(node) {
  return ts.isTypeNode(node) || ts.isImportDeclaration(node) || ts.isDecorator(node) || ts.isInterfaceDeclaration(node);
}

function mistakesAt(node, file) {
  if (ts.isIfStatement(node)) return [[[node.expression, `!(${node.expression.getText(file)})`], 'condition negated']];
  if (ts.isConditionalExpression(node))
    return [[[node.condition, `!(${node.condition.getText(file)})`], 'condition negated']];
  if (ts.isBinaryExpression(node)) return operatorMistakes(node.operatorToken, file);
  if (node.kind === ts.SyntaxKind.TrueKeyword) return [[[node, 'false'], 'truth flipped']];
  if (node.kind === ts.SyntaxKind.FalseKeyword) return [[[node, 'true'], 'truth flipped']];
  if (ts.isNumericLiteral(node)) return numberMistakes(node);
  if (ts.isThrowStatement(node)) return [[[node, ';'], 'throw left out']];
  return isCall(node, file) ? [[[node, ';'], 'call left out']] : [];
}

function operatorMistakes(token, file) {
  const other = swapped[token.getText(file)];
  return other === undefined ? [] : [[[token, other], 'operator swapped']];
}

/** Small numbers are indexes, counts and ranks; large ones are sizes and times, where one more means nothing. */
function numberMistakes(node) {
  const value = Number(node.text);
  return value <= 2 ? [[[node, String(value + 1)], 'one off']] : [];
}

function isCall(node, file) {
  if (!ts.isExpressionStatement(node)) return false;
  const { expression } = node;
  const call = ts.isAwaitExpression(expression) ? expression.expression : expression;
  if (!ts.isCallExpression(call) || call.expression.kind === ts.SyntaxKind.SuperKeyword) return false;
  return !unpromised.test(call.getText(file));
}

/** The file with the mistake in it. */
export function mutate(source, { start, end, replacement }) {
  return source.slice(0, start) + replacement + source.slice(end);
}
