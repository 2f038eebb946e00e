import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { createClient } from '../../shared/client/index.ts';
import { App } from './app/App.tsx';
import { createClock } from './app/clock.ts';
import { createConnection } from './app/connection.ts';
import { createNotices } from './app/notices.ts';
import { createPages, fetchPages } from './app/pages.ts';
import type { PageServices } from './app/services.ts';
import { endSession, isSignedOut } from './app/session.ts';
import { createThemeSetting } from './app/theme.ts';
import { watchedClient } from './app/watchedClient.ts';
import './styles/page.css';
import './styles/shell.css';
import './styles/parts.css';
import './styles/pages.css';
import './styles/watch.css';
import './styles/observatory.css';

const ANSWER_TIMEOUT_MS = 15_000;
/** After the first page has asked for what it shows. */
const FETCH_PAGES_AFTER_MS = 3000;

function createServices(): PageServices {
  const connection = createConnection(Date.now);
  const clock = createClock(Date.now);
  const client = createClient({ baseUrl: '', timeoutMs: ANSWER_TIMEOUT_MS });
  return {
    client: watchedClient(client, connection, clock),
    clock,
    connection,
    notices: createNotices(),
    theme: createThemeSetting(window),
  };
}

/** Polling is the retry; a browser that believes itself offline still reaches a server on this machine. */
function createQueries(): QueryClient {
  const onError = (error: Error) => {
    if (isSignedOut(error)) endSession(queries);
  };
  const queries = new QueryClient({
    queryCache: new QueryCache({ onError }),
    mutationCache: new MutationCache({ onError }),
    defaultOptions: {
      queries: { retry: false, networkMode: 'always', staleTime: 1000 },
      mutations: { retry: false, networkMode: 'always' },
    },
  });
  return queries;
}

function start(place: HTMLElement | null): void {
  if (place === null) throw new Error('start: the page has no #root; wanted: dashboard/index.html');
  createRoot(place).render(
    <StrictMode>
      <App services={createServices()} queries={createQueries()} pages={createPages()} />
    </StrictMode>,
  );
  setTimeout(() => void fetchPages(), FETCH_PAGES_AFTER_MS);
}

start(document.getElementById('root'));
