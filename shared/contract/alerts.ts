import { z } from 'zod';
import { endpoint } from './endpoint.ts';
import { cursor, id, instant, longText, noParams, nothing, noQuery, pageSize, shortText } from './fields.ts';

export const severity = z.enum(['info', 'warning', 'critical']);
export type Severity = z.infer<typeof severity>;
/** `security` goes to security contacts only; `data_loss` starts the customer's clock. */
export const alertClass = z.enum(['operational', 'security', 'data_loss']);
export const alertStatus = z.enum(['open', 'acknowledged', 'resolved']);
export const channelKind = z.enum(['teams', 'email', 'pagerduty', 'jira', 'webhook']);
export type ChannelKind = z.infer<typeof channelKind>;
/** State changes that people are told of; `report`, `notice`, `canary` and `test` carry no alert. */
export const transition = z.enum([
  'opened',
  'reopened',
  'worsened',
  'acknowledged',
  'resolved',
  'report',
  'notice',
  'canary',
  'test',
]);
export type Transition = z.infer<typeof transition>;

export const alertSummary = z.object({
  alertId: id,
  fingerprint: z.string(),
  /** The check that found it; null: a writer, as it happened. */
  source: z.string().nullable(),
  severity,
  class: alertClass,
  title: z.string(),
  detail: z.string(),
  status: alertStatus,
  /** How often it was met. */
  count: z.int(),
  /** How often it came back within the flapping window. */
  reopenedCount: z.int(),
  runnerId: id.nullable(),
  runnerName: z.string().nullable(),
  jobId: id.nullable(),
  jobName: z.string().nullable(),
  /** The alert that explains this one: nobody is told of this one apart. */
  causeAlertId: id.nullable(),
  /** How many alerts this one explains. */
  effects: z.int(),
  /** Chapter of the runbook. */
  runbook: z.string().nullable(),
  openedAt: instant,
  lastSeenAt: instant,
  acknowledgedAt: instant.nullable(),
  acknowledgedBy: z.string().nullable(),
  snoozedUntil: instant.nullable(),
  resolvedAt: instant.nullable(),
  resolvedReason: z.string().nullable(),
});
export type AlertSummary = z.infer<typeof alertSummary>;

export const deliveryView = z.object({
  /** The delivery id that the other side sees; the same on every attempt. */
  deliveryId: id,
  alertId: id.nullable(),
  transition,
  channelId: id,
  channelName: z.string(),
  channelKind,
  recipients: z.array(z.string()),
  status: z.enum(['pending', 'sending', 'delivered', 'failed', 'suppressed']),
  attempts: z.int(),
  lastError: z.string().nullable(),
  createdAt: instant,
  nextAttemptAt: instant.nullable(),
  deliveredAt: instant.nullable(),
});
export type DeliveryView = z.infer<typeof deliveryView>;

export const alerts = endpoint({
  name: 'alerts',
  summary: 'Alerts, unresolved first unless asked for by status, newest first',
  method: 'GET',
  path: '/api/alerts',
  callers: ['viewer', 'ci'],
  params: noParams,
  query: z.strictObject({
    cursor,
    limit: pageSize,
    /** `unresolved`: open and acknowledged. */
    status: z.enum(['unresolved', 'open', 'acknowledged', 'resolved', 'all']).optional(),
    severity: severity.optional(),
    runnerId: id.optional(),
    jobId: id.optional(),
    /** Only alerts that no other one explains. */
    causesOnly: z.stringbool().optional(),
  }),
  body: nothing,
  response: z.object({ now: instant, alerts: z.array(alertSummary), nextCursor: z.string().nullable() }),
});

/** An incident: an alert with what it explains, what became of it, and who was told. */
export const alert = endpoint({
  name: 'alert',
  summary: 'One alert with its effects, its state changes and its deliveries',
  method: 'GET',
  path: '/api/alerts/{alertId}',
  callers: ['viewer'],
  params: z.object({ alertId: id }),
  query: noQuery,
  body: nothing,
  response: z.object({
    now: instant,
    alert: alertSummary,
    cause: alertSummary.nullable(),
    effects: z.array(alertSummary),
    /** Where `alert.runbook` is to be read; null: it names none, or the platform does not know where its runbook is. */
    runbookUrl: z.string().nullable(),
    /** Facts in numbers, for instance `hoursLeft`. */
    facts: z.unknown(),
    changes: z.array(
      z.object({ at: instant, from: z.string().nullable(), to: z.string(), reason: z.string() }),
    ),
    deliveries: z.array(deliveryView),
    /** Data loss only: when the customer has to be told at the latest. */
    customerDueAt: instant.nullable(),
  }),
  errors: ['not-found'],
});

export const acknowledgeAlert = endpoint({
  name: 'alert-acknowledge',
  summary: 'Say that somebody is on it; idempotent',
  method: 'POST',
  path: '/api/alerts/{alertId}/acknowledge',
  callers: ['operator'],
  params: z.object({ alertId: id }),
  query: noQuery,
  body: z.strictObject({ note: longText.optional() }).optional(),
  response: z.object({ alert: alertSummary }),
  errors: ['not-found', 'conflict'],
});

export const resolveAlertByHand = endpoint({
  name: 'alert-resolve',
  summary: 'Say that it is over; a check that still finds it opens it again',
  method: 'POST',
  path: '/api/alerts/{alertId}/resolve',
  callers: ['operator'],
  params: z.object({ alertId: id }),
  query: noQuery,
  body: z.strictObject({ reason: longText.min(1) }),
  response: z.object({ alert: alertSummary }),
  errors: ['not-found', 'conflict'],
});

export const snoozeAlert = endpoint({
  name: 'alert-snooze',
  summary: 'Tell nobody of this alert until then; null ends the snooze',
  method: 'POST',
  path: '/api/alerts/{alertId}/snooze',
  callers: ['operator'],
  params: z.object({ alertId: id }),
  query: noQuery,
  body: z.strictObject({ until: instant.nullable() }),
  response: z.object({ alert: alertSummary }),
  errors: ['not-found', 'conflict'],
});

/** Every member that is given must hold. */
export const ruleMatch = z.strictObject({
  minSeverity: severity.default('info'),
  classes: z.array(alertClass).max(10).optional(),
  sources: z.array(shortText).max(50).optional(),
  runnerIds: z.array(id).max(200).optional(),
  groupIds: z.array(id).max(50).optional(),
});
export const ruleRoute = z.strictObject({
  channelId: id,
  /** E-mail addresses; other channels take none. */
  recipients: z.array(z.email()).max(50).default([]),
});
export const ruleBody = z.strictObject({
  name: shortText,
  position: z.int().min(0).max(10_000),
  enabled: z.boolean(),
  match: ruleMatch,
  routes: z.array(ruleRoute).max(20),
});
export const alertRule = z.object({
  ruleId: id,
  name: z.string(),
  position: z.int(),
  enabled: z.boolean(),
  match: ruleMatch,
  routes: z.array(ruleRoute),
  version: z.int(),
  updatedAt: instant,
});
export type AlertRule = z.infer<typeof alertRule>;

export const alertRules = endpoint({
  name: 'alert-rules',
  summary: 'Who is told of what; the first enabled rule that matches decides',
  method: 'GET',
  path: '/api/admin/alert-rules',
  callers: ['viewer'],
  params: noParams,
  query: noQuery,
  body: nothing,
  response: z.object({ rules: z.array(alertRule) }),
});

export const createAlertRule = endpoint({
  name: 'alert-rule-create',
  summary: 'Add a rule',
  method: 'POST',
  path: '/api/admin/alert-rules',
  callers: ['operator'],
  params: noParams,
  query: noQuery,
  body: ruleBody,
  response: z.object({ rule: alertRule }),
  status: 201,
  errors: ['not-found', 'conflict'],
});

export const updateAlertRule = endpoint({
  name: 'alert-rule-update',
  summary: 'Replace a rule; `version` is the one that was read',
  method: 'PUT',
  path: '/api/admin/alert-rules/{ruleId}',
  callers: ['operator'],
  params: z.object({ ruleId: id }),
  query: noQuery,
  body: ruleBody.extend({ version: z.int() }),
  response: z.object({ rule: alertRule }),
  errors: ['not-found', 'conflict'],
});

export const deleteAlertRule = endpoint({
  name: 'alert-rule-delete',
  summary: 'Remove a rule',
  method: 'DELETE',
  path: '/api/admin/alert-rules/{ruleId}',
  callers: ['operator'],
  params: z.object({ ruleId: id }),
  query: noQuery,
  body: nothing,
  response: nothing,
  status: 204,
  errors: ['not-found'],
});

/** Secrets go in and never come out. What each kind takes stands in docs/alerts.md. */
export const channelBody = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('teams'),
    name: shortText,
    enabled: z.boolean(),
    /** Address of the workflow webhook; secret. Left out on an update: unchanged. */
    url: z.url().max(2000).optional(),
  }),
  z.strictObject({
    kind: z.literal('email'),
    name: shortText,
    enabled: z.boolean(),
    from: z.email(),
    host: shortText,
    port: z.int().min(1).max(65_535),
    /** `tls`: from the first byte; `starttls`: required; `none`: only where a setting allows it. */
    security: z.enum(['tls', 'starttls', 'none']),
    user: shortText.optional(),
    /** Secret. */
    password: z.string().min(1).max(500).optional(),
    defaultRecipients: z.array(z.email()).max(50),
  }),
  z.strictObject({
    kind: z.literal('pagerduty'),
    name: shortText,
    enabled: z.boolean(),
    /** Where events go, when it is not PagerDuty's own address. */
    url: z.url().max(2000).optional(),
    /** Secret. */
    routingKey: z.string().min(1).max(500).optional(),
  }),
  z.strictObject({
    kind: z.literal('jira'),
    name: shortText,
    enabled: z.boolean(),
    url: z.url().max(2000),
    /** Secret. */
    apiKey: z.string().min(1).max(500).optional(),
  }),
  z.strictObject({
    kind: z.literal('webhook'),
    name: shortText,
    enabled: z.boolean(),
    /** Secret, since it may hold a signature. */
    url: z.url().max(2000).optional(),
    /** Signs every body (HMAC-SHA-256); secret. */
    signingKey: z.string().min(16).max(500).optional(),
  }),
]);
export type ChannelBody = z.infer<typeof channelBody>;

export const channelView = z.object({
  channelId: id,
  kind: channelKind,
  name: z.string(),
  enabled: z.boolean(),
  /** What is no secret: host, sender, recipients. */
  config: z.record(z.string(), z.unknown()),
  hasSecret: z.boolean(),
  lastOkAt: instant.nullable(),
  lastFailedAt: instant.nullable(),
  lastError: z.string().nullable(),
  version: z.int(),
});
export type ChannelView = z.infer<typeof channelView>;

export const channels = endpoint({
  name: 'channels',
  summary: 'Where notifications can go, and whether each channel works',
  method: 'GET',
  path: '/api/admin/channels',
  callers: ['viewer'],
  params: noParams,
  query: noQuery,
  body: nothing,
  response: z.object({ channels: z.array(channelView) }),
});

export const createChannel = endpoint({
  name: 'channel-create',
  summary: 'Add a channel',
  method: 'POST',
  path: '/api/admin/channels',
  callers: ['admin'],
  params: noParams,
  query: noQuery,
  body: channelBody,
  response: z.object({ channel: channelView }),
  status: 201,
  errors: ['conflict'],
});

export const updateChannel = endpoint({
  name: 'channel-update',
  summary: 'Replace a channel’s configuration; secrets that are left out stay as they are',
  method: 'PUT',
  path: '/api/admin/channels/{channelId}',
  callers: ['admin'],
  params: z.object({ channelId: id }),
  query: noQuery,
  body: channelBody,
  response: z.object({ channel: channelView }),
  errors: ['not-found', 'conflict'],
});

export const testChannel = endpoint({
  name: 'channel-test',
  summary: 'Send a test through a channel now and say how it went',
  method: 'POST',
  path: '/api/admin/channels/{channelId}/test',
  callers: ['operator'],
  params: z.object({ channelId: id }),
  query: noQuery,
  body: z.strictObject({ recipients: z.array(z.email()).max(10).default([]) }).optional(),
  response: z.object({ delivered: z.boolean(), deliveryId: id, error: z.string().nullable() }),
  errors: ['not-found'],
});

export const deliveries = endpoint({
  name: 'deliveries',
  summary: 'The outbox, newest first',
  method: 'GET',
  path: '/api/admin/deliveries',
  callers: ['viewer'],
  params: noParams,
  query: z.strictObject({
    cursor,
    limit: pageSize,
    status: z.enum(['pending', 'sending', 'delivered', 'failed', 'suppressed']).optional(),
    channelId: id.optional(),
  }),
  body: nothing,
  response: z.object({ now: instant, deliveries: z.array(deliveryView), nextCursor: z.string().nullable() }),
});
