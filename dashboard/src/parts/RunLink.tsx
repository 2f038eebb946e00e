import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';

/** A way to a run's page. */
export function RunLink({ runId, children }: { runId: string; children: ReactNode }) {
  return (
    <Link to="/runs/$runId" params={{ runId }} className="link">
      {children}
    </Link>
  );
}
