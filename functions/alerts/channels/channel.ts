import type { ChannelKind, Severity, Transition } from '../../../shared/contract/alerts.ts';
import type { ReportBody } from './reportBody.ts';

/** What a notification says, on any channel: facts only, escaped by each channel for its own surface. */
export interface Message {
  /** The same on every attempt: PagerDuty's, the mail's and the webhook's own id are made of it. */
  readonly deliveryId: string;
  /** Ties the transitions of one alert together on the other side; the alert's id. */
  readonly alertId: string | null;
  readonly transition: Transition;
  readonly severity: Severity;
  readonly class: 'operational' | 'security' | 'data_loss';
  /** May hold foreign text (file names). */
  readonly title: string;
  /** May hold foreign text (file names). */
  readonly detail: string;
  readonly organizationName: string;
  readonly runnerName: string | null;
  readonly jobName: string | null;
  readonly occurredAt: Date;
  readonly openedAt: Date | null;
  readonly count: number;
  /** The alert's page; null where the platform does not know its own address. */
  readonly url: string | null;
  /** The runbook's page. */
  readonly runbookUrl: string | null;
  /** With the transition `report`: what else it says. By e-mail only. */
  readonly report?: ReportBody | undefined;
}

/** `retry`: worth another attempt; `refused`: the other side will never take it as it is (wrong address, revoked key). */
export type SendOutcome =
  | {
      readonly result: 'delivered';
      readonly responseStatus: number | null;
      /** Delivered, but not to everybody: who will never have it, and why. For people; no secret in it. */
      readonly warning?: string;
    }
  | {
      readonly result: 'retry' | 'refused';
      readonly responseStatus: number | null;
      /** For people; no secret in it. */
      readonly error: string;
      /** As the other side asked for. */
      readonly retryAfterSeconds?: number;
      /** E-mail, when some have it already: send the next attempt to these only. */
      readonly remainingRecipients?: readonly string[];
    };

/** A configured channel with its secrets opened. */
export interface ChannelTarget {
  readonly channelId: string;
  readonly name: string;
  readonly config: Readonly<Record<string, unknown>>;
  readonly secrets: Readonly<Record<string, string>>;
  /** E-mail only. */
  readonly recipients: readonly string[];
}

/** A way to reach people. A folder entry each, a line in the registry. Never throws for the other side's faults. */
export interface Channel {
  readonly kind: ChannelKind;
  readonly send: (message: Message, target: ChannelTarget, signal: AbortSignal) => Promise<SendOutcome>;
}
