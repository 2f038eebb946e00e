import * as contract from '../../shared/contract/alerts.ts';
import { keyRotationNotice } from '../../shared/contract/keyRotation.ts';
import * as maintenance from '../../shared/contract/maintenance.ts';
import { type EndpointHandler, handle } from '../platform/http/handler.ts';
import { acknowledge, resolveByHand, snooze } from './operators/byHand.ts';
import { addChannel, changeChannel, listChannels } from './operators/channelSettings.ts';
import { decisionOf, scopeOf } from './operators/decision.ts';
import { listDeliveries } from './operators/deliveryViews.ts';
import { listAlerts } from './operators/listAlerts.ts';
import { readAlert } from './operators/oneAlert.ts';
import { sendRotationNotice } from './operators/rotationNotice.ts';
import { addRule, changeRule, listRules, removeRule } from './operators/rules.ts';
import { tryChannel } from './operators/tryChannel.ts';
import { addWindow, endWindow, listWindows } from './operators/windows.ts';

export const alertHandlers: readonly EndpointHandler[] = [
  handle(contract.alerts, async ({ query, caller }, services) => ({
    body: await listAlerts(services, scopeOf(caller), query),
  })),
  handle(contract.alert, async ({ params, ...request }, services) => ({
    body: await readAlert(services, decisionOf(request).organizationId, params.alertId),
  })),
  handle(contract.acknowledgeAlert, async ({ params, body, ...request }, services) => ({
    body: { alert: await acknowledge(services, decisionOf(request), params.alertId, body?.note) },
  })),
  handle(contract.resolveAlertByHand, async ({ params, body, ...request }, services) => ({
    body: { alert: await resolveByHand(services, decisionOf(request), params.alertId, body.reason) },
  })),
  handle(contract.snoozeAlert, async ({ params, body, ...request }, services) => {
    const until = body.until === null ? null : new Date(body.until);
    return { body: { alert: await snooze(services, decisionOf(request), params.alertId, until) } };
  }),

  handle(contract.alertRules, async (request, services) => ({
    body: { rules: await listRules(services.database.db, decisionOf(request).organizationId) },
  })),
  handle(contract.createAlertRule, async (request, services) => ({
    body: { rule: await addRule(services, decisionOf(request), request.body) },
  })),
  handle(contract.updateAlertRule, async ({ params, ...request }, services) => ({
    body: { rule: await changeRule(services, decisionOf(request), params.ruleId, request.body) },
  })),
  handle(contract.deleteAlertRule, async ({ params, ...request }, services) => {
    await removeRule(services, decisionOf(request), params.ruleId);
    return { body: undefined };
  }),

  handle(contract.channels, async (request, services) => ({
    body: { channels: await listChannels(services.database.db, decisionOf(request).organizationId) },
  })),
  handle(contract.createChannel, async (request, services) => ({
    body: { channel: await addChannel(services, decisionOf(request), request.body) },
  })),
  handle(contract.updateChannel, async ({ params, ...request }, services) => ({
    body: { channel: await changeChannel(services, decisionOf(request), params.channelId, request.body) },
  })),
  handle(contract.testChannel, async ({ params, body, ...request }, services) => {
    const wanted = { channelId: params.channelId, recipients: body?.recipients ?? [] };
    return { body: await tryChannel(services, decisionOf(request), wanted) };
  }),

  handle(maintenance.maintenanceWindows, async (request, services) => ({
    body: await listWindows(services, decisionOf(request).organizationId),
  })),
  handle(maintenance.createMaintenanceWindow, async (request, services) => ({
    body: { window: await addWindow(services, decisionOf(request), request.body) },
  })),
  handle(maintenance.endMaintenanceWindow, async ({ params, ...request }, services) => ({
    body: { window: await endWindow(services, decisionOf(request), params.windowId) },
  })),

  handle(keyRotationNotice, async ({ params, body, ...request }, services) => {
    const rotation = { rotationId: params.rotationId, mode: body.mode };
    return { body: { deliveries: await sendRotationNotice(services, decisionOf(request), rotation) } };
  }),

  handle(contract.deliveries, async ({ query, ...request }, services) => ({
    body: await listDeliveries(services, decisionOf(request).organizationId, query),
  })),
];
