import { compileConstraint } from './route-constraint.ts';
import type { RouteConstraint } from './route-constraint.ts';

export type RouteSegment =
  | { readonly kind: 'literal'; readonly lowerCased: string }
  | RouteParameter
  | { readonly kind: 'mixed'; readonly pattern: RegExp; readonly parameters: readonly RouteParameter[] };

export interface RouteParameter {
  readonly kind: 'parameter' | 'rest';
  readonly name: string;
  readonly constraints: readonly RouteConstraint[];
  readonly isOptional: boolean;
  readonly defaultValue: string | undefined;
}

export interface RouteTemplate {
  readonly text: string;
  readonly segments: readonly RouteSegment[];
  /** A path with fewer segments cannot match. */
  readonly leastSegments: number;
}

/**
 * Compiles a route template of ASP.NET Core: literals (compared without case), `{id}`, `{id:int:min(1)}`, `{id?}`,
 * `{id=5}`, segments that mix text and parameters, and `{*rest}` at the end.
 * Throws with the template and the place for whatever Azure's host would refuse too.
 */
export function compileTemplate(text: string): RouteTemplate {
  try {
    if (/^[~/]/.test(text)) throw new Error('it may not begin with / or ~');
    const segments = text === '' ? [] : splitSegments(text).map(compileSegment);
    checkOrder(segments);
    checkNames(segments);
    return { text, segments, leastSegments: countRequired(segments) };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`Route template '${text}' cannot be used: ${reason}`, { cause: error });
  }
}

/** Splits at slashes outside braces: a regular expression in a constraint may hold one. */
function splitSegments(text: string): string[] {
  const segments = [''];
  let depth = 0;
  for (const character of text) {
    if (character === '{') depth += 1;
    if (character === '}') depth -= 1;
    if (depth < 0) throw new Error('a } has no {');
    if (character === '/' && depth === 0) segments.push('');
    else segments.push((segments.pop() ?? '') + character);
  }
  if (depth !== 0) throw new Error('a { has no }');
  if (segments.at(-1) === '') segments.pop();
  if (segments.includes('')) throw new Error('it has an empty segment');
  return segments;
}

function compileSegment(text: string): RouteSegment {
  const pieces = splitPieces(text);
  const [first] = pieces;
  if (pieces.length === 1 && first !== undefined) {
    return first.isParameter
      ? compileParameter(first.text)
      : { kind: 'literal', lowerCased: first.text.toLowerCase() };
  }
  return compileMixed(pieces);
}

interface Piece {
  readonly isParameter: boolean;
  readonly text: string;
}

function splitPieces(segment: string): Piece[] {
  const pieces: Piece[] = [];
  let start = 0;
  let depth = 0;
  for (let at = 0; at < segment.length; at += 1) {
    if (segment[at] === '{') {
      if (depth === 0 && at > start) pieces.push({ isParameter: false, text: segment.slice(start, at) });
      if (depth === 0) start = at + 1;
      depth += 1;
    } else if (segment[at] === '}') {
      depth -= 1;
      if (depth === 0) pieces.push({ isParameter: true, text: segment.slice(start, at) });
      if (depth === 0) start = at + 1;
    }
  }
  if (start < segment.length) pieces.push({ isParameter: false, text: segment.slice(start) });
  return pieces;
}

function compileMixed(pieces: readonly Piece[]): RouteSegment {
  const parameters: RouteParameter[] = [];
  let pattern = '';
  pieces.forEach((piece, index) => {
    if (!piece.isParameter) {
      pattern += piece.text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
      return;
    }
    if (pieces[index - 1]?.isParameter === true) throw new Error('two parameters stand side by side');
    const parameter = compileParameter(piece.text);
    if (parameter.kind === 'rest') throw new Error('a rest parameter must be a segment of its own');
    if (parameter.isOptional) throw new Error(`{${parameter.name}?} must be a segment of its own here`);
    parameters.push(parameter);
    pattern += '(.+)';
  });
  return { kind: 'mixed', pattern: new RegExp(`^${pattern}$`, 'is'), parameters };
}

function compileParameter(text: string): RouteParameter {
  const head = /^(\*{0,2})(\w+)/.exec(text);
  if (head === null) throw new Error(`{${text}} has no name of letters, digits and _`);
  const [matched, stars = '', name = ''] = head;
  const { constraints, tail } = readConstraints(text.slice(matched.length));
  if (tail !== '' && tail !== '?' && !tail.startsWith('=')) throw new Error(`{${text}} ends in '${tail}'`);
  return {
    kind: stars === '' ? 'parameter' : 'rest',
    name,
    constraints: constraints.map(compileConstraint),
    isOptional: tail === '?',
    defaultValue: tail.startsWith('=') ? tail.slice(1) : undefined,
  };
}

/** `:name` and `:name(arguments)` one after the other; arguments end at a `)` that another part or the end follows. */
function readConstraints(text: string): { constraints: string[]; tail: string } {
  const constraints: string[] = [];
  let rest = text;
  for (;;) {
    const next = /^:(\w+(?:\([\s\S]*?\)(?=$|:|=|\?$))?)/.exec(rest);
    if (next?.[1] === undefined) return { constraints, tail: rest };
    constraints.push(next[1]);
    rest = rest.slice(next[0].length);
  }
}

function isDispensable(segment: RouteSegment): boolean {
  if (segment.kind === 'rest') return true;
  return segment.kind === 'parameter' && (segment.isOptional || segment.defaultValue !== undefined);
}

function countRequired(segments: readonly RouteSegment[]): number {
  return segments.findLastIndex((segment) => !isDispensable(segment)) + 1;
}

function checkOrder(segments: readonly RouteSegment[]): void {
  segments.forEach((segment, index) => {
    const isLast = index === segments.length - 1;
    if (segment.kind === 'rest' && !isLast) throw new Error(`{*${segment.name}} must be the last segment`);
    if (segment.kind === 'parameter' && segment.isOptional && !isLast) {
      throw new Error(`{${segment.name}?} must be the last segment`);
    }
  });
}

function checkNames(segments: readonly RouteSegment[]): void {
  const names = segments
    .flatMap((segment) =>
      segment.kind === 'literal' ? [] : segment.kind === 'mixed' ? segment.parameters : [segment],
    )
    .map(({ name }) => name.toLowerCase());
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new Error(`it names {${twice}} twice`);
}
