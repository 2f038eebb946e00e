import { useNow } from '../app/services.ts';
import { sayAgo, sayDuration, sayExactly, sayRoughly } from '../format/time.ts';

/** How long ago something was, with the exact local and UTC time on hover; `otherwise` where it never was. */
export function Ago({ at, otherwise = 'never' }: { at: string | null; otherwise?: string }) {
  const now = useNow();
  if (at === null) return <span className="quiet">{otherwise}</span>;
  const then = Date.parse(at);
  return (
    <time dateTime={at} title={sayExactly(then)}>
      {sayAgo(then, now)}
    </time>
  );
}

/** For how long something has been so, with the exact beginning on hover. */
export function ForAsLong({ since }: { since: string }) {
  const now = useNow();
  const then = Date.parse(since);
  return (
    <time dateTime={since} title={`Since ${sayExactly(then)}`}>
      for {sayRoughly(Math.max(0, now - then))}
    </time>
  );
}

/** How long something took, or has taken until now when it has no end yet. */
export function Took({ from, to }: { from: string; to: string | null }) {
  const now = useNow();
  const end = to === null ? now : Date.parse(to);
  return <span>{sayDuration(end - Date.parse(from))}</span>;
}
