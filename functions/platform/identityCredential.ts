import type { GetTokenOptions, TokenCredential } from '@azure/identity';

/**
 * Who this process is in Azure: the managed identity of that client id, else whoever is found (the one identity of the app, or who
 * signed in at a command line). The library is loaded with the first token: whoever has keys never pays for it.
 */
export function identityCredential(clientId: string | undefined): TokenCredential {
  let opened: Promise<TokenCredential> | undefined;
  return {
    getToken: async (scopes: string | string[], options?: GetTokenOptions) => {
      const credential = await (opened ??= open(clientId));
      return credential.getToken(scopes, options);
    },
  };
}

async function open(clientId: string | undefined): Promise<TokenCredential> {
  const { DefaultAzureCredential, ManagedIdentityCredential } = await import('@azure/identity');
  return clientId === undefined ? new DefaultAzureCredential() : new ManagedIdentityCredential({ clientId });
}
