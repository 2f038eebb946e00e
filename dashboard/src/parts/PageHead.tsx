import { type ReactNode, useEffect } from 'react';

interface PageHeadProps {
  /** Also the browser tab's title. */
  readonly title: string;
  readonly lead?: ReactNode;
  readonly children?: ReactNode;
}

/** A page's heading, with what can be done there at its right. */
export function PageHead({ title, lead, children }: PageHeadProps) {
  usePageTitle(title);
  return (
    <header className="page-head">
      <div>
        <h1>{title}</h1>
        {lead === undefined ? null : <p className="lead">{lead}</p>}
      </div>
      {children === undefined ? null : <div className="actions">{children}</div>}
    </header>
  );
}

export function usePageTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} · DataSync`;
  }, [title]);
}
