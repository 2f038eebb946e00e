/** As often as PostgreSQL makes a plan of its own for a statement's values before it may keep one for all. */
const USES_BEFORE_NAMED = 5;
/** Each connection holds a plan for each name. */
const MAX_NAMES = 200;
/** Texts that are counted; those of lists, one text a length, would otherwise gather for ever. */
const MAX_COUNTED = 500;

const isStatement = /^(?:with|select|insert|update|delete)\b/;
/** Its columns are those of the moment it was planned: a migration that adds one would break it on every open connection. */
const takesAllColumns = /\b(?:select|returning) (?:"\w+"\.)?\*/;

/** The name under which a connection keeps a statement's plan; undefined for one that is not to be kept. */
export type NameOf = (text: string) => string | undefined;

/**
 * Names the statements that come again and again, so that the server parses and plans them once a connection: for a
 * write of one row that is half of its work.
 */
export function statementNames(): NameOf {
  const uses = new Map<string, number>();
  const names = new Map<string, string>();
  return (text) => {
    const name = names.get(text);
    if (name !== undefined || names.size >= MAX_NAMES) return name;
    const used = (uses.get(text) ?? 0) + 1;
    if (used < USES_BEFORE_NAMED) {
      if (uses.size >= MAX_COUNTED) uses.clear();
      uses.set(text, used);
      return undefined;
    }
    uses.delete(text);
    if (!isStatement.test(text) || takesAllColumns.test(text)) return undefined;
    const given = `ds_${String(names.size + 1)}`;
    names.set(text, given);
    return given;
  };
}
