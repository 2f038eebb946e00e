import { matchTemplate } from './match-template.ts';
import type { PathSegments, RouteParameters } from './match-template.ts';
import { compileTemplate } from './route-template.ts';
import type { RouteTemplate } from './route-template.ts';

export interface Routed {
  readonly name: string;
  readonly route: string;
  readonly methods: readonly string[];
}

export interface RouteMatch<Target> {
  readonly target: Target;
  readonly parameters: RouteParameters;
}

interface Entry<Target> {
  readonly order: number;
  readonly template: RouteTemplate;
  readonly target: Target;
}

/** Routes of one method, arranged by segment so that a look-up touches only those whose shape fits. */
interface Branch<Target> {
  readonly literals: Map<string, Branch<Target>>;
  any: Branch<Target> | undefined;
  readonly ends: Array<Entry<Target>>;
  readonly rests: Array<Entry<Target>>;
}

/**
 * Routes of an app as Azure's host tries them: in the order of function names (case ignored), not by specificity;
 * method and template must both fit, so that a wrong method is as unknown as a wrong path.
 */
export class RouteTable<Target extends Routed> {
  readonly #byMethod = new Map<string, Branch<Target>>();

  /** Throws for reserved routes, for templates that cannot be compiled and for a route that two functions claim. */
  constructor(targets: readonly Target[], routePrefix: string) {
    const sorted = [...targets].sort((a, b) => compareNames(a.name, b.name));
    refuseSharedRoutes(sorted, routePrefix);
    sorted.forEach((target, order) => {
      const template = compileRoute(target, routePrefix);
      for (const method of target.methods) this.#add(method.toUpperCase(), { order, template, target });
    });
  }

  find(method: string, path: PathSegments): RouteMatch<Target> | undefined {
    const root = this.#byMethod.get(method);
    if (root === undefined || isReserved(path)) return undefined;
    const candidates: Array<Entry<Target>> = [];
    collect(root, path.lowerCased, 0, candidates);
    if (candidates.length > 1) candidates.sort((a, b) => a.order - b.order);
    for (const { template, target } of candidates) {
      const parameters = matchTemplate(template, path);
      if (parameters !== undefined) return { target, parameters };
    }
    return undefined;
  }

  #add(method: string, entry: Entry<Target>): void {
    let branch = this.#byMethod.get(method);
    if (branch === undefined) {
      branch = newBranch();
      this.#byMethod.set(method, branch);
    }
    const { segments, leastSegments } = entry.template;
    for (const [index, segment] of segments.entries()) {
      if (index >= leastSegments) branch.ends.push(entry);
      if (segment.kind === 'rest') {
        branch.rests.push(entry);
        return;
      }
      branch = descend(branch, segment.kind === 'literal' ? segment.lowerCased : undefined);
    }
    branch.ends.push(entry);
  }
}

/** Azure's own host answers there, whatever an app's catch-all may claim. */
function isReserved({ lowerCased: [first] }: PathSegments): boolean {
  return first === 'admin' || first === 'runtime';
}

function newBranch<Target>(): Branch<Target> {
  return { literals: new Map(), any: undefined, ends: [], rests: [] };
}

function descend<Target>(branch: Branch<Target>, literal: string | undefined): Branch<Target> {
  if (literal === undefined) return (branch.any ??= newBranch());
  const present = branch.literals.get(literal);
  if (present !== undefined) return present;
  const created = newBranch<Target>();
  branch.literals.set(literal, created);
  return created;
}

function collect<Target>(
  branch: Branch<Target>,
  segments: readonly string[],
  depth: number,
  into: Array<Entry<Target>>,
): void {
  const segment = segments[depth];
  if (segment === undefined) {
    into.push(...branch.ends);
    return;
  }
  // An empty segment (a doubled slash) fits nothing, not even the beginning of a rest.
  if (segment === '') return;
  const literal = branch.literals.get(segment);
  if (literal !== undefined) collect(literal, segments, depth + 1, into);
  if (branch.any !== undefined) collect(branch.any, segments, depth + 1, into);
  into.push(...branch.rests);
}

function compareNames(a: string, b: string): number {
  const left = a.toLowerCase();
  const right = b.toLowerCase();
  return left < right ? -1 : left > right ? 1 : 0;
}

function compileRoute(target: Routed, routePrefix: string): RouteTemplate {
  const reserved = /^\/*(admin|runtime)/i.exec(target.route);
  if (reserved !== null) {
    throw new Error(
      `Function "${target.name}" has the route '${target.route}': routes beginning with ${reserved[1] ?? ''} belong to Azure's host.`,
    );
  }
  const prefix = routePrefix.replace(/^\/+|\/+$/g, '');
  const route = target.route.replace(/^\/+/, '');
  try {
    return compileTemplate(prefix === '' ? route : `${prefix}/${route}`);
  } catch (error) {
    throw new Error(`Function "${target.name}": ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  }
}

function refuseSharedRoutes(targets: readonly Routed[], routePrefix: string): void {
  const owners = new Map<string, string>();
  for (const target of targets) {
    for (const method of target.methods) {
      const key = `${method.toUpperCase()} /${routePrefix}/${target.route.toLowerCase()}`;
      const owner = owners.get(key);
      if (owner !== undefined) {
        throw new Error(`Functions "${owner}" and "${target.name}" have the same route and method: ${key}.`);
      }
      owners.set(key, target.name);
    }
  }
}
