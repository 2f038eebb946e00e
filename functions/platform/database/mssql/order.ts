import { RawNode } from 'kysely';
import type { OperationNode } from 'kysely';

/** What to order by first so that nulls come where they were asked for. */
export function nullsFirstForm(column: OperationNode, nulls: 'first' | 'last'): OperationNode {
  const [ofNull, ofOthers] = nulls === 'first' ? [0, 1] : [1, 0];
  return RawNode.create(['case when ', ` is null then ${ofNull} else ${ofOthers} end`], [column]);
}
