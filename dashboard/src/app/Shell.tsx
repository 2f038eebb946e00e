import { Outlet, useNavigate, useRouter } from '@tanstack/react-router';
import { useCallback, useEffect, useRef, useState } from 'react';
import { HelpDialog } from './HelpDialog.tsx';
import { listenToKeys } from './keyboard.ts';
import { NoticeList } from './NoticeList.tsx';
import { navigationPages } from './navigation.tsx';
import { PageLinks } from './PageLinks.tsx';
import { ServerBanner } from './ServerBanner.tsx';
import { TopBar } from './TopBar.tsx';

/** The frame around every page: skip link, top bar, navigation, banner, notices and keys. */
export function Shell() {
  const [help, setHelp] = useState(false);
  const { main, arriveAtSearch } = useFocusOnArrival();
  useKeys(() => setHelp(true), arriveAtSearch);
  return (
    <div className="shell">
      <a className="skip-link" href="#main">
        Skip to the page
      </a>
      <TopBar onHelp={() => setHelp(true)} />
      <PageLinks />
      <div className="content">
        <ServerBanner />
        <main id="main" tabIndex={-1} ref={main}>
          <Outlet />
        </main>
      </div>
      <NoticeList />
      {help ? <HelpDialog onClose={() => setHelp(false)} /> : null}
    </div>
  );
}

function useKeys(help: () => void, arriveAtSearch: () => void): void {
  const navigate = useNavigate();
  const helpNow = useRef(help);
  useEffect(() => {
    helpNow.current = help;
  });
  useEffect(
    () =>
      listenToKeys(document, {
        help: () => helpNow.current(),
        goTo: (key) => {
          const page = navigationPages.find((candidate) => candidate.key === key);
          if (page !== undefined) void navigate({ to: page.to });
        },
        search: () => {
          if (focusSearch()) return;
          arriveAtSearch();
          void navigate({ to: '/runs', search: {} });
        },
      }),
    [navigate, arriveAtSearch],
  );
}

/** The page's search, where it has one. */
function focusSearch(): boolean {
  const box = document.querySelector<HTMLElement>('main [data-search]');
  box?.focus();
  return box !== null;
}

/**
 * After a step to another page the reader starts at its beginning, not at the link that was left; or, when that was
 * asked for, in its search.
 */
function useFocusOnArrival() {
  const main = useRef<HTMLElement>(null);
  const wantsSearch = useRef(false);
  const router = useRouter();
  const arriveAtSearch = useCallback(() => {
    wantsSearch.current = true;
  }, []);
  useEffect(
    () =>
      router.subscribe('onResolved', (event) => {
        if (!event.pathChanged || event.fromLocation === undefined || event.toLocation.hash !== '') return;
        const found = wantsSearch.current && focusSearch();
        wantsSearch.current = false;
        if (!found) main.current?.focus({ preventScroll: true });
      }),
    [router],
  );
  return { main, arriveAtSearch };
}
