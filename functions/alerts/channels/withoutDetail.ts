import type { Message } from './channel.ts';

/**
 * A message of class `security` as a channel that is not for security may show it: that there is one, and its id. Who may
 * know more signs in.
 */
export function withoutDetail(message: Message): Message {
  return {
    ...message,
    title: 'A security alert',
    detail: 'Details are shown to those who may see them, in the dashboard.',
    runnerName: null,
    jobName: null,
  };
}
