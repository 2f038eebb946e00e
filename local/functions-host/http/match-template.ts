import type { RouteParameter, RouteSegment, RouteTemplate } from './route-template.ts';

export type RouteParameters = Record<string, string>;

/** The path of a request: segments decoded, and the same in lower case for literals. */
export interface PathSegments {
  readonly values: readonly string[];
  readonly lowerCased: readonly string[];
}

/** The parameters of a path that fits the template, as strings; an optional one that is absent is missing. */
export function matchTemplate(template: RouteTemplate, path: PathSegments): RouteParameters | undefined {
  const parameters: RouteParameters = {};
  const { segments } = template;
  const given = path.values.length;
  if (given < template.leastSegments) return undefined;
  for (let index = 0; index < segments.length; index += 1) {
    const segment = segments[index];
    if (segment === undefined) return undefined;
    if (segment.kind === 'rest') {
      const rest = path.values.slice(index).join('/');
      return take(segment, index < given ? rest : undefined, parameters) ? parameters : undefined;
    }
    if (!matchSegment(segment, path, index, parameters)) return undefined;
  }
  return given <= segments.length ? parameters : undefined;
}

function matchSegment(
  segment: RouteSegment,
  path: PathSegments,
  index: number,
  parameters: RouteParameters,
): boolean {
  if (segment.kind === 'literal') return path.lowerCased[index] === segment.lowerCased;
  const value = path.values[index];
  if (segment.kind !== 'mixed') return take(segment, value, parameters);
  const found = value === undefined ? null : segment.pattern.exec(value);
  return found !== null && segment.parameters.every((one, at) => take(one, found[at + 1], parameters));
}

function take(parameter: RouteParameter, given: string | undefined, parameters: RouteParameters): boolean {
  const value = given ?? parameter.defaultValue;
  if (value === undefined) return parameter.isOptional || parameter.kind === 'rest';
  for (const isAcceptable of parameter.constraints) {
    if (!isAcceptable(value)) return false;
  }
  parameters[parameter.name] = value;
  return true;
}
