import { htmlText } from '../../../../shared/domain/escaping/html.ts';
import { mailHeaderText, mailQuote } from '../../../../shared/domain/escaping/mail.ts';
import { atMost, visibleLine } from '../../../../shared/domain/escaping/visible.ts';
import type { Message } from '../channel.ts';
import { factsOf, lead, linksOf } from '../messageText.ts';
import { htmlTable, textTable } from './reportTables.ts';

const MAX_DETAIL_LENGTH = 20_000;

/** What a mail says and how it is told apart; addresses are the transport's. */
export interface Mail {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  /** The same on every attempt: mail servers drop what they have. */
  readonly messageId: string;
  /** Ties the mails of one alert into one conversation. */
  readonly references: string | undefined;
  readonly headers: Readonly<Record<string, string>>;
}

/** `domain` is the sender's. */
export function mailOf(message: Message, domain: string): Mail {
  const { alertId, deliveryId } = message;
  return {
    subject: mailHeaderText(`[DataSync] ${lead(message)}: ${message.title}`),
    text: plainText(message),
    html: htmlPage(message),
    messageId: `<${idPart(deliveryId)}@${domain}>`,
    references: alertId === null ? undefined : `<alert.${idPart(alertId)}@${domain}>`,
    headers: {
      'X-DataSync-Delivery': idPart(deliveryId),
      // RFC 3834: nobody's holiday answer comes back.
      'Auto-Submitted': 'auto-generated',
      ...(message.severity === 'critical' && message.transition !== 'resolved' ? { Importance: 'high' } : {}),
    },
  };
}

function idPart(id: string): string {
  return id.replace(/[^A-Za-z0-9._-]/g, '-');
}

function plainText(message: Message): string {
  const facts = factsOf(message).map(({ name, value }) => `${name}: ${visibleLine(value)}`);
  const links = linksOf(message).map(({ title, url }) => `${title}: ${url}`);
  const blocks = [
    `${lead(message)}: ${visibleLine(message.title)}`,
    mailQuote(atMost(message.detail, MAX_DETAIL_LENGTH)),
    ...(message.report?.tables ?? []).map(textTable),
    facts.join('\n'),
    links.join('\n'),
  ];
  return `${blocks.filter((block) => block !== '').join('\n\n')}\n`;
}

function htmlPage(message: Message): string {
  const detail = atMost(message.detail, MAX_DETAIL_LENGTH)
    .split(/\r?\n/)
    .map((line) => `<div>${line.trim() === '' ? '&nbsp;' : htmlText(line)}</div>`);
  const facts = factsOf(message).map(
    ({ name, value }) =>
      `<tr><td style="padding-right:1em;color:#666">${htmlText(name)}</td><td>${htmlText(value)}</td></tr>`,
  );
  const links = linksOf(message).map(({ title, url }) => `<a href="${htmlText(url)}">${htmlText(title)}</a>`);
  return [
    '<!doctype html><html lang="en"><body style="font-family:Segoe UI,Helvetica,Arial,sans-serif;font-size:14px">',
    `<p style="font-size:16px"><strong>${htmlText(lead(message))}:</strong> ${htmlText(message.title)}</p>`,
    `<div style="border-left:3px solid #999;padding-left:0.8em;margin:1em 0">${detail.join('')}</div>`,
    ...(message.report?.tables ?? []).map(htmlTable),
    `<table style="border-collapse:collapse;margin-top:1em">${facts.join('')}</table>`,
    links.length === 0 ? '' : `<p>${links.join(' &middot; ')}</p>`,
    '</body></html>',
  ].join('\n');
}
