import type { RegisteredFunction } from '../function-app.ts';
import type { AccessKeys, AuthLevel } from './access-key.ts';
import type { Routed } from './route-table.ts';

export interface HttpFunction extends Routed {
  readonly kind: 'http';
  readonly authLevel: AuthLevel;
  readonly bindingName: string;
  readonly registered: RegisteredFunction;
}

const authLevels: readonly string[] = ['anonymous', 'function', 'admin'];

/** Reads an HTTP trigger. A function without a route answers under its own name. Throws for a level that no configured key could open. */
export function readHttpFunction(
  registered: RegisteredFunction,
  bindingName: string,
  keys: AccessKeys,
): HttpFunction {
  const { name, bindings } = registered.metadata;
  const trigger = bindings[bindingName] ?? {};
  const { authLevel, methods, route } = trigger as { authLevel?: string; methods?: string[]; route?: string };
  return {
    kind: 'http',
    name,
    route: route === undefined || route === '' ? name : route,
    methods: methods ?? ['GET', 'POST'],
    authLevel: checkedLevel(name, authLevel ?? 'anonymous', keys),
    bindingName,
    registered,
  };
}

function checkedLevel(name: string, authLevel: string, keys: AccessKeys): AuthLevel {
  if (!authLevels.includes(authLevel)) {
    throw new Error(
      `Function "${name}" has authLevel '${authLevel}'; wanted is one of ${authLevels.join(', ')}.`,
    );
  }
  const level = authLevel as AuthLevel;
  const isClosed =
    level !== 'anonymous' && keys.admin === undefined && (level === 'admin' || keys.function === undefined);
  if (isClosed) {
    throw new Error(`Function "${name}" has authLevel '${level}', but this host was given no ${level} key.`);
  }
  return level;
}
