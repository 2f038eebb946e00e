import { Button, Field, Input } from '@fluentui/react-components';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { ProblemError } from '../../../../shared/client/index.ts';
import { signIn } from '../../../../shared/contract/access.ts';
import { ServerBanner } from '../../app/ServerBanner.tsx';
import { useServices } from '../../app/services.ts';
import { setSession } from '../../app/session.ts';
import { BrandMark } from '../../app/TopBar.tsx';
import { sayDuration } from '../../format/time.ts';
import { ErrorNote } from '../../parts/ErrorNote.tsx';
import { usePageTitle } from '../../parts/PageHead.tsx';
import { ShapeIcon } from '../../parts/StatusMark.tsx';

export function SignInPage({ ended }: { ended: boolean }) {
  usePageTitle('Sign in');
  const { client } = useServices();
  const queries = useQueryClient();
  const entering = useMutation({
    mutationFn: (body: { email: string; password: string }) => client.call(signIn, { body }),
    onSuccess: (me) => setSession(queries, me),
  });
  return (
    <main className="sign-in">
      <ServerBanner />
      <form
        className="card"
        onSubmit={(event) => {
          event.preventDefault();
          entering.mutate(readForm(event.currentTarget));
        }}
      >
        <h1>
          <BrandMark /> DataSync
        </h1>
        <p className="lead">
          {ended
            ? 'Your session has ended. Sign in, and you are back on the page you were on.'
            : 'Every measurement archived before the instrument deletes it.'}
        </p>
        <Field label="E-mail address" required>
          <Input name="email" type="email" autoComplete="username" autoFocus minLength={3} />
        </Field>
        <Field label="Password" required>
          <Input name="password" type="password" autoComplete="current-password" />
        </Field>
        <SignInFault error={entering.error} />
        <Button appearance="primary" type="submit" size="large" disabled={entering.isPending}>
          {entering.isPending ? 'Signing in …' : 'Sign in'}
        </Button>
      </form>
    </main>
  );
}

function readForm(form: HTMLFormElement): { email: string; password: string } {
  const fields = new FormData(form);
  return { email: textOf(fields.get('email')).trim(), password: textOf(fields.get('password')) };
}

function textOf(value: FormDataEntryValue | null): string {
  return typeof value === 'string' ? value : '';
}

/** A wrong address and a wrong password read the same, so that nobody learns which accounts exist. */
function SignInFault({ error }: { error: Error | null }) {
  const code = error instanceof ProblemError ? error.problem.code : undefined;
  if (code !== 'sign-in-failed' && code !== 'too-many-requests')
    return <ErrorNote error={error} doing="Signing in" />;
  const wait = error instanceof ProblemError ? error.retryAfterMs : undefined;
  return (
    <div className="note note-bad" role="alert">
      <ShapeIcon shape="bad" />
      <div>
        {code === 'sign-in-failed'
          ? 'The address or the password is wrong.'
          : `Too many attempts. ${wait === undefined ? 'Wait a while' : `Wait ${sayDuration(wait)}`} and try again.`}
      </div>
    </div>
  );
}
