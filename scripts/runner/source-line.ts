/**
 * Line of a notebook file (from 1) on which a line of a cell stands, for annotations.
 *
 * @param json the file, as Jupyter writes it: indented by one, each source line on a line of its own
 * @param cells number of cells in it
 * @param index position of the cell among all cells, from 0
 * @param line line within the cell, from 1
 * @returns undefined where the file is laid out otherwise
 */
export function sourceLine(json: string, cells: number, index: number, line: number): number | undefined {
  const lines = json.split("\n");
  const sources = lines.flatMap((text, at) => (/^ {3}"source": /.test(text) ? [at] : []));
  if (sources.length !== cells || index >= cells) return undefined;
  return lines[sources[index]].endsWith("[") ? sources[index] + 1 + line : undefined;
}
