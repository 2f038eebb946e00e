/** The run must not go on, and repeating changes nothing: the workflow's own code or its data say so. No failure of a third party. */
export class WorkflowFault extends Error {
  override readonly name = 'WorkflowFault';
}
