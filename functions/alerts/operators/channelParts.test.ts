import { describe, expect, it } from 'vitest';
import type { ChannelBody } from '../../../shared/contract/alerts.ts';
import { channelParts, noParts } from './channelParts.ts';

const mail: ChannelBody = {
  kind: 'email',
  name: 'mail',
  enabled: true,
  from: 'datasync@example.org',
  host: 'smtp.example.org',
  port: 587,
  security: 'starttls',
  user: 'datasync',
  password: 'hush-hush',
  defaultRecipients: [],
};
const jira: ChannelBody = {
  kind: 'jira',
  name: 'jira',
  enabled: true,
  url: 'https://a.example.org',
  apiKey: 'hush',
};
const pagerduty: ChannelBody = { kind: 'pagerduty', name: 'pager', enabled: true, routingKey: 'hush' };
const webhook: ChannelBody = {
  kind: 'webhook',
  name: 'hook',
  enabled: true,
  url: 'https://a.example.org',
  signingKey: 'a signing key of some length',
};
const thief = 'https://thief.example.org';

const changed = (from: ChannelBody, to: object) => {
  const before = channelParts(from, noParts, true);
  return channelParts({ ...from, ...to }, before, true);
};

describe('a changed channel', () => {
  it.each([
    ['password', mail, { host: 'smtp.thief.example', password: undefined }],
    ['password', mail, { port: 25, password: undefined }],
    ['password', mail, { security: 'none', password: undefined }],
    ['password', mail, { user: 'thief', password: undefined }],
    ['apiKey', jira, { url: thief, apiKey: undefined }],
    ['routingKey', pagerduty, { url: thief, routingKey: undefined }],
    ['signingKey', webhook, { url: thief, signingKey: undefined }],
  ] as const)('S9 needs its %s again before it is sent elsewhere', (member, from, to) => {
    expect(() => changed(from, to)).toThrow(`${member}: enter it again`);
    expect(changed(from, { ...to, [member]: 'another secret of some length' }).secrets[member]).toMatch(
      /^another/,
    );
  });

  it.each([
    [mail, { name: 'other', from: 'else@example.org', password: undefined }],
    [jira, { enabled: false, apiKey: undefined }],
    [webhook, { url: undefined, signingKey: undefined }],
    [
      { ...mail, password: undefined },
      { host: 'mail.example.org', password: undefined },
    ],
  ] as const)('S9 keeps the secrets that it has while they go where they went', (from, to) => {
    const before = channelParts(from, noParts, true);
    expect(changed(from, to).secrets).toEqual(before.secrets);
  });
});
