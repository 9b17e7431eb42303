import type { TypeScriptPatch, WatchHost } from "./tslab-modules.js";

const NOTHING = { close: (): void => undefined };

/**
 * Keeps tslab's compiler from watching packages.
 *
 * When a package changes, as during an `npm install`, TypeScript arms a second timer beside the one that compiles, and
 * tslab, which knows one, fails every cell from then on ("Unexpected pending rebuildTimer"). A running kernel has loaded
 * its packages for good, so there is nothing to watch for. Source files beside the notebook are still watched.
 */
export function withoutPackageWatching(patch: TypeScriptPatch): TypeScriptPatch {
  return (original) => {
    const { createWatchCompilerHost, ...others } = patch(original);
    return {
      ...others,
      createWatchCompilerHost: (...args): WatchHost => {
        const host = createWatchCompilerHost(...args);
        const watchFile = host.watchFile.bind(host);
        return Object.assign(host, {
          watchDirectory: () => NOTHING,
          watchFile: (...request: Parameters<WatchHost["watchFile"]>) =>
            request[0].endsWith("/package.json") ? NOTHING : watchFile(...request),
        });
      },
    };
  };
}
