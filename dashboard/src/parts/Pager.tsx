import { Link, type LinkProps } from '@tanstack/react-router';

interface PagerProps {
  /** Read out: `More runs`. */
  readonly label: string;
  /** Where the page shown begins; undefined on the first. */
  readonly after: string | undefined;
  readonly nextCursor: string | null;
  /** The link to the page that begins there. */
  readonly pageAt: (after: string | undefined) => LinkProps;
}

/** Ways to the first and to the next page of rows that are sorted newest first. */
export function Pager({ label, after, nextCursor, pageAt }: PagerProps) {
  if (after === undefined && nextCursor === null) return null;
  return (
    <nav className="pager" aria-label={label}>
      {after === undefined ? null : (
        <Link {...pageAt(undefined)} className="link">
          ← Newest
        </Link>
      )}
      {nextCursor === null ? null : (
        <Link {...pageAt(nextCursor)} className="link">
          Older →
        </Link>
      )}
    </nav>
  );
}
