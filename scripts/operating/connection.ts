import { type Client, createClient } from '../../shared/client/index.ts';
import { quoted } from '../../shared/domain/quoted.ts';
import { Ending, wrongCall } from './ending.ts';

const DEFAULT_SERVER = 'http://127.0.0.1:7071';

/** The API, as the person whose token it is. Throws an `Ending` for an address that is none, and without a token. */
export function connect(
  server: string | undefined,
  env: Readonly<Record<string, string | undefined>>,
): Client {
  const baseUrl = addressOf(server ?? nonEmpty(env['DATASYNC_URL']) ?? DEFAULT_SERVER);
  const token = nonEmpty(env['DATASYNC_TOKEN']?.trim());
  if (token === undefined) {
    const hint = 'Make one in the dashboard under Settings, Tokens, and set DATASYNC_TOKEN to it.';
    throw new Ending('notAllowed', 'No token: this needs a personal token.', { hints: [hint] });
  }
  if (/[^\x21-\x7e]/.test(token))
    throw new Ending('notAllowed', 'DATASYNC_TOKEN holds characters that no token has.');
  return createClient({ baseUrl, headers: () => ({ authorization: `Bearer ${token}` }) });
}

function addressOf(text: string): string {
  const url = URL.parse(text);
  if (url === null || !['http:', 'https:'].includes(url.protocol))
    throw wrongCall(`The server's address is ${quoted(text)}; wanted: http:// or https:// and a name`);
  if (url.username !== '' || url.password !== '')
    throw wrongCall(
      'The server’s address holds a user or a password; wanted: none, the token says who calls',
    );
  return `${url.origin}${url.pathname.replace(/\/+$/, '')}`;
}

function nonEmpty(text: string | undefined): string | undefined {
  return text === '' ? undefined : text;
}
