/**
 * What Azure's host reads and DataSync's own code does not: no settings of DataSync's (decision 013), and in no declaration. Each
 * says what it is for.
 */
export const plumbing = {
  FUNCTIONS_EXTENSION_VERSION: 'the version of the host; on Flex Consumption Azure keeps it',
  FUNCTIONS_WORKER_RUNTIME: 'the host’s worker; on Flex Consumption it stands in functionAppConfig',
  WEBSITE_RUN_FROM_PACKAGE:
    'the package is mounted and not unpacked: a deployment is whole or not there; Flex Consumption always does',
  AzureWebJobsStorage__credential: 'the host goes to its storage account by identity',
  AzureWebJobsStorage__clientId: 'which of the app’s identities that is',
} as const satisfies Readonly<Record<string, string>>;

export type Plumbing = keyof typeof plumbing;
