/** A number in the prose that is not what its claim says. */
export interface ProseMismatch {
  /** Index of the cell in the notebook, from 0. */
  cellIndex: number;
  /** Line of the cell, from 1. */
  line: number;
  reason: string;
}

interface ProseCell {
  cell_type: string;
  source: string | readonly string[];
}

interface ShownClaim {
  id: string;
  shown: string;
  baseline?: { shown: string };
  published?: { shown: string };
}

// [95.26 %](#claim-test-accuracy), [22.25 %](#claim-test-accuracy-baseline), [95.42 %](#claim-test-accuracy-published)
const LINK = /\[([^\]]+)\]\(#claim-([a-z0-9-]+?)(-baseline|-published)?\)/g;

/**
 * Compares every number in the prose that links to a claim with what the claim shows, so that no sentence can outlive
 * the run that it was written from.
 *
 * @param cells - All cells of the notebook.
 * @param claims - What the run claimed.
 * @returns Every link whose text differs from its claim, or whose claim does not exist.
 */
export function proseMismatches(cells: readonly ProseCell[], claims: readonly ShownClaim[]): ProseMismatch[] {
  const known = new Map(claims.map((claim) => [claim.id, claim]));
  return cells.flatMap((cell, cellIndex) => {
    if (cell.cell_type !== "markdown") return [];
    const source = typeof cell.source === "string" ? cell.source : cell.source.join("");
    return [...source.matchAll(LINK)].flatMap(({ 0: link, 1: text, 2: id, 3: part, index }) => {
      const line = source.slice(0, index).split("\n").length;
      const mismatch = (reason: string): ProseMismatch[] => [{ cellIndex, line, reason }];
      const claim = known.get(id);
      if (!claim) return mismatch(`${link} links to claim "${id}", which this notebook does not state`);
      const expected = part === "-baseline" ? claim.baseline : part === "-published" ? claim.published : claim;
      if (!expected) return mismatch(`${link}: claim "${id}" has no ${part.slice(1)} number`);
      if (text.replaceAll("\\", "") === expected.shown) return [];
      return mismatch(`the prose says ${text} where claim "${id}" shows ${expected.shown}`);
    });
  });
}
