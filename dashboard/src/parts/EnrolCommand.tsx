import { Copyable } from './Copyable.tsx';

/** The one command that enrols an agent with the server that this page came from. */
export function EnrolCommand() {
  const command = `npm run agent -- --server ${location.origin} --state ./agent-state --source ./measurements`;
  return (
    <>
      <p>
        On the instrument’s PC, in this project’s folder, run the command below. <code>--source</code> is the
        folder that the instrument writes to, <code>--state</code> an empty folder for the agent itself. It
        prints a pairing code and appears here to be approved.
      </p>
      <Copyable text={command} label="the command" block />
    </>
  );
}
