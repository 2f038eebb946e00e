/** Says whether a path segment is acceptable for a parameter. */
export type RouteConstraint = (value: string) => boolean;

const int32 = { min: -2_147_483_648n, max: 2_147_483_647n };
const int64 = { min: -9_223_372_036_854_775_808n, max: 9_223_372_036_854_775_807n };

/** Constraints that take arguments, by name; each checks its own arguments when the route is compiled. */
const withArguments: Record<string, (args: string) => RouteConstraint> = {
  length: (args) => {
    const [least, most = least] = integers(args, 1, 2);
    return (value) => value.length >= (least ?? 0) && value.length <= (most ?? 0);
  },
  minlength: (args) => {
    const [least = 0] = integers(args, 1, 1);
    return (value) => value.length >= least;
  },
  maxlength: (args) => {
    const [most = 0] = integers(args, 1, 1);
    return (value) => value.length <= most;
  },
  min: (args) => {
    const [least = 0] = integers(args, 1, 1);
    return (value) => isInteger(value, int64) && integerOf(value) >= BigInt(least);
  },
  max: (args) => {
    const [most = 0] = integers(args, 1, 1);
    return (value) => isInteger(value, int64) && integerOf(value) <= BigInt(most);
  },
  range: (args) => {
    const [least = 0, most = 0] = integers(args, 2, 2);
    return (value) =>
      isInteger(value, int64) && integerOf(value) >= BigInt(least) && integerOf(value) <= BigInt(most);
  },
  regex: (args) => {
    // A brace within a template is written twice.
    const pattern = new RegExp(args.replaceAll('{{', '{').replaceAll('}}', '}'), 'i');
    return (value) => pattern.test(value);
  },
};

const withoutArguments: Record<string, RouteConstraint> = {
  int: (value) => isInteger(value, int32),
  long: (value) => isInteger(value, int64),
  bool: (value) => /^\s*(true|false)\s*$/i.test(value),
  alpha: (value) => /^[a-z]*$/i.test(value),
  guid: isGuid,
  decimal: (value) => /^[-+]?(\d[\d,]*\.?\d*|\.\d+)$/.test(value.trim()),
  double: isFloatingPoint,
  float: isFloatingPoint,
  datetime: (value) => !Number.isNaN(Date.parse(value)),
  required: (value) => value.length > 0,
};

/**
 * Compiles `name` or `name(arguments)` of a route template, as ASP.NET Core names them.
 * Throws for an unknown name and for arguments that the constraint cannot use.
 */
export function compileConstraint(text: string): RouteConstraint {
  const parts = /^(\w+)(?:\(([\s\S]*)\))?$/.exec(text);
  const name = parts?.[1]?.toLowerCase() ?? '';
  const args = parts?.[2];
  const compiled = args === undefined ? withoutArguments[name] : withArguments[name]?.(args);
  if (compiled === undefined) {
    const known = [...Object.keys(withoutArguments), ...Object.keys(withArguments).map((key) => `${key}(…)`)];
    throw new Error(`'${text}' is no route constraint; wanted is one of ${known.join(', ')}.`);
  }
  return compiled;
}

function integers(args: string, least: number, most: number): number[] {
  const values = args.split(',').map((part) => Number(part.trim()));
  if (values.length < least || values.length > most || !values.every(Number.isInteger)) {
    throw new Error(
      `'(${args})' are no arguments of a route constraint; wanted are ${least} to ${most} integers.`,
    );
  }
  return values;
}

function isInteger(value: string, bounds: { min: bigint; max: bigint }): boolean {
  if (!/^\s*[-+]?\d{1,30}\s*$/.test(value)) return false;
  const number = integerOf(value);
  return number >= bounds.min && number <= bounds.max;
}

function integerOf(value: string): bigint {
  return BigInt(value.trim().replace(/^\+/, ''));
}

function isFloatingPoint(value: string): boolean {
  return /^[-+]?(\d[\d,]*\.?\d*|\.\d+)(e[-+]?\d+)?$|^[-+]?(infinity|∞)$|^nan$/i.test(value.trim());
}

/** The forms N, D, B and P of .NET's Guid; X is not taken, nobody writes it into a path. */
function isGuid(value: string): boolean {
  const text = value.trim();
  const bare = /^\{.*\}$|^\(.*\)$/.test(text) ? text.slice(1, -1) : text;
  return (
    /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i.test(bare) ||
    (bare === text && /^[0-9a-f]{32}$/i.test(bare))
  );
}
