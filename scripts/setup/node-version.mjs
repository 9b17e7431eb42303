// Loaded before anything else, also by Node versions that we do not support: plain syntax, no imports.

/** Oldest minor version of each major that the project's tools (jsdom, ESLint) run on; newer majors serve as well. */
var OLDEST_MINOR = { 20: 19, 22: 13, 24: 0 };

/**
 * Says what is wrong with a Node version, or nothing when it serves.
 *
 * @param {string} version as in `process.version`, for example "v18.19.0"
 * @returns {string | undefined} a sentence for the reader
 */
export function nodeVersionProblem(version) {
  var numbers = version.replace(/^v/, "").split(".").map(Number);
  var serves = numbers[0] > 24 || numbers[1] >= /** @type {Record<number, number>} */ (OLDEST_MINOR)[numbers[0]];
  if (serves) return undefined;
  return (
    "Node " +
    version.replace(/^v/, "") +
    " does not serve: this project needs Node 20.19, 22.13, 24 or newer. Install the current LTS release from nodejs.org, or with a version manager: `nvm install --lts`."
  );
}
