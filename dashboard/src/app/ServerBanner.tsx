import { sayClock, sayDuration } from '../format/time.ts';
import { ShapeIcon } from '../parts/StatusMark.tsx';
import { useNow, useServices } from './services.ts';
import { useStore } from './store.ts';

/** Says that the server does not answer and how old what is shown is. The page keeps what it knew. */
export function ServerBanner() {
  const { connection } = useServices();
  const state = useStore(connection);
  return (
    <div aria-live="polite">
      {state.failingSince === null ? null : (
        <div className="banner" title={state.reason}>
          <ShapeIcon shape="warn" />
          <p>
            <strong>The server does not answer.</strong> <DataAge lastAnswerAt={state.lastAnswerAt} /> Trying
            again every few seconds; instruments and agents go on without this page.
          </p>
        </div>
      )}
    </div>
  );
}

/** Out of the announcements, as its seconds would be read out one by one. */
function DataAge({ lastAnswerAt }: { lastAnswerAt: number | null }) {
  useNow();
  if (lastAnswerAt === null) return null;
  return (
    <span aria-live="off">
      What you see is from {sayClock(lastAnswerAt)}, <Age since={lastAnswerAt} /> ago.
    </span>
  );
}

function Age({ since }: { since: number }) {
  const { clock } = useServices();
  return <>{sayDuration(clock.localNow() - since)}</>;
}
