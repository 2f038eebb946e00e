import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';

/** A way to an incident's page. */
export function AlertLink({ alertId, children }: { alertId: string; children: ReactNode }) {
  return (
    <Link to="/alerts/$alertId" params={{ alertId }} className="link">
      {children}
    </Link>
  );
}
