import type * as Papa from "papaparse";

/**
 * The rows of a table in CSV, with a comma between fields.
 *
 * @param name - What to call the table in an error.
 * @param text - The table with its line of heads.
 * @param heads - The heads that are expected, in order.
 * @returns The other lines, each as long as the heads.
 * @throws RangeError when the heads are others, a line is longer or shorter, or a quotation mark is not closed.
 */
export function parseCsv(name: string, text: string, heads: readonly string[]): string[][] {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- most lessons read no table
  const { parse } = require("papaparse") as typeof Papa;
  const { data, errors } = parse<string[]>(text, { delimiter: ",", skipEmptyLines: true });
  if (errors.length > 0) {
    const [{ message, row }] = errors;
    throw new RangeError(`parseCsv: ${name} is not a table: ${message} (row ${row ?? 0})`);
  }
  const [first = [], ...rows] = data;
  if (first.join() !== heads.join()) {
    throw new RangeError(`parseCsv: expected ${name} to have the columns ${heads.join()} but got ${first.join()}`);
  }
  const uneven = rows.findIndex((row) => row.length !== heads.length);
  if (uneven >= 0) {
    throw new RangeError(
      `parseCsv: expected row ${uneven + 1} of ${name} to have ${heads.length} fields but got ${rows[uneven].length}`,
    );
  }
  return rows;
}

/** Bytes as text in UTF-8. */
export function decodeUtf8({ buffer, byteOffset, length }: Uint8Array): string {
  return Buffer.from(buffer, byteOffset, length).toString("utf8");
}
