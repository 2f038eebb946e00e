import { Link } from '@tanstack/react-router';
import { MoreHorizontalRegular } from '@fluentui/react-icons';
import { useState } from 'react';
import { fleet } from '../../../shared/contract/fleet.ts';
import { useAnswer } from './answers.ts';
import { BAR_PAGES, type NavigationPage, navigationPages } from './navigation.tsx';

/** The navigation: a column beside the page; on a phone a bar at the bottom that keeps the rest under More. */
export function PageLinks() {
  const [open, setOpen] = useState(false);
  const badges = useBadges();
  const links = (pages: readonly NavigationPage[]) =>
    pages.map((page) => (
      <PageLink key={page.to} page={page} badge={badges[page.to]} onFollow={() => setOpen(false)} />
    ));
  return (
    <nav
      className={open ? 'navigation navigation-open' : 'navigation'}
      aria-label="Pages"
      onKeyDown={(event) => {
        if (event.key === 'Escape') setOpen(false);
      }}
    >
      {links(navigationPages.slice(0, BAR_PAGES))}
      <button
        type="button"
        className="more-button"
        aria-expanded={open}
        aria-controls="more-pages"
        onClick={() => setOpen(!open)}
      >
        <MoreHorizontalRegular />
        <span>More</span>
        <Badge badge={badges['/agents']} />
      </button>
      <div id="more-pages" className="more-pages">
        {links(navigationPages.slice(BAR_PAGES))}
      </div>
    </nav>
  );
}

interface BadgeText {
  readonly count: number;
  readonly meaning: string;
}

/** What waits for a person behind a page's link. */
function useBadges(): Partial<Record<NavigationPage['to'], BadgeText>> {
  const { data } = useAnswer(fleet, {});
  if (data === undefined) return {};
  const critical = data.alerts.filter(
    (alert) => alert.severity === 'critical' && alert.status === 'open',
  ).length;
  return {
    '/alerts': { count: critical, meaning: 'critical and not acknowledged' },
    '/agents': { count: data.pendingAgents, meaning: 'waiting for approval' },
  };
}

interface PageLinkProps {
  readonly page: NavigationPage;
  readonly badge: BadgeText | undefined;
  readonly onFollow: () => void;
}

function PageLink({ page, badge, onFollow }: PageLinkProps) {
  return (
    <Link
      to={page.to}
      activeOptions={{ exact: page.to === '/', includeSearch: false }}
      title={`g then ${page.key}`}
      onClick={onFollow}
    >
      {page.icon}
      <span>{page.name}</span>
      <Badge badge={badge} />
    </Link>
  );
}

function Badge({ badge }: { badge: BadgeText | undefined }) {
  if (badge === undefined || badge.count === 0) return null;
  return (
    <span className="badge">
      {badge.count}
      <span className="visually-hidden"> {badge.meaning}</span>
    </span>
  );
}
