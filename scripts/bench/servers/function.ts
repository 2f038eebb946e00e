import { app } from '@azure/functions';

/** The function that both hosts run: what it answers is what the bare server answers. */
app.http('ping', {
  route: 'api/ping/{name}',
  methods: ['POST'],
  authLevel: 'anonymous',
  handler: async (request) => {
    const body = (await request.json()) as { readonly n: number };
    return { jsonBody: { name: request.params['name'], n: body.n + 1 } };
  },
});
