// Loaded before anything else, also by Node versions that we do not support: plain syntax, no imports.

/** Oldest Node that the project's tools run on, as [major, minor]. */
export var OLDEST_NODE = [20, 17];

/**
 * Says what is wrong with a Node version, or nothing when it serves.
 *
 * @param {string} version as in `process.version`, for example "v18.19.0"
 * @returns {string | undefined} a sentence for the reader
 */
export function nodeVersionProblem(version) {
  var numbers = version.replace(/^v/, "").split(".").map(Number);
  var serves = numbers[0] > OLDEST_NODE[0] || (numbers[0] === OLDEST_NODE[0] && numbers[1] >= OLDEST_NODE[1]);
  if (serves) return undefined;
  return (
    "Node " +
    version.replace(/^v/, "") +
    " is too old: this project needs Node " +
    OLDEST_NODE.join(".") +
    " or newer. Install the current LTS release from nodejs.org, or with a version manager: `nvm install --lts`."
  );
}
