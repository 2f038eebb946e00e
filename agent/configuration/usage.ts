/** What `agent --help` says. docs/agent.md has all settings; a test holds the flags here against those that are read. */
export const agentUsage = `agent --server URL --state DIR [--source DIR] [options]
agent audit [--state DIR] …            compares the sources with the share (agent audit --help)

Copies measurement files to Azure Files before the instrument deletes them. It writes to the share and never deletes.

  --server URL             address of the server, https://…
  --state DIR              folder for the agent's state and its log, one for each agent
  --config FILE            JSON file of settings; flags win over environment, environment over the file
  --name NAME              how the agent is shown (default: the machine's name)
  --runner-id ID           fixed logical runner: a rebuilt PC comes back as this one
  --source DIR             proposes a job that archives this folder
  --job NAME               its name (default: archive)
  --kind geometry|tree     its kind (default: tree)
  --cap N                  how many files the instrument keeps
  --schedule-seconds N     how often it is synced
  --quiet-seconds N        a file is left alone until it has not changed for so long (default: 30)
  --concurrency N          files uploaded at the same time (default: 12)
  --heartbeat-seconds N    overrides what the server asks for
  --log-format json|line   of the standard output (default: json)
  --log-level LEVEL        debug, info, warn or error (default: info)
  --once                   runs one cycle of each job and ends
  --help                   shows this

Each setting has an environment variable too: DATASYNC_SERVER, DATASYNC_STATE, …`;
