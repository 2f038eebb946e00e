import { Button } from '@fluentui/react-components';
import {
  KeyboardRegular,
  SignOutRegular,
  WeatherMoonRegular,
  WeatherSunnyRegular,
} from '@fluentui/react-icons';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { signOut } from '../../../shared/contract/access.ts';
import { useServices } from './services.ts';
import { setSession, useMe } from './session.ts';
import { useStore } from './store.ts';

/** Whose page this is, and the few things that are the same everywhere. */
export function TopBar({ onHelp }: { onHelp: () => void }) {
  const me = useMe();
  return (
    <header className="top-bar">
      <Link to="/" className="brand">
        <BrandMark />
        DataSync
      </Link>
      {me.organizationName === 'DataSync' ? null : (
        <span className="organization">{me.organizationName}</span>
      )}
      <span className="spacer" />
      <span className="who" title={`${me.email}, ${me.role}`}>
        {me.displayName}
      </span>
      <Button
        className="wide"
        appearance="subtle"
        icon={<KeyboardRegular />}
        aria-label="Keyboard help"
        title="Keyboard help (?)"
        onClick={onHelp}
      />
      <ThemeButton />
      <SignOutButton />
    </header>
  );
}

function ThemeButton() {
  const { theme } = useServices();
  const { shown } = useStore(theme);
  const other = shown === 'dark' ? 'light' : 'dark';
  return (
    <Button
      appearance="subtle"
      icon={shown === 'dark' ? <WeatherSunnyRegular /> : <WeatherMoonRegular />}
      aria-label={`Use the ${other} theme`}
      title={`Use the ${other} theme`}
      onClick={() => theme.choose(other)}
    />
  );
}

function SignOutButton() {
  const { client } = useServices();
  const queries = useQueryClient();
  const leave = useMutation({
    mutationFn: () => client.call(signOut, {}),
    onSuccess: () => setSession(queries, null),
  });
  return (
    <Button
      appearance="subtle"
      icon={<SignOutRegular />}
      aria-label="Sign out"
      title="Sign out"
      disabled={leave.isPending}
      onClick={() => leave.mutate()}
    />
  );
}

export function BrandMark() {
  return <img src="/favicon.svg" alt="" width={26} height={26} />;
}
