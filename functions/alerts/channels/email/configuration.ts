import { z } from 'zod';

/** What an e-mail channel is told, as `shared/contract/alerts.ts` takes it; the password is among the secrets. */
export const emailConfiguration = z.object({
  from: z.email(),
  host: z.string().min(1),
  port: z.int().min(1).max(65_535),
  security: z.enum(['tls', 'starttls', 'none']),
  user: z.string().optional(),
  defaultRecipients: z.array(z.email()).default([]),
});
export type EmailConfiguration = z.infer<typeof emailConfiguration>;

/** The part after the @ of an address that was checked; what a Message-ID may hold of it. */
export function domainOf(address: string): string {
  return address.slice(address.lastIndexOf('@') + 1).replace(/[^A-Za-z0-9.-]/g, '-');
}
