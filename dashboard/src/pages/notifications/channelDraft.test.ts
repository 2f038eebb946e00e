import { describe, expect, it } from 'vitest';
import { channelKind, type ChannelView } from '../../../../shared/contract/alerts.ts';
import { channelFields, draftOfChannel, newChannelDraft, readChannel } from './channelDraft.ts';

const mail: ChannelView = {
  channelId: 'c1',
  kind: 'email',
  name: 'Ops mail',
  enabled: true,
  config: {
    from: 'datasync@example.org',
    host: 'smtp.example.org',
    port: 587,
    security: 'starttls',
    defaultRecipients: ['on-call@example.org'],
  },
  hasSecret: true,
  lastOkAt: null,
  lastFailedAt: null,
  lastError: null,
  version: 1,
};

describe('a channel in the form', () => {
  it('S8 an unchanged channel sends its configuration as it was and no secret', () => {
    expect(readChannel(draftOfChannel(mail), mail).body).toEqual({
      kind: 'email',
      name: 'Ops mail',
      enabled: true,
      ...mail.config,
    });
  });

  it('S8 a secret never enters the form, whatever the server sends', () => {
    const leaky = { ...mail, config: { ...mail.config, password: 'hunter2hunter2' } };
    expect(JSON.stringify(draftOfChannel(leaky))).not.toContain('hunter2');
  });

  it('S8 a new channel needs its secret, an old one keeps it', () => {
    const draft = { ...newChannelDraft('teams'), name: 'Room' };
    expect(readChannel(draft, undefined).fault).toBe('Address of the workflow is missing.');
    expect(readChannel(draft, { ...mail, kind: 'teams', config: {} }).body).toEqual({
      kind: 'teams',
      name: 'Room',
      enabled: true,
    });
  });

  it('S9 a secret is wanted again when the channel is to send it elsewhere', () => {
    const draft = draftOfChannel(mail);
    const elsewhere = { ...draft.values, host: 'mail.example.org' };
    expect(readChannel({ ...draft, values: elsewhere }, mail).fault).toMatch(/^Password is wanted again/);
    const given = { ...draft, values: { ...elsewhere, password: 'hunter2hunter2' } };
    expect(readChannel(given, mail).body).toMatchObject({ host: 'mail.example.org' });
    expect(readChannel({ ...draft, values: elsewhere }, { ...mail, hasSecret: false }).fault).toBeUndefined();
  });

  it('S8 what the contract refuses is said with the name of the field', () => {
    const draft = draftOfChannel(mail);
    const wrongPort = { ...draft, values: { ...draft.values, port: '99999' } };
    expect(readChannel(wrongPort, mail).fault).toMatch(/^Port is not possible/);
    expect(readChannel({ ...draft, name: '' }, mail).fault).toContain('name');
  });

  it.each(channelKind.options)('S8 every field of %s is one that the contract takes', (kind) => {
    const filled = Object.fromEntries(
      channelFields[kind].map((field) => [field.name, sample(field.name, field.form)]),
    );
    expect(readChannel({ kind, name: 'x', enabled: true, values: filled }, undefined).fault).toBeUndefined();
  });
});

function sample(name: string, form: string): string {
  if (form === 'number') return '25';
  if (form === 'security') return 'tls';
  if (form === 'lines' || name === 'from') return 'a@example.org';
  return name === 'url' ? 'https://example.org/hook' : 'a value of 16 or more';
}
