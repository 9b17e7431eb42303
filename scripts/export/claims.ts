import { z } from "zod";
import { UsageError } from "../runner/errors.js";
import { markdownTable } from "./markdown.js";

const claimSchema = z.object({
  id: z.string(),
  what: z.string(),
  shown: z.string(),
  target: z.string(),
  baseline: z.object({ what: z.string(), shown: z.string() }).optional(),
  published: z
    .object({
      shown: z.string(),
      source: z.string(),
      url: z.string().optional(),
      met: z.boolean(),
      reason: z.string().optional(),
    })
    .optional(),
});

/** What the READMEs show of a claim. */
export type Claim = z.infer<typeof claimSchema>;

/** @throws UsageError which names the file and the field */
export function parseClaims(claims: unknown, name: string): Claim[] {
  const parsed = z.array(claimSchema).safeParse(claims);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new UsageError(`${name}: claims.${issue.path.map(String).join(".")}: ${issue.message}`);
}

/**
 * The claim that stands for its day: the one that the notebook's metadata names (`nn30.headline`), else the first with a
 * published number, else the first.
 *
 * @throws UsageError when there is no claim, or none of the name
 */
export function headlineClaim(claims: readonly Claim[], id: unknown, name: string): Claim {
  if (claims.length === 0) throw new UsageError(`${name}: expected at least one claim but the results have none`);
  if (id === undefined) return claims.find(({ published }) => published !== undefined) ?? claims[0];
  const named = claims.find((claim) => claim.id === id);
  if (named) return named;
  throw new UsageError(
    `${name}: metadata.nn30.headline: expected a claim of the notebook (${claims.map((claim) => claim.id).join(", ")}) ` +
      `but got ${JSON.stringify(id)}`,
  );
}

/** Where a published number comes from, as a link if it has an address. */
export function publishedSource({ source, url }: { source: string; url?: string }): string {
  return url === undefined ? source : `[${source}](${url})`;
}

/** `✓`, or `✗` for a published number that is missed; empty without one. */
export function metMark({ published }: Claim): string {
  return published === undefined ? "" : published.met ? "✓" : "✗";
}

/** All claims as a Markdown table. Columns that would be empty are left out. */
export function claimsTable(claims: readonly Claim[]): string {
  const columns: { head: string; side: "l" | "r"; cell: (claim: Claim) => string }[] = [
    { head: "Claim", side: "l", cell: ({ what }) => what },
    { head: "Value", side: "r", cell: ({ shown }) => shown },
    { head: "Target", side: "l", cell: ({ target }) => `${target} ✓` },
    { head: "Baseline", side: "l", cell: ({ baseline }) => (baseline ? `${baseline.shown} (${baseline.what})` : "") },
    {
      head: "Published",
      side: "l",
      cell: ({ published }) => (published ? `${published.shown} (${publishedSource(published)})` : ""),
    },
    {
      head: "Met",
      side: "l",
      cell: (claim) => [metMark(claim), claim.published?.reason].filter(Boolean).join(" "),
    },
  ];
  const used = columns.filter(({ cell }) => claims.some((claim) => cell(claim) !== ""));
  return markdownTable(
    used.map(({ head }) => head),
    claims.map((claim) => used.map(({ cell }) => cell(claim))),
    used.map(({ side }) => side).join(""),
  );
}
