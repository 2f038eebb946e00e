/** Whether a line of the log is a warning or an error, told by how it begins: cheap enough for millions. */
export function isUrgentLine(line: string): boolean {
  return line.startsWith('{"level":"warn"') || line.startsWith('{"level":"error"');
}
