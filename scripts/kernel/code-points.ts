/** Jupyter counts positions in Unicode characters, JavaScript in UTF-16 units; they differ after an emoji. */

export function toUtf16(text: string, codePoints: number): number {
  let units = 0;
  for (const character of text) {
    if (codePoints-- <= 0) break;
    units += character.length;
  }
  return units;
}

export function toCodePoints(text: string, units: number): number {
  return Array.from(text.slice(0, units)).length;
}
