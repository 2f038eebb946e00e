export const head = `<!-- Made by \`npm run build:docs\` from a recorded run of infra/: change it there, or in scripts/documenting/infrastructure. -->

# Infrastructure

\`infra/\` is a Pulumi program in TypeScript: \`pulumi up\` makes the whole platform in a subscription of Azure. The README says how to begin
([Run it in Azure](../README.md#run-it-in-azure)); [policies.md](policies.md) what every resource is judged by.

\`Pulumi.yaml\` names \`infra/main.ts\` and switches Pulumi's own compiler off: Node runs the TypeScript as it is, so Pulumi has to find the project's own
Node first (\`npm run pulumi -- up\` sees to that, or \`PATH="$PWD/node_modules/.bin:$PATH"\`).
`;

export const privately = `With \`network.private\` the database and the vault answer inside the network alone: migrations, rotation and drills then run on a machine in it (a
self-hosted runner, a jump host). The app itself, and deployments to it, stay reachable. What is deleted under a lock (a firewall rule when an
operator's address goes without another in its place) is refused by Azure until the lock is lifted; \`pulumi up\` puts it back.
`;

export const failover = `## When the first region fails

\`secondRegion\` promises one thing: the database has a replica there, seconds behind, and when the first region's SQL does not come back, a person
has the app go on with it. Everything else is in \`location\`: app, vault, queues, logs.

1. The output \`databaseFailover\` is the command. It promotes the replica and loses what had not reached it (seconds), which is why nothing runs it by itself. The
   app's address for the database leads to whichever of the two is the primary: no setting, no restart. What was archived meanwhile is not lost:
   \`POST …/reconcile\` of every job makes the state index agree with the share.
2. Back, when the first region is well again: \`databaseFailback\`, which waits until both are equal and loses nothing. Until then leave \`pulumi up\`
   alone: the program describes the first server as the primary.
3. The archive's account has a copy in the region that Azure pairs with \`location\`, whatever \`secondRegion\` says. It cannot be read before the account
   is failed over (\`az storage account failover\`), which makes it locally redundant there; agents' addresses stay. Azure does not promise how far behind it is.
4. The whole region is gone: the app does not move. Make a second stack in the second region: \`location\` that region, \`restore.database: {from: copy,
   sourceDatabaseId: …/servers/sql-datasync2-…/databases/DataSync}\` (the replica, after step 1), \`restore.adoptFilesAccountId\` the account, after step 3. Agents are
   pointed at its address.
`;

export const anotherStack = `## A stack from another

A second stack is an independent copy: \`pulumi stack init NAME\`, the same configuration, \`pulumi up\`. No name is shared, so both can stand in one
subscription. \`restore\` says where its data comes from; it counts when database and share are made, and may stay or go afterwards.

| \`restore\`                                                          | does                                                                                                                                                                                       |
| ------------------------------------------------------------------ | ------------------------------------------------------------------------------------------------------------------------------------------------------------------------------------------ |
| \`database: {from: pointInTime, sourceDatabaseId, at, sourceRegion}\`              | Azure restores on the source's own server only: there a database \`restored-…\` is made and copied to the new stack's server. \`pulumi state delete\` and \`az sql db delete\` rid of it afterwards |
| \`database: {from: geoBackup, recoverableDatabaseId}\`               | the newest geo-replicated backup, when the region is gone; needs \`sql.backupRedundancy: Geo\` before                                                                                         |
| \`database: {from: copy, sourceDatabaseId}\`                         | the database as it is now                                                                                                                                                                  |
| \`shares: [{name, sourceAccount, sourceShare, snapshot}]\`           | nothing in Azure fills a share from a snapshot: the output \`copyShares\` has the command that does; whoever runs it needs *Storage File Data Privileged Reader* there and *Contributor* here   |
| \`adoptFilesAccountId\`                                              | takes over an archive's account that survived (\`pulumi import\` by configuration): first with \`pulumi up\`, and the properties that differ are said before anything is changed                 |
| \`recoverDeletedVault: true\`                                        | the same stack built again within 90 days: its vault is deleted softly, and its name is taken                                                                                               |

Afterwards, as after every first \`pulumi up\`: the deploy step makes the database's user and migrates, the package is deployed, and
\`POST …/reconcile\` of every job makes the state index agree with the share. Data is protected: to take a drill's stack down, lift the locks, then
\`pulumi state unprotect --all\` and \`pulumi destroy\` on that stack, and look twice at its name.
`;

export const costs = `## What it costs

Estimates of November 2026 in US dollars a month, from list prices of Azure's cheaper regions as they were known then; nothing was bought to
check them. Look them up for your region in Azure's price calculator before you decide.

| part of the default stack                          | assumed                                              | about |
| -------------------------------------------------- | ---------------------------------------------------- | ----: |
| App Service plan S1, Linux, with its slot          | one instance, all month                              |    70 |
| Azure SQL S0                                       | 250 GB included; backups within what is included     |    15 |
| Azure Files, transaction optimized, LRS            | 1 TiB, and 3 million writes                          |    66 |
| Snapshots of it                                    | files are written once: a tenth of the share a week  |     6 |
| Backup vault                                       | one share                                            |    10 |
| Alerts                                             | some 15 rules over queries, 7 over metrics           |    15 |
| Application Insights and Log Analytics             | 3 GB, within what is free                            |     0 |
| Host's storage, key vault, network, identity       | queues, tables of logs, reads of secrets             |     3 |
| **Together**                                       |                                                      | **185** |

The switches: private networking some 7 an endpoint (5 to 7 of them), Redis (Balanced B0) some 15, a second region another S0 and dearer storage
(GZRS about 2.3 × LRS); Flex Consumption instead of S1 costs by use, and the higher tier of SQL that its many instances need: with 40 of them, the fewest Azure takes, 113 processes may hold connections at a time
(40 answer requests, 40 work on the queue, each timer has one of its own), for which S4 (300) is the least. The default of
\`budget\` is 250.
`;

export const proved = `## What was proved, and how

No subscription was at hand. The program is started as Pulumi's language host starts it (its own launcher, with the arguments and environment that it
gives) and speaks gRPC with a double of the engine (\`test/infra/engine\`), which records every resource and answers with what Azure would compute; the
functions' own reader takes the recorded settings; every policy judges every combination of switches; names are drawn at random; the types of
\`@pulumi/azure-native\` check each property. What only Azure can say is open: whether a region has capacity or the quota, how long roles take to be known,
and what a service refuses beyond its documented rules. Expect to run \`pulumi up\` a second time in a new subscription.
`;
