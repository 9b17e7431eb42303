// Sets up whatever this checkout still lacks, and does nothing (in well under half a second) when it lacks
// nothing. First step of `npm start`, `npm test` and `npm run lab`; runs before any npm package exists.
//
// This entry is written for old Node on purpose (no static imports, no new syntax), so that a Node that is too
// old gets a sentence instead of a syntax error.

import("./setup/node-version.mjs")
  .then(function (module) {
    var problem = module.nodeVersionProblem(process.version);
    if (problem) {
      console.error("set-up: " + problem);
      process.exitCode = 1;
      return undefined;
    }
    return import("./setup/main.mjs").then(function (main) {
      return main.main(process.argv.slice(2)).then(function (/** @type {number} */ code) {
        process.exitCode = code;
      });
    });
  })
  .catch(function (error) {
    console.error("set-up: unexpected error, please report it:\n" + ((error && error.stack) || error));
    process.exitCode = 1;
  });
