import { z } from 'zod';
import { type Family, perSecond } from './setting.ts';

const apiUrl = z.url().optional();
const credential = z.string().min(1).optional();

export const connectors = {
  title: 'Connectors: people, donations, bookkeeping',
  readBy: ['functions'],
  settings: {
    API_ALLOW_PRIVATE_ADDRESSES: {
      type: z.stringbool().default(false),
      does: 'Third parties’ APIs may be inside the network, and speak without TLS: local platform, tests, an API in one’s own network.',
    },
    PEOPLE_API_URL: {
      type: apiUrl,
      does: 'Below which `/people` and its like are: `https://api.planningcenteronline.com/people/v2`.',
    },
    PEOPLE_API_TOKEN: {
      type: credential,
      secret: true,
      does: 'An OAuth token, or `application id:secret`.',
    },
    PEOPLE_REQUESTS_PER_SECOND: {
      type: perSecond.default(4),
      unit: 'requests a second',
      does: 'How fast one host asks the people API; hosts share what it allows.',
    },
    DONATIONS_API_URL: {
      type: apiUrl,
      does: 'Below which `/charges` is: `https://api.stripe.com/v1`.',
    },
    DONATIONS_API_KEY: {
      type: credential,
      secret: true,
      does: 'A restricted key that may read charges.',
    },
    DONATIONS_REQUESTS_PER_SECOND: {
      type: perSecond.default(20),
      unit: 'requests a second',
      does: 'How fast one host asks the donations API; hosts share what it allows.',
    },
    BOOKKEEPING_API_URL: {
      type: apiUrl,
      does: 'Of one company: `https://quickbooks.api.intuit.com/v3/company/<id>`.',
    },
    BOOKKEEPING_API_TOKEN: {
      type: credential,
      secret: true,
      does: 'An OAuth access token, renewed by whoever sets it.',
    },
    BOOKKEEPING_REQUESTS_PER_SECOND: {
      type: perSecond.default(5),
      unit: 'requests a second',
      does: 'How fast one host asks the bookkeeping API; hosts share what it allows.',
    },
  },
} satisfies Family;
