import { type Breach, resourceRule, type Subject } from './rule.ts';

const modern = ['TLS1_2', 'TLS1_3', '1.2', '1.3'];

export const transport: Subject = {
  title: 'Transport',
  rules: [
    resourceRule({
      name: 'storage-transport',
      wants: 'A storage account speaks TLS 1.2 or newer, and only https.',
      types: ['azure-native:storage:StorageAccount'],
      breaches: ({ minimumTlsVersion, enableHttpsTrafficOnly }) => [
        ...oldTls('minimumTlsVersion', minimumTlsVersion),
        ...(enableHttpsTrafficOnly === true
          ? []
          : [{ is: 'may be called without TLS', wanted: 'enableHttpsTrafficOnly: true' }]),
      ],
    }),
    resourceRule({
      name: 'sql-transport',
      wants: 'A SQL server speaks TLS 1.2 or newer.',
      types: ['azure-native:sql:Server'],
      breaches: ({ minimalTlsVersion }) => oldTls('minimalTlsVersion', minimalTlsVersion),
    }),
    resourceRule({
      name: 'web-transport',
      wants: 'An app and its slots speak TLS 1.2 or newer, only https, and no FTP.',
      types: ['azure-native:web:WebApp', 'azure-native:web:WebAppSlot'],
      breaches: ({ httpsOnly, siteConfig }) => [
        ...(httpsOnly === true ? [] : [{ is: 'answers http', wanted: 'httpsOnly: true' }]),
        ...oldTls('siteConfig.minTlsVersion', siteConfig?.minTlsVersion),
        ...oldTls('siteConfig.scmMinTlsVersion', siteConfig?.scmMinTlsVersion),
        ...(siteConfig?.ftpsState === 'Disabled'
          ? []
          : [{ is: 'takes files by FTP', wanted: 'siteConfig.ftpsState: Disabled' }]),
      ],
    }),
    resourceRule({
      name: 'redis-transport',
      wants: 'Redis speaks TLS 1.2 or newer.',
      types: ['azure-native:redisenterprise:RedisEnterprise'],
      breaches: ({ minimumTlsVersion }) => oldTls('minimumTlsVersion', minimumTlsVersion),
    }),
    resourceRule({
      name: 'redis-encrypted',
      wants: 'Redis takes no connection without TLS.',
      types: ['azure-native:redisenterprise:Database'],
      breaches: ({ clientProtocol }) =>
        clientProtocol === 'Encrypted'
          ? []
          : [{ is: 'takes connections without TLS', wanted: 'clientProtocol: Encrypted' }],
    }),
  ],
};

/** Azure's own default differs by service and changes with time: only what is written down counts. */
function oldTls(property: string, version: string | undefined): Breach[] {
  if (version !== undefined && modern.includes(version)) return [];
  const is = version === undefined ? 'leaves the TLS version to Azure' : `takes ${version}`;
  return [{ is, wanted: `${property} 1.2 or newer` }];
}
