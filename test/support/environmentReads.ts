import { readFileSync } from 'node:fs';
import ts from 'typescript';

export interface EnvironmentRead {
  /** `agent/main.ts:12`. */
  readonly place: string;
  /** Undefined: the name is reckoned at run time. */
  readonly name: string | undefined;
}

const environments = new Set(['env', 'environment']);

/** Where a file takes a variable out of the environment, or out of an object that is named for it. */
export function environmentReads(path: string, shownAs: string): EnvironmentRead[] {
  const text = readFileSync(path, 'utf8');
  if (path.endsWith('.ts')) return readsOfProgram(text, shownAs);
  const variables = text.matchAll(/\$(?:\{|env:)?([A-Z][A-Za-z0-9]*(?:_[A-Z0-9]+)+)/g);
  return [...variables].map(({ 1: name, index }) => ({
    place: `${shownAs}:${String(text.slice(0, index).split('\n').length)}`,
    name,
  }));
}

function readsOfProgram(text: string, shownAs: string): EnvironmentRead[] {
  if (!/\benv(?:ironment)?\b/.test(text)) return [];
  const reads: EnvironmentRead[] = [];
  const source = ts.createSourceFile(shownAs, text, ts.ScriptTarget.Latest, true);
  const visit = (node: ts.Node): void => {
    const line = source.getLineAndCharacterOfPosition(node.getStart()).line + 1;
    for (const name of namesReadBy(node)) reads.push({ place: `${shownAs}:${String(line)}`, name });
    ts.forEachChild(node, visit);
  };
  visit(source);
  return reads;
}

function namesReadBy(node: ts.Node): (string | undefined)[] {
  if (ts.isElementAccessExpression(node) && isEnvironment(node.expression)) {
    const { argumentExpression: name } = node;
    return [ts.isStringLiteralLike(name) ? name.text : undefined];
  }
  if (ts.isPropertyAccessExpression(node) && isEnvironment(node.expression)) {
    return /^[A-Z]/.test(node.name.text) ? [node.name.text] : [];
  }
  if (ts.isVariableDeclaration(node) && node.initializer !== undefined && isEnvironment(node.initializer)) {
    return ts.isObjectBindingPattern(node.name) ? node.name.elements.map(nameOfElement) : [];
  }
  return [];
}

function nameOfElement({ name, propertyName }: ts.BindingElement): string | undefined {
  const key = propertyName ?? name;
  return ts.isIdentifier(key) || ts.isStringLiteralLike(key) ? key.text : undefined;
}

function isEnvironment(node: ts.Expression): boolean {
  if (ts.isIdentifier(node)) return environments.has(node.text);
  return ts.isPropertyAccessExpression(node) && environments.has(node.name.text);
}
