import type { ChangeEvent } from '../../../shared/contract/workflows.ts';
import { showUnseen } from '../format/logText.ts';

/** What something was and what it is now; one of the two where it appeared or went. */
export function BeforeAfter({ change }: { change: Pick<ChangeEvent, 'oldValue' | 'newValue'> }) {
  const { oldValue, newValue } = change;
  if (oldValue === null && newValue === null) return <span className="quiet">–</span>;
  return (
    <span className="before-after">
      {oldValue === null ? null : (
        <del>
          <span className="visually-hidden">before: </span>
          {showUnseen(oldValue)}
        </del>
      )}
      {oldValue === null || newValue === null ? null : <span aria-hidden="true"> → </span>}
      {newValue === null ? null : (
        <ins>
          <span className="visually-hidden">after: </span>
          {showUnseen(newValue)}
        </ins>
      )}
    </span>
  );
}
