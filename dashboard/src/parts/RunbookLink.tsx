/** The runbook's page for a problem: a link where it has an address, otherwise its name to look up. */
export function RunbookLink({ runbook }: { runbook: string }) {
  if (!/^(https?:\/\/|\/)/.test(runbook)) return <code>{runbook}</code>;
  return (
    <a className="link" href={runbook} target="_blank" rel="noreferrer">
      What to do
    </a>
  );
}
