import { type RawBuilder, sql, type SqlBool } from 'kysely';
import { byCodePoint } from '../../platform/database/index.ts';

/** Two sources of a statement, each with the columns `share_modified_at` and `etag`. */
interface Compared {
  readonly is: string;
  readonly than: string;
}

/** The file's state in `is` is that in `than`, or the share came to it later; `isNotOlder` says why ETags have an order. */
export function isNotOlderState({ is, than }: Compared): RawBuilder<SqlBool> {
  return inOrder({ is, than }, sql`>=`);
}

/** The share came to the file's state in `is` after that in `than`. */
export function isNewerState({ is, than }: Compared): RawBuilder<SqlBool> {
  return inOrder({ is, than }, sql`>`);
}

function inOrder({ is, than }: Compared, within: RawBuilder<unknown>): RawBuilder<SqlBool> {
  const [at, otherAt] = [sql.ref(`${is}.share_modified_at`), sql.ref(`${than}.share_modified_at`)];
  const etags = sql`${bareEtag(is)} ${within} ${bareEtag(than)}`;
  return sql<SqlBool>`(${at} > ${otherAt} or (${at} = ${otherAt} and ${etags}))`;
}

/** Headers quote ETags, some listings do not. */
function bareEtag(source: string): RawBuilder<string> {
  return byCodePoint(sql`replace(${sql.ref(`${source}.etag`)}, '"', '')`);
}
