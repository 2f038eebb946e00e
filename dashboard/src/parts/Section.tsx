import { type ReactNode, useId } from 'react';

interface SectionProps {
  readonly title: string;
  /** For links that lead here. */
  readonly id?: string;
  readonly children: ReactNode;
  readonly actions?: ReactNode;
  readonly className?: string;
}

/** A part of a page under its own heading. */
export function Section({ title, id, children, actions, className = '' }: SectionProps) {
  const headingId = useId();
  return (
    <section id={id} className={`section ${className}`} aria-labelledby={headingId}>
      <div className="section-head">
        <h2 id={headingId}>{title}</h2>
        {actions === undefined ? null : <div className="actions">{actions}</div>}
      </div>
      {children}
    </section>
  );
}
