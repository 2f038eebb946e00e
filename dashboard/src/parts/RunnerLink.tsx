import { Link } from '@tanstack/react-router';

/** A way to an instrument's page; a dash where there is none. */
export function RunnerLink({ runnerId, name }: { runnerId: string | null; name: string | null }) {
  if (runnerId === null) return <span className="quiet">–</span>;
  return (
    <Link to="/runners/$runnerId" params={{ runnerId }} className="link">
      {name ?? runnerId}
    </Link>
  );
}
