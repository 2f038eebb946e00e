import { Link, type LinkProps } from '@tanstack/react-router';

export interface TabLink {
  readonly to: NonNullable<LinkProps['to']>;
  readonly name: string;
}

/** Pages that belong together, under their common heading. */
export function TabLinks({ label, tabs }: { label: string; tabs: readonly TabLink[] }) {
  return (
    <nav className="tab-links" aria-label={label}>
      {tabs.map((tab) => (
        <Link key={tab.to} to={tab.to} activeOptions={{ exact: true, includeSearch: false }}>
          {tab.name}
        </Link>
      ))}
    </nav>
  );
}
