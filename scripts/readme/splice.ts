/** A part of a file between `<!-- name:start -->` and `<!-- name:end -->`. */
interface Section {
  start: number;
  end: number;
}

function find(text: string, name: string, file: string): Section {
  const at = (marker: string): number => {
    const first = text.indexOf(marker);
    if (first < 0) throw new RangeError(`${file}: the marker ${marker} is missing`);
    if (text.includes(marker, first + marker.length))
      throw new RangeError(`${file}: the marker ${marker} is there twice`);
    return first;
  };
  const opening = `<!-- ${name}:start -->`;
  const start = at(opening) + opening.length;
  const end = at(`<!-- ${name}:end -->`);
  if (end < start) throw new RangeError(`${file}: the marker <!-- ${name}:end --> comes before its start`);
  return { start, end };
}

/**
 * What lies between the markers of a section, line ends normalised to `\n`.
 *
 * @throws RangeError where a marker is missing, doubled or out of order
 */
export function section(text: string, name: string, file: string): string {
  const { start, end } = find(text, name, file);
  return text.slice(start, end).replaceAll("\r\n", "\n").trim();
}

/**
 * Replaces what lies between the markers of a section and nothing else. Inserted lines end as the line of the opening
 * marker does.
 *
 * @throws RangeError where a marker is missing, doubled or out of order
 */
export function splice(text: string, name: string, content: string, file: string): string {
  const { start, end } = find(text, name, file);
  const newline = /^[^\n]*\r\n/.test(text.slice(start)) ? "\r\n" : "\n";
  const lines = ["", ...content.split("\n"), ""].join(newline);
  return text.slice(0, start) + lines + text.slice(end);
}
