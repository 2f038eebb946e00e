import { FluentProvider } from '@fluentui/react-components';
import { type QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { SignInPage } from '../pages/sign-in/SignInPage.tsx';
import type { createPages } from './pages.ts';
import { ServerBanner } from './ServerBanner.tsx';
import { type PageServices, ServicesContext } from './services.ts';
import { MeContext, useSessionQuery } from './session.ts';
import { useStore } from './store.ts';
import { themes } from './theme.ts';

interface AppProps {
  readonly services: PageServices;
  readonly queries: QueryClient;
  readonly pages: ReturnType<typeof createPages>;
}

export function App({ services, queries, pages }: AppProps) {
  const { shown } = useStore(services.theme);
  return (
    <ServicesContext value={services}>
      <FluentProvider theme={themes[shown]}>
        <QueryClientProvider client={queries}>
          <div className="page">
            <SessionGate pages={pages} />
          </div>
        </QueryClientProvider>
      </FluentProvider>
    </ServicesContext>
  );
}

/** Whoever is not signed in meets the sign-in at the URL they came for, and stays at that URL. */
function SessionGate({ pages }: Pick<AppProps, 'pages'>) {
  const session = useSessionQuery();
  if (session.data === undefined)
    return (
      <main className="content">
        <ServerBanner />
      </main>
    );
  if (session.data.me === null) return <SignInPage ended={session.data.ended} />;
  return (
    <MeContext value={session.data.me}>
      <RouterProvider router={pages} />
    </MeContext>
  );
}
