import { OutsideFault } from '../../../platform/outbound/outsideFault.ts';
import type { ResolveOutside } from '../../../platform/outbound/resolveOutside.ts';
import type { Channel, SendOutcome } from '../channel.ts';
import { errorText, outcomeOfFault } from '../outcome.ts';
import { domainOf, emailConfiguration } from './configuration.ts';
import { mailOf } from './mail.ts';
import { type Rejection, rejectionsOf, sendBySmtp } from './smtp.ts';

export interface EmailChannelParts {
  readonly resolveOutside: ResolveOutside;
  /** True: `none` may be used, passwords and alerts then travel in the clear. */
  readonly allowWithoutTls: boolean;
}

/**
 * Mail by SMTP, as text and HTML. One mail to all recipients; those whom the server puts off (4xx) are named as
 * `remainingRecipients` for the next attempt, those whom it refuses (5xx) in the outcome's words.
 */
export function createEmailChannel({ resolveOutside, allowWithoutTls }: EmailChannelParts): Channel {
  return {
    kind: 'email',
    send: async (message, target, signal) => {
      const parsed = emailConfiguration.safeParse(target.config);
      if (!parsed.success) return refusal('the channel’s configuration is not complete');
      const configuration = parsed.data;
      if (configuration.security === 'none' && !allowWithoutTls) {
        return refusal('the channel is set to send without TLS, which the platform’s settings do not allow');
      }
      const recipients = target.recipients.length > 0 ? target.recipients : configuration.defaultRecipients;
      if (recipients.length === 0) return refusal('neither rule nor channel names a recipient');
      const mail = mailOf(message, domainOf(configuration.from));
      const password = target.secrets['password'];
      try {
        const request = { configuration, password, recipients, mail, signal };
        return outcomeOfRejections((await sendBySmtp(resolveOutside, request)).rejected, true);
      } catch (error) {
        return outcomeOfError(error, signal);
      }
    },
  };
}

function refusal(error: string): SendOutcome {
  return { result: 'refused', responseStatus: null, error };
}

function outcomeOfRejections(rejected: readonly Rejection[], someHaveIt: boolean): SendOutcome {
  if (rejected.length === 0) return { result: 'delivered', responseStatus: 250 };
  const words = errorText(rejected.map(({ recipient, response }) => `${recipient}: ${response}`).join('; '));
  const putOff = rejected.filter(({ responseCode }) => !isFinal(responseCode));
  const responseStatus = (putOff[0] ?? rejected[0])?.responseCode ?? null;
  if (putOff.length > 0) {
    const remainingRecipients = putOff.map(({ recipient }) => recipient);
    return { result: 'retry', responseStatus, error: words, remainingRecipients };
  }
  if (someHaveIt) return { result: 'delivered', responseStatus: 250, warning: words };
  return { result: 'refused', responseStatus, error: words };
}

function outcomeOfError(error: unknown, signal: AbortSignal): SendOutcome {
  if (error instanceof OutsideFault) return outcomeOfFault(error);
  const rejected = rejectionsOf(error);
  if (rejected.length > 0) return outcomeOfRejections(rejected, false);
  if (signal.aborted)
    return { result: 'retry', responseStatus: null, error: 'the mail server did not answer in time' };
  const { responseCode, message } = error as { responseCode?: unknown; message?: unknown };
  const responseStatus = typeof responseCode === 'number' ? responseCode : null;
  const result = responseStatus !== null && isFinal(responseStatus) ? 'refused' : 'retry';
  return { result, responseStatus, error: errorText(String(message)) };
}

/** RFC 5321 4.2.1: 5xx is for good; 503 speaks of the session and not of the mail. */
function isFinal(responseCode: number | undefined): boolean {
  return responseCode !== undefined && responseCode >= 500 && responseCode !== 503;
}
