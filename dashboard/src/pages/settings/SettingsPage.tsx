import { useMay, useMe } from '../../app/session.ts';
import { Facts } from '../../parts/Facts.tsx';
import { PageHead } from '../../parts/PageHead.tsx';
import { SettingsTabs } from '../../parts/SettingsTabs.tsx';
import { Section } from '../../parts/Section.tsx';
import { Appearance } from './Appearance.tsx';
import { AuditLog } from './AuditLog.tsx';
import { People } from './People.tsx';
import { Tokens } from './Tokens.tsx';

/** Who I am here, my tokens, and for administrators: people and who did what. */
export function SettingsPage() {
  const me = useMe();
  const isAdmin = useMay('admin');
  return (
    <>
      <PageHead title="Settings" />
      <SettingsTabs />
      <Section title="You">
        <div className="card">
          <Facts
            facts={[
              ['Name', me.displayName],
              ['Address', me.email],
              ['Role', me.role],
              ['Organization', me.organizationName],
            ]}
          />
          <Appearance />
        </div>
      </Section>
      <Tokens />
      {isAdmin ? <People /> : null}
      {isAdmin ? <AuditLog /> : null}
    </>
  );
}
